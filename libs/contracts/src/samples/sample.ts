import { z } from 'zod';
import { blendshapeNames, poseAngles, sampleMeasures, samplesPerMessage, type Measure } from '#libs/kernel';
import type { DeepReadonly } from '../event-map.js';
import { deviceTimeSchema, idSchema } from '../scalars.js';

/** What measured a sample. */
export const sampleSources = ['mediapipe', 'human', 'webgazer', 'attune'] as const;

export type SampleSource = (typeof sampleSources)[number];

const share = z.number().min(0).max(1);

function number({ name, low, high }: Measure): z.ZodNumber {
  return z
    .number(`${name} must be a finite number`)
    .min(low, `${name} must be at least ${low}`)
    .max(high, `${name} must be at most ${high}`);
}

const { pose, gaze, eye, hands, body } = sampleMeasures;

/** Two angles are no pose, and a place needs all three distances. */
const poseSchema = z
  .tuple([
    number(pose[0]),
    number(pose[1]),
    number(pose[2]),
    number(pose[3]).optional(),
    number(pose[4]).optional(),
    number(pose[5]).optional(),
  ])
  .refine(
    (numbers) => [poseAngles, pose.length].includes(numbers.length) && !numbers.includes(undefined),
    'must be yaw, pitch and roll, or these with tx, ty and tz',
  );

/** What is told of a face, and so of none where there is none. */
const ofFace = ['bs', 'pose', 'gaze', 'eye'] as const;

/**
 * One look at a learner, without a picture and without anything that tells who she is. What a source does not measure
 * is null. `q`: how well the face was seen; 0 where there is none. The numbers, their units and signs:
 * `sampleMeasures`.
 */
export const sampleSchema = z
  .strictObject({
    v: z.literal(1),
    t: deviceTimeSchema,
    src: z.enum(sampleSources),
    face: z.boolean(),
    q: share,
    bs: z
      .array(share)
      .length(blendshapeNames.length, `must be ${blendshapeNames.length} blendshapes, _neutral first`)
      .nullable(),
    pose: poseSchema.nullable(),
    gaze: z.tuple([number(gaze[0]), number(gaze[1]), number(gaze[2])]).nullable(),
    eye: z.tuple([number(eye[0]), number(eye[1])]).nullable(),
    hands: z.tuple([number(hands[0]), number(hands[1]), number(hands[2]), number(hands[3])]).nullable(),
    body: z.tuple([number(body[0]), number(body[1]), number(body[2]), number(body[3])]).nullable(),
  })
  .superRefine((sample, context) => {
    if (sample.face) return;
    for (const part of ofFace) {
      if (sample[part] !== null)
        context.addIssue({ code: 'custom', path: [part], message: 'must be null without a face' });
    }
    if (sample.q !== 0) context.addIssue({ code: 'custom', path: ['q'], message: 'must be 0 without a face' });
  });

export type Sample = DeepReadonly<z.output<typeof sampleSchema>>;

/**
 * Hands samples of a session over, in any order; the same id with the same body is the same message. `at`: when it was
 * made, by the clock that the samples are told by, from which the server learns how far that clock is off.
 */
export const engagementSamplesSchema = z.strictObject({
  id: idSchema,
  sessionId: idSchema,
  samples: z.array(sampleSchema).min(1).max(samplesPerMessage),
  at: deviceTimeSchema,
});
