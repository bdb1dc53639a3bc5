import type { Skill } from '#libs/learning';
import type { Score, SettledCriterion } from '../ports.js';

/** What a piece of work shows of some skills: one look at them, however many criteria they have. */
export interface SkillsShown {
  readonly skillIds: readonly string[];
  /** Of the points of their criteria, 0–1. */
  readonly share: number;
  /** Hints that the learner had been given on any of these criteria before, the last step of them; 0 for none. */
  readonly hintsUsed: number;
}

/**
 * What a score shows of skills. The criteria of one skill are put together, because parts of one picture that are drawn at one
 * sitting are not so many answers. Criteria without points show nothing.
 * @param skillIdsOf the skills that a criterion's `skill` names; none where it is not to be counted
 * @param told by criterion, the last step of a hint on earlier work for the same activity
 */
export function skillsShown(
  criteria: readonly Pick<SettledCriterion, 'criterionId' | 'skill' | 'points' | 'awarded'>[],
  skillIdsOf: (skill: string) => readonly string[],
  told: ReadonlyMap<string, number> = new Map(),
): SkillsShown[] {
  const sums = new Map<string, { skillIds: readonly string[]; points: number; awarded: number; hintsUsed: number }>();
  for (const { criterionId, skill, points, awarded } of criteria) {
    const skillIds = [...new Set(skillIdsOf(skill))].sort();
    if (skillIds.length === 0 || points <= 0) continue;
    const key = skillIds.join(' ');
    const sum = sums.get(key) ?? { skillIds, points: 0, awarded: 0, hintsUsed: 0 };
    sums.set(key, {
      skillIds,
      points: sum.points + points,
      awarded: sum.awarded + awarded,
      hintsUsed: Math.max(sum.hintsUsed, told.get(criterionId) ?? 0),
    });
  }
  return Array.from(sums.values(), ({ skillIds, points, awarded, hintsUsed }) => ({
    skillIds,
    share: awarded / points,
    hintsUsed,
  }));
}

/**
 * Whether a score tells anything of skills. Blank and off-topic work does not tell what somebody cannot do, and of work that no
 * program could score a review begins from nothing found: both only do once a teacher has scored a criterion herself.
 */
export function tellsOfSkills({ criteria, flags, grader }: Pick<Score, 'criteria' | 'flags' | 'grader'>): boolean {
  const isJudged = flags.length === 0 && grader.name !== byTeacherAlone.name;
  return isJudged || criteria.some(({ overridden }) => overridden);
}

/** What stands in the place of a grader where there was none. */
export const byTeacherAlone = { name: 'teacher', version: 1, modelId: null } as const;

/**
 * Finds the skills that the `skill` of a criterion names in a course: by id, by the external id (where only one skill has it), or
 * by name. What names no skill of the course counts for the skills of the activity, as an answer to it would.
 */
export function skillFinder(
  skills: readonly Pick<Skill, 'id' | 'name' | 'externalId'>[],
  ofActivity: readonly string[],
): (skill: string) => readonly string[] {
  const present = new Set(skills.map(({ id }) => id));
  const otherwise = ofActivity.filter((id) => present.has(id));
  return (named) => {
    if (present.has(named)) return [named];
    for (const by of ['externalId', 'name'] as const) {
      const found = skills.filter((skill) => skill[by] === named);
      if (found.length === 1) return [found[0]!.id];
    }
    return otherwise;
  };
}
