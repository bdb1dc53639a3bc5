import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleMeasures, type Measure, type MeasureGroup } from '#libs/kernel';
import { decodeSamples, encodeSamples, sampleCodecError } from './sample-codec.js';
import { sampleSchema, sampleSources, type Sample } from './sample.js';
import { aSample } from './testing/a-sample.js';

const share = fc.double({ min: 0, max: 1, noNaN: true });

function numbers(measures: readonly Measure[]): fc.Arbitrary<number[]> {
  return fc.tuple(...measures.map(({ low, high }) => fc.double({ min: low, max: high, noNaN: true })));
}

function maybe(group: MeasureGroup): fc.Arbitrary<number[] | null> {
  return fc.option(numbers(sampleMeasures[group]));
}

/** Any sample that the schema takes, within ten minutes. */
function anySample(): fc.Arbitrary<Sample> {
  return fc
    .record({
      v: fc.constant(1),
      t: fc.integer({ min: 1_700_000_000_000, max: 1_700_000_600_000 }),
      src: fc.constantFrom(...sampleSources),
      face: fc.boolean(),
      q: share,
      bs: fc.option(fc.array(share, { minLength: 52, maxLength: 52 })),
      pose: fc.oneof(maybe('pose'), numbers(sampleMeasures.pose.slice(0, 3))),
      gaze: maybe('gaze'),
      eye: maybe('eye'),
      hands: maybe('hands'),
      body: maybe('body'),
    })
    .map((sample) =>
      sample.face ? sample : { ...sample, q: 0, bs: null, pose: null, gaze: null, eye: null },
    ) as fc.Arbitrary<Sample>;
}

const ofNobody = aSample({ face: false, q: 0, bs: null, pose: null, gaze: null, eye: null, hands: null, body: null });

const parts = ['bs', 'pose', 'gaze', 'eye', 'hands', 'body'] as const;

function decoded(bytes: Uint8Array): readonly Sample[] {
  const outcome = decodeSamples(bytes);
  if (outcome.kind === 'refused') throw new Error(`${outcome.reason} at ${outcome.byte}`);
  return outcome.samples;
}

describe('samples as bytes', () => {
  it('come back within half a step of each number', () => {
    fc.assert(
      fc.property(fc.array(anySample(), { minLength: 1, maxLength: 5 }), (samples) => {
        const back = decoded(encodeSamples(samples));
        expect(back.map(({ t, src, face }) => [t, src, face])).toEqual(
          samples.map(({ t, src, face }) => [t, src, face]),
        );
        samples.forEach((sample, index) => {
          expect(Math.abs(back[index]!.q - sample.q)).toBeLessThanOrEqual(sampleCodecError('q') * 1.000001);
          for (const part of parts) {
            expect(back[index]![part]?.length).toBe(sample[part]?.length);
            sample[part]?.forEach((number, place) => {
              const error = Math.abs(back[index]![part]![place]! - number!);
              expect(error).toBeLessThanOrEqual(sampleCodecError(part, place) * 1.000001);
            });
          }
          expect(sampleSchema.safeParse(back[index]).error).toBeUndefined();
        });
        expect(encodeSamples(back)).toEqual(encodeSamples(samples));
      }),
    );
  });

  it('keep what counts: percents, tenths of degrees, half millimetres', () => {
    expect(sampleCodecError('bs', 3)).toBeLessThan(0.002);
    expect(sampleCodecError('pose', 0) * (180 / Math.PI)).toBeLessThan(0.002);
    expect(sampleCodecError('pose', 3)).toBeLessThan(0.02);
    const still = aSample({ gaze: [0, 0, 1], pose: [0, 0, 0, 0, 0, 0], q: 1 });
    expect(decoded(encodeSamples([still]))[0]).toMatchObject({ gaze: [0, 0, 1], pose: [0, 0, 0, 0, 0, 0], q: 1 });
  });

  it('take 76 each for what MediaPipe says of a face, and little for nobody', () => {
    const ofFace = aSample({ hands: null, body: null });
    expect(encodeSamples([ofFace]).length).toBe(12 + 76);
    expect(encodeSamples([aSample(), ofNobody]).length).toBe(12 + 84 + 7);
  });

  it('are not made of none, of too many, or of times far apart', () => {
    expect(() => encodeSamples([])).toThrow(RangeError);
    expect(() => encodeSamples(Array.from({ length: 121 }, () => aSample()))).toThrow(RangeError);
    expect(() => encodeSamples([aSample(), aSample({ t: 1_800_000_000_000 })])).toThrow(RangeError);
  });
});

describe('bytes that are no samples', () => {
  const good = encodeSamples([aSample({ hands: null, body: null }), aSample()]);
  const changed = (place: number, byte: number): Uint8Array => good.with(place, byte);

  it.each([
    ['nothing', new Uint8Array(), 'cut-short', 0],
    ['text', new TextEncoder().encode('{"samples":[]}'), 'not-samples', 1],
    ['a later version', changed(2, 2), 'unknown-version', 3],
    ['none', changed(3, 0), 'wrong-number', 4],
    ['more than a message holds', changed(3, 121), 'wrong-number', 4],
    ['fewer than they say', good.slice(0, -1), 'cut-short', good.length - 1],
    ['more than they say', new Uint8Array([...good, 0]), 'too-long', good.length],
    ['a time that is none', changed(11, 0xff), 'wrong-time', 16],
    ['an unknown source', changed(17, 4), 'unknown-source', 18],
    ['a number beyond its end', changed(19, 255), 'out-of-range', 20],
    ['distances without a pose', changed(16, good[16]! & ~8), 'contradiction', 17],
    ['nobody, seen well', encodeSamples([ofNobody]).with(18, 200), 'contradiction', 19],
    ['eyes without a face', changed(16, good[16]! & ~1), 'contradiction', 17],
  ])('are refused: %s', (_, bytes, reason, byte) => {
    expect(decodeSamples(bytes)).toEqual({ kind: 'refused', reason, byte });
  });

  it('are refused, or say something that the schema takes', () => {
    const header = [...good.subarray(0, 12)];
    const hostile = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array([...header, ...bytes])),
      fc.tuple(fc.nat({ max: good.length - 1 }), fc.nat({ max: 255 })).map(([place, byte]) => changed(place, byte)),
    );
    fc.assert(
      fc.property(hostile, (bytes) => {
        const outcome = decodeSamples(bytes);
        if (outcome.kind === 'refused') return;
        for (const sample of outcome.samples) expect(sampleSchema.safeParse(sample).error).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('may lie anywhere in a larger buffer', () => {
    const larger = new Uint8Array(good.length + 7);
    larger.set(good, 3);
    expect(decoded(larger.subarray(3, 3 + good.length))).toEqual(decoded(good));
  });
});
