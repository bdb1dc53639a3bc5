import {
  blendshapeNames,
  poseAngles,
  sampleMeasures,
  samplesPerMessage,
  type Measure,
  type MeasureGroup,
} from '#libs/kernel';
import { deviceTimeSchema } from '../scalars.js';
import { sampleSources, type Sample } from './sample.js';

/** "AS", the version, the number of samples, and the earliest time as a float of 64 bits; all little-endian. */
const magic = [0x41, 0x53] as const;
const version = 1;
const headerBytes = 12;

/** Time since the earliest in milliseconds (32 bits), what there is (8 bits), the source (8 bits). */
const sampleHeaderBytes = 6;
const longestSpanMs = 2 ** 32 - 1;

/** Even numbers of steps, so that 0 and 1 of a share, and 0 of what goes both ways, are kept exactly. */
const byteSteps = 254;
const wordSteps = 65_534;

const isFace = 1;
const hasDistances = 2;
const hasPose = 8;
const share: Measure = { name: 'share', low: 0, high: 1, sideways: false };

interface Part {
  readonly name: 'bs' | MeasureGroup;
  readonly bit: number;
  readonly measures: readonly Measure[];
  readonly steps: number;
}

/** What a sample may have, in the order of its bytes. */
const parts: readonly Part[] = [
  { name: 'bs', bit: 4, measures: blendshapeNames.map(() => share), steps: byteSteps },
  { name: 'pose', bit: hasPose, measures: sampleMeasures.pose, steps: wordSteps },
  { name: 'gaze', bit: 16, measures: sampleMeasures.gaze, steps: byteSteps },
  { name: 'eye', bit: 32, measures: sampleMeasures.eye, steps: byteSteps },
  { name: 'hands', bit: 64, measures: sampleMeasures.hands, steps: byteSteps },
  { name: 'body', bit: 128, measures: sampleMeasures.body, steps: byteSteps },
];

const ofFace = parts.filter(({ name }) => name !== 'hands' && name !== 'body').reduce((bits, { bit }) => bits | bit, 0);

export type SamplesRefusal =
  | 'not-samples'
  | 'unknown-version'
  | 'wrong-number'
  | 'cut-short'
  | 'too-long'
  | 'wrong-time'
  | 'unknown-source'
  | 'out-of-range'
  | 'contradiction';

/** What bytes say: samples, or why they are none and at which byte. */
export type DecodedSamples =
  | { readonly kind: 'samples'; readonly samples: readonly Sample[] }
  | { readonly kind: 'refused'; readonly reason: SamplesRefusal; readonly byte: number };

/** How far a number may be from what it was before it was encoded: half a step. */
export function sampleCodecError(part: 'q' | 'bs' | MeasureGroup, index = 0): number {
  const { measures, steps } = parts.find(({ name }) => name === part) ?? { measures: [share], steps: byteSteps };
  const { low, high } = measures[index]!;
  return (high - low) / steps / 2;
}

/**
 * Samples as bytes: 12 for all, then for each 7, and besides them 52 for blendshapes, 12 for a pose (6 without
 * distances), 3 for gaze, 2 for eyes, 4 for hands and 4 for a body: 76 for a face that MediaPipe sees, 84 at most,
 * where JSON takes some 460. Times are kept, numbers are rounded as `sampleCodecError` says. Takes what the schema of
 * samples takes; throws a `RangeError` for none or more than 120, and for times more than 49 days apart.
 */
export function encodeSamples(samples: readonly Sample[]): Uint8Array {
  if (samples.length === 0 || samples.length > samplesPerMessage)
    throw new RangeError(`Samples are encoded by 1 to ${samplesPerMessage}, not ${samples.length}.`);
  const start = Math.min(...samples.map(({ t }) => t));
  if (samples.some(({ t }) => !(t - start <= longestSpanMs)))
    throw new RangeError('Samples more than 49 days apart are not encoded together.');
  const bytes = new Uint8Array(headerBytes + samples.reduce((sum, sample) => sum + bytesOf(sample), 0));
  const view = new DataView(bytes.buffer);
  bytes.set([...magic, version, samples.length]);
  view.setFloat64(4, start, true);
  let at = headerBytes;
  const put = (number: number, { low, high }: Measure, steps: number): void => {
    const step = Math.round(((number - low) / (high - low)) * steps);
    if (steps === byteSteps) view.setUint8(at, step);
    else view.setUint16(at, step, true);
    at += bytesFor(steps);
  };
  for (const sample of samples) {
    view.setUint32(at, sample.t - start, true);
    view.setUint8(at + 4, bitsOf(sample));
    view.setUint8(at + 5, sampleSources.indexOf(sample.src));
    at += sampleHeaderBytes;
    put(sample.q, share, byteSteps);
    for (const { name, measures, steps } of parts)
      (sample[name] ?? []).forEach((number, index) => put(number!, measures[index]!, steps));
  }
  return bytes;
}

/**
 * Reads what {@link encodeSamples} wrote. Whatever the bytes are, it gives samples that the schema takes, or a refusal.
 */
export function decodeSamples(bytes: Uint8Array): DecodedSamples {
  const reader = new Reader(bytes);
  const samples = readSamples(reader);
  return reader.refused ?? { kind: 'samples', samples };
}

function readSamples(reader: Reader): Sample[] {
  for (const byte of magic) reader.check(reader.byte() === byte, 'not-samples');
  reader.check(reader.byte() === version, 'unknown-version');
  const count = reader.byte();
  reader.check(count > 0 && count <= samplesPerMessage, 'wrong-number');
  const start = reader.float64();
  const samples: Sample[] = [];
  while (samples.length < count && reader.refused === null) samples.push(readSample(reader, start));
  reader.check(reader.isAtEnd, 'too-long');
  return samples;
}

function readSample(reader: Reader, start: number): Sample {
  const t = start + reader.uint32();
  reader.check(deviceTimeSchema.safeParse(t).success, 'wrong-time');
  const bits = reader.byte();
  const face = (bits & isFace) !== 0;
  const isWithDistances = (bits & hasDistances) !== 0;
  reader.check(face || (bits & ofFace) === 0, 'contradiction');
  reader.check((bits & hasPose) !== 0 || !isWithDistances, 'contradiction');
  const src = sampleSources[reader.byte()];
  reader.check(src !== undefined, 'unknown-source');
  const q = reader.measure(share, byteSteps);
  reader.check(face || q === 0, 'contradiction');
  const read: Partial<Record<Part['name'], number[] | null>> = {};
  for (const { name, bit, measures, steps } of parts) {
    const present = name === 'pose' && !isWithDistances ? measures.slice(0, poseAngles) : measures;
    read[name] = (bits & bit) === 0 ? null : present.map((each) => reader.measure(each, steps));
  }
  return { v: 1, t, src: src!, face, q, ...(read as Pick<Sample, Part['name']>) };
}

function bitsOf(sample: Sample): number {
  const distances = sample.pose !== null && sample.pose.length > poseAngles ? hasDistances : 0;
  return parts.reduce(
    (bits, { name, bit }) => (sample[name] === null ? bits : bits | bit),
    (sample.face ? isFace : 0) | distances,
  );
}

function bytesOf(sample: Sample): number {
  return parts.reduce(
    (sum, { name, steps }) => sum + (sample[name]?.length ?? 0) * bytesFor(steps),
    sampleHeaderBytes + bytesFor(byteSteps),
  );
}

function bytesFor(steps: number): number {
  return steps === byteSteps ? 1 : 2;
}

/** Reads numbers one after another. From the first refusal on, which it keeps, all of them are 0. */
class Reader {
  refused: Extract<DecodedSamples, { kind: 'refused' }> | null = null;
  private at = 0;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.at === this.view.byteLength;
  }

  /** Refuses, for what was read last, where something does not hold. */
  check(holds: boolean, reason: SamplesRefusal): void {
    if (!holds) this.refused ??= { kind: 'refused', reason, byte: this.at };
  }

  byte(): number {
    return this.take(1) ? this.view.getUint8(this.at - 1) : 0;
  }

  uint16(): number {
    return this.take(2) ? this.view.getUint16(this.at - 2, true) : 0;
  }

  uint32(): number {
    return this.take(4) ? this.view.getUint32(this.at - 4, true) : 0;
  }

  float64(): number {
    return this.take(8) ? this.view.getFloat64(this.at - 8, true) : 0;
  }

  measure({ low, high }: Measure, steps: number): number {
    const step = steps === byteSteps ? this.byte() : this.uint16();
    this.check(step <= steps, 'out-of-range');
    return Math.min(high, low + (step / steps) * (high - low));
  }

  private take(bytes: number): boolean {
    this.check(this.at + bytes <= this.view.byteLength, 'cut-short');
    if (this.refused !== null) return false;
    this.at += bytes;
    return true;
  }
}
