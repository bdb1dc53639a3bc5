import { blendshapeNames, sampleMeasures, type MeasureGroup } from '#libs/kernel';

/**
 * A window: 10 s at 4 Hz, a new one every 2 s. What models take is 40 × 76 numbers of 32 bits, the oldest step first.
 */
export const windowShape = {
  steps: 40,
  channels: 76,
  stepMs: 250,
  hopMs: 2_000,
  /** For so long a sample stands for what was not heard after it. */
  holdMs: 1_000,
} as const;

/** Milliseconds from the start of a window to its end. */
export const windowMs = windowShape.steps * windowShape.stepMs;

/**
 * One column of a window: `clamp(number · scale + offset, low, high)` of a number of the sample; 0 where it is not
 * known.
 */
export interface Channel {
  /** `present`, `bs.jawOpen`, `pose.yaw`. */
  readonly name: string;
  /** The part of the sample, and the place in it; `known` are what is told of the sample itself. */
  readonly part: 'known' | 'bs' | MeasureGroup;
  readonly index: number;
  readonly scale: number;
  readonly offset: number;
  readonly low: number;
  readonly high: number;
  /** What it is in a mirror: another channel, or itself, perhaps with the other sign. */
  readonly mirror: { readonly channel: number; readonly sign: 1 | -1 };
}

type Scale = readonly [scale: number, offset: number, low: number, high: number];

const share: Scale = [1, 0, 0, 1];
const signed: Scale = [1, 0, -1, 1];
const angle: Scale = [2 / Math.PI, 0, -1, 1];
/** Half a metre is 1. */
const beside: Scale = [1 / 50, 0, -1, 1];

/** Of the sample itself: a step that was neither heard nor held is 0 throughout. */
const known = ['present', 'face', 'q', 'hasBlendshapes', 'hasPose'] as const;

/** By the order of `sampleMeasures`. Fixed, so that a model meets the same numbers in every school. */
const scales: Readonly<Record<MeasureGroup, readonly Scale[]>> = {
  pose: [angle, angle, angle, beside, beside, [1 / 100, 0, 0, 2]],
  gaze: [signed, signed, [2, -1, -1, 1]],
  eye: [share, share],
  hands: [share, share, share, share],
  body: [angle, signed, [1, 0, 0, 2], share],
};

/**
 * The 76 channels of a window:
 *
 * - 0 `present`: 1 where a sample was heard in the step, or not more than 1 s before its end
 * - 1, 2 `face`: 1 where there is one; `q`, 0 to 1: how well it was seen
 * - 3, 4 `hasBlendshapes`, `hasPose`: 1 where they were measured, so that a 0 is not taken for a straight look
 * - 5 to 56 `bs.*`, 0 to 1: the blendshapes, `_neutral` first
 * - 57 to 59 `pose.yaw`, `pitch`, `roll`, −1 to 1: quarter turns
 * - 60 to 62 `pose.tx`, `ty`, −1 to 1: half metres; `tz`, 0 to 2: metres, 0 where no distance is known
 * - 63 to 65 `gaze.h`, `v`, −1 to 1; `onScreen`: −1 surely not, 0 not known, 1 surely
 * - 66, 67 `eye.blink`, `ear`, 0 to 1
 * - 68 to 71 `hands.seen`, `raised`, `atFace`, `fingers`, 0 to 1
 * - 72 to 75 `body.tilt`, −1 to 1: quarter turns; `lean`, −1 to 1; `height`, 0 to 2; `width`, 0 to 1, 0 where no body
 *   is known
 *
 * Everything that knows where a number stands asks this table.
 */
export const windowChannels: readonly Channel[] = withMirrors([
  ...known.map((name, index) => channel(name, 'known', index, share, 1)),
  ...blendshapeNames.map((name, index) => channel(`bs.${name}`, 'bs', index, share, 1)),
  ...(Object.keys(sampleMeasures) as MeasureGroup[]).flatMap((group) =>
    sampleMeasures[group].map(({ name, sideways }, index) =>
      channel(`${group}.${name}`, group, index, scales[group][index]!, sideways ? -1 : 1),
    ),
  ),
]);

/** Where the steps of a window say whether there was a sample, a face, and how well it was seen. */
export const presentChannel = channelOf('present');
export const faceChannel = channelOf('face');
export const qualityChannel = channelOf('q');

/** The place of a channel; throws a `RangeError` for a name that none has. */
export function channelOf(name: string): number {
  const place = windowChannels.findIndex((each) => each.name === name);
  if (place < 0) throw new RangeError(`There is no channel ${name}.`);
  return place;
}

type Unmirrored = Omit<Channel, 'mirror'> & { readonly sign: 1 | -1 };

function channel(
  name: string,
  part: Channel['part'],
  index: number,
  [scale, offset, low, high]: Scale,
  sign: 1 | -1,
): Unmirrored {
  return { name, part, index, scale, offset, low, high, sign };
}

/** `bs.mouthLeft` and `bs.mouthRight` change places; what goes sideways changes its sign. */
function withMirrors(channels: readonly Unmirrored[]): Channel[] {
  const places = new Map(channels.map(({ name }, place) => [name, place]));
  const inMirror = (name: string): string =>
    name.replace(/(Left|Right)$/, (side) => (side === 'Left' ? 'Right' : 'Left'));
  return channels.map(({ sign, ...each }) => ({
    ...each,
    mirror: { channel: places.get(inMirror(each.name))!, sign },
  }));
}

/** Why a window may not be judged. */
export type AbstainReason = 'no-samples' | 'too-few-samples' | 'away' | 'face-seldom-seen' | 'face-badly-seen';

/** How much a window rests on; each is 0 to 1. */
export interface WindowQuality {
  /** Product of the other three. */
  readonly score: number;
  /** Share of the steps that have a sample. */
  readonly coverage: number;
  /** Share of these with a face. */
  readonly faceShare: number;
  /** Mean of how well that was seen. */
  readonly clarity: number;
}

/** What was heard of a learner in 10 s. */
export interface Window {
  /** End of the last step, by the clock of the device, in Unix milliseconds. Nothing later is in it. */
  readonly endAt: number;
  /** 40 × 76, the oldest step first, one step after another. */
  readonly features: Float32Array;
  readonly quality: WindowQuality;
  /** Null where it may be judged. */
  readonly abstain: AbstainReason | null;
}
