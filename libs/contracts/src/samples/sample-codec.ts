import {
  blendshapeNames,
  poseAngles,
  sampleMeasures,
  samplesPerMessage,
  type Measure,
  type MeasureGroup,
} from '#libs/kernel';
import { deviceTimeSchema } from '../scalars.js';
import { sampleSources, type Sample, type SampleSource } from './sample.js';

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
 * Samples as bytes: 12 for all, then for each 7, and besides them 52 for blendshapes, 12 for a pose (6 without distances),
 * 3 for gaze, 2 for eyes, 4 for hands and 4 for a body: 76 for a face that MediaPipe sees, 84 at most, where JSON takes some
 * 460. Times are kept, numbers are rounded as `sampleCodecError` says. Takes what the schema of samples takes; throws a
 * `RangeError` for none or more than 120, and for times more than 49 days apart.
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

/** Reads what {@link encodeSamples} wrote. Whatever the bytes are, it gives samples that the schema takes, or a refusal. */
export function decodeSamples(bytes: Uint8Array): DecodedSamples {
  const reader = new Reader(bytes);
  try {
    return { kind: 'samples', samples: samplesIn(reader) };
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', reason: error.reason, byte: error.byte };
    throw error;
  }
}

function samplesIn(reader: Reader): Sample[] {
  for (const byte of magic) if (reader.byte() !== byte) throw reader.refusal('not-samples');
  if (reader.byte() !== version) throw reader.refusal('unknown-version');
  const count = reader.byte();
  if (count === 0 || count > samplesPerMessage) throw reader.refusal('wrong-number');
  const start = reader.float64();
  const samples = Array.from({ length: count }, () => readSample(reader, start));
  if (!reader.isAtEnd) throw reader.refusal('too-long');
  return samples;
}

function readSample(reader: Reader, start: number): Sample {
  const t = start + reader.uint32();
  if (!deviceTimeSchema.safeParse(t).success) throw reader.refusal('wrong-time');
  const bits = reader.byte();
  const face = (bits & isFace) !== 0;
  const isWithDistances = (bits & hasDistances) !== 0;
  if ((!face && (bits & ofFace) !== 0) || (isWithDistances && (bits & hasPose) === 0))
    throw reader.refusal('contradiction');
  const src = sampleSources[reader.byte()] as SampleSource | undefined;
  if (src === undefined) throw reader.refusal('unknown-source');
  const q = reader.measure(share, byteSteps);
  if (!face && q !== 0) throw reader.refusal('contradiction');
  const read: Partial<Record<Part['name'], number[] | null>> = {};
  for (const { name, bit, measures, steps } of parts) {
    const present = name === 'pose' && !isWithDistances ? measures.slice(0, poseAngles) : measures;
    read[name] = (bits & bit) === 0 ? null : present.map((each) => reader.measure(each, steps));
  }
  return { v: 1, t, src, face, q, ...(read as Pick<Sample, Part['name']>) };
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

/** Leaves the reading of bytes wherever it stands; it goes no further than this file. */
class Refused extends Error {
  constructor(
    readonly reason: SamplesRefusal,
    readonly byte: number,
  ) {
    super(reason);
  }
}

class Reader {
  private at = 0;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isAtEnd(): boolean {
    return this.at === this.view.byteLength;
  }

  /** A refusal of what was read last. */
  refusal(reason: SamplesRefusal): Refused {
    return new Refused(reason, this.at);
  }

  byte(): number {
    return this.view.getUint8(this.take(1));
  }

  uint32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  float64(): number {
    return this.view.getFloat64(this.take(8), true);
  }

  measure({ low, high }: Measure, steps: number): number {
    const step = steps === byteSteps ? this.byte() : this.view.getUint16(this.take(2), true);
    if (step > steps) throw this.refusal('out-of-range');
    return Math.min(high, low + (step / steps) * (high - low));
  }

  private take(bytes: number): number {
    const at = this.at;
    if (at + bytes > this.view.byteLength) throw this.refusal('cut-short');
    this.at += bytes;
    return at;
  }
}
