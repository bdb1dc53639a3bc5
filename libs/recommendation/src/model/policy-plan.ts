import { z } from 'zod';

const armSchema = z.strictObject({
  /** The policy, by name and version. */
  policy: z.strictObject({ name: z.string().min(1), version: z.number().int().min(1) }),
  /** Share of the learners, 0 to 1. */
  share: z.number().min(0).max(1),
});

/** A plan as stored: see {@link PolicyPlan}. */
export const policyPlanSchema = z
  .strictObject({
    version: z.literal(1),
    arms: z.array(armSchema).min(1).max(20),
    salt: z.string().min(1).max(200),
    notice: z.literal(true),
    startsAt: z.number().int(),
    endsAt: z.number().int().nullable(),
  })
  .refine(({ arms }) => Math.abs(arms.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-9, 'shares do not sum to 1')
  .refine(({ startsAt, endsAt }) => endsAt === null || startsAt < endsAt, 'it ends before it starts');

export type PolicyArm = Readonly<z.output<typeof armSchema>>;

/**
 * Which policies choose in a course, as data. The first arm is the control: it chooses before and after the plan, and for
 * whoever opted out.
 */
export interface PolicyPlan {
  readonly version: 1;
  readonly arms: readonly PolicyArm[];
  /** Makes learners fall otherwise than in another plan. */
  readonly salt: string;
  /** Learners have been told, and how to opt out: there is no plan without. */
  readonly notice: true;
  /** Unix milliseconds; `endsAt` null for no end. */
  readonly startsAt: number;
  readonly endsAt: number | null;
}

/** Reads a stored plan and throws a `TypeError` that names the first thing wrong with it. */
export function parsePolicyPlan(json: unknown): PolicyPlan {
  const read = policyPlanSchema.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new TypeError(`Policy plan: ${[...issue!.path, issue!.message].join(': ')}.`);
}
