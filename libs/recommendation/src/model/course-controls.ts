import { z } from 'zod';

const id = z.string().min(1).max(200);
const at = z.number().int();

/** An activity that comes next, for one learner or for all, as long as it has not been done. */
const pinSchema = z.strictObject({
  activityId: id,
  /** The learner's pseudonym; left out for everybody. */
  forLearner: id.optional(),
  /** Unix milliseconds from which on it is pinned no more; left out for no end. */
  until: at.optional(),
});

/** A date by which an activity should be done, or a skill mastered. Unix milliseconds. */
const dueDateSchema = z.union([z.strictObject({ activityId: id, at }), z.strictObject({ skillId: id, at })]);

/** How many of each the teachers of a course may set. */
export const controlLimits = { pinned: 1_000, banned: 10_000, order: 1_000, due: 1_000 } as const;

/** What the teachers of a course have set, as stored: see {@link CourseControls}. */
export const courseControlsSchema = z.strictObject({
  version: z.literal(1),
  pinned: z.array(pinSchema).max(controlLimits.pinned),
  banned: z.array(id).max(controlLimits.banned),
  order: z.array(id).max(controlLimits.order),
  due: z.array(dueDateSchema).max(controlLimits.due),
  masteryThreshold: z.number().min(0.5).max(0.99).nullable(),
});

export type Pin = Readonly<z.output<typeof pinSchema>>;
export type DueDate = Readonly<z.output<typeof dueDateSchema>>;

/**
 * What the teachers of a course have set. Plain JSON.
 *
 * `banned` never comes. Of what is `pinned` the first that is open comes before everything else. `order` keeps a learner to
 * the earliest of its skills that is open and not mastered. `due` makes what serves a date more urgent as it nears.
 * `masteryThreshold` stands in for the policy's; null leaves it. Where a course has a threshold of its own, as it has in
 * the platform, that is the one setting, and this stays null: it is for those who use the rules without a platform.
 */
export interface CourseControls {
  readonly version: 1;
  readonly pinned: readonly Pin[];
  readonly banned: readonly string[];
  readonly order: readonly string[];
  readonly due: readonly DueDate[];
  readonly masteryThreshold: number | null;
}

/** A course in which the teachers have set nothing. */
export function noControls(): CourseControls {
  return { version: 1, pinned: [], banned: [], order: [], due: [], masteryThreshold: null };
}

/** Reads stored controls and throws a `TypeError` that names the first thing wrong with them. */
export function parseCourseControls(json: unknown): CourseControls {
  const read = courseControlsSchema.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new TypeError(`Course controls: ${issue!.path.join('.')}: ${issue!.message}.`);
}
