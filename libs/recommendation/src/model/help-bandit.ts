import { z } from 'zod';
import type { ActivityKind, Modality } from '#libs/learning';

/** A kind of help through a modality: what the help bandit chooses among. */
export interface HelpOption {
  readonly kind: ActivityKind | 'break';
  readonly modality: Modality | 'none';
}

/** An option that could have been drawn. */
export interface DrawnHelpOption extends HelpOption {
  /** The probability with which it is drawn: its propensity. */
  readonly probability: number;
  /** Mean of its posterior: the reward to be expected. */
  readonly expected: number;
}

/** What help is for: a skill, and, where it is known, the item that the learner was on. */
export interface HelpPlace {
  readonly skillId: string;
  readonly itemId?: string;
}

/** How an option has done: its rewards, summed, and how often it was tried. */
export type HelpTally = readonly [reward: number, tries: number];

/** Option, as {@link helpKey} writes it, → how it has done. */
export type HelpTallies = Readonly<Record<string, HelpTally>>;

/**
 * How help has done in one course, with all learners: per item, per skill and in all. Plain JSON, never mutated. What is
 * counted for an item is counted for its skill and for the course as well.
 */
export interface HelpBanditState {
  readonly version: 1;
  readonly course: HelpTallies;
  /** Skill id → how options have done there, and on its items by their ids. */
  readonly skills: Readonly<
    Record<string, { readonly all: HelpTallies; readonly items: Readonly<Record<string, HelpTallies>> }>
  >;
}

/** Before any help was given. */
export function emptyHelpBandit(): HelpBanditState {
  return { version: 1, course: {}, skills: {} };
}

/** An option as a key of JSON: `explanation:text`. */
export function helpKey({ kind, modality }: HelpOption): string {
  return `${kind}:${modality}`;
}

const tally = z
  .tuple([z.number().min(0), z.number().int().min(0)])
  .refine(([reward, tries]) => reward <= tries, 'more reward than tries');
const tallies = z.record(z.string(), tally);
const banditSchema = z.strictObject({
  version: z.literal(1),
  course: tallies,
  skills: z.record(z.string(), z.strictObject({ all: tallies, items: z.record(z.string(), tallies) })),
});

/** Reads a stored state and throws a `TypeError` that names the first thing wrong with it. */
export function parseHelpBandit(json: unknown): HelpBanditState {
  const read = banditSchema.safeParse(json);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new TypeError(`Help bandit state: ${issue!.path.join('.')}: ${issue!.message}.`);
}
