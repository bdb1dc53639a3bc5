import {
  decodePopulation,
  priorPopulation,
  priorSnapshot,
  skillsOf,
  StreamedModel,
  type StudentModel,
  type TracedResponse,
} from '#libs/mastery';
import {
  emptyHelpBandit,
  parseHelpBandit,
  policies as policiesInCode,
  policyPlanSchema,
  readPolicy,
  type StoredPolicy,
} from '#libs/recommendation';
import type { CatalogueActivity, CatalogueSkill, CourseCatalogue } from '../model/course-catalogue.js';
import { occurredAt } from './occurred-at.js';
import type { ReplayedResponse } from './replay.js';

/** Population weights as they are stored. */
export interface StoredSnapshot {
  readonly number: number;
  readonly population: Uint8Array;
}

/** How help has done in a course, as it is stored; nothing is known where there is nothing. */
export function courseHelp(
  stored: { readonly number: number; readonly state: unknown } | null,
): CourseCatalogue['help'] {
  if (stored === null) return { number: 0, bandit: emptyHelpBandit() };
  return { number: stored.number, bandit: parseHelpBandit(stored.state) };
}

/**
 * The policies of a course and which of them choose, as they are stored. What can no longer be read is left out: then the
 * default chooses, and lessons go on.
 */
export function coursePolicies(
  stored: readonly StoredPolicy[],
  plan: unknown,
): Pick<CourseCatalogue, 'policies' | 'plan'> {
  return {
    policies: stored.flatMap((each) => {
      const reading = readPolicy(each, policiesInCode);
      return reading.kind === 'policy' ? [reading.policy] : [];
    }),
    plan: policyPlanSchema.safeParse(plan).data ?? null,
  };
}

/** The student model of a course, by weights that were learnt there; by those of every course where there are none. */
export function courseModel(
  learnt: StoredSnapshot | null,
  skills: readonly Pick<CatalogueSkill, 'id' | 'number'>[],
  activities: Iterable<CatalogueActivity>,
): StudentModel {
  return new StreamedModel({
    snapshot: learnt?.number ?? priorSnapshot,
    population: learnt === null ? priorPopulation() : decodePopulation(learnt.population),
    skillNumbers: numbersOf(skills),
    exercises: [...activities].filter(({ kind, archived }) => kind === 'exercise' && !archived),
  });
}

/** Skill id → number within the course. */
export function numbersOf(skills: readonly Pick<CatalogueSkill, 'id' | 'number'>[]): ReadonlyMap<string, number> {
  return new Map(skills.map(({ id, number }) => [id, number]));
}

/** A response as learning sees it. */
export function tracedOf(
  { number, skillIds, difficulty, deviceAt, receivedAt }: ReplayedResponse,
  skills: ReadonlyMap<string, number>,
  correct: boolean,
): TracedResponse {
  return {
    item: number,
    skills: skillsOf(skillIds, skills),
    authored: difficulty,
    right: correct ? 1 : 0,
    at: occurredAt(deviceAt.getTime(), receivedAt),
  };
}
