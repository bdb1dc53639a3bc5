import { fail, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import { modelOf, type MasteryEstimate } from '#libs/mastery';
import { isMastered } from '#libs/recommendation';
import { policyOf } from '../policy/policy-of.js';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import { emptyLearnerState, type LearnerState } from '../model/learner-state.js';
import type { CatalogueSource, TutoringStore } from '../ports.js';
import { noSuchCourse, refuseOthers } from './refusals.js';

export interface SkillMastery extends MasteryEstimate {
  readonly name: string;
  readonly mastered: boolean;
}

/** Mastery of every skill of a course, in teaching order. */
export function masteryOf(catalogue: CourseCatalogue, state: LearnerState): SkillMastery[] {
  const model = modelOf(state.mastery, catalogue.model);
  return catalogue.skills.map(({ id, name }) => {
    const mastery = model.estimate(state.mastery, id);
    return { ...mastery, name, mastered: isMastered(mastery, policyOf(catalogue)) };
  });
}

/** Mastery of a skill after one response. */
export interface MasteryPoint {
  /** Of the response. */
  readonly sequence: number;
  readonly at: Date;
  readonly probability: number;
}

/** How many points a history has at most, the latest. */
export const keptPoints = 500;

/** Reads a learner's mastery: her own, or, for a teacher of the course, a learner's. */
export class ReadMastery {
  constructor(
    private readonly access: CourseAccess,
    private readonly store: TutoringStore,
    private readonly catalogues: CatalogueSource,
  ) {}

  async execute(actor: Actor, courseId: string, learnerId: string): Promise<SkillMastery[] | Failure> {
    const refusal = await refuseOthers(this.access, actor, courseId, learnerId);
    if (refusal !== null) return refusal;
    const catalogue = await this.catalogues.getCatalogue(actor, courseId, 'latest');
    if (catalogue === null) return noSuchCourse();
    const state = await this.store.findState(actor, learnerId, courseId);
    return masteryOf(catalogue, state ?? emptyLearnerState());
  }

  /** How mastery of a skill changed from response to response, the latest last. */
  async history(
    actor: Actor,
    courseId: string,
    learnerId: string,
    skillId: string,
  ): Promise<readonly MasteryPoint[] | Failure> {
    const refusal = await refuseOthers(this.access, actor, courseId, learnerId);
    if (refusal !== null) return refusal;
    const catalogue = await this.catalogues.getCatalogue(actor, courseId, 'latest');
    if (catalogue?.skillNames.has(skillId) !== true) return fail('NOT_FOUND', 'The course has no such skill.');
    return this.store.listMastery(actor, { learnerId, courseId, skillId, atMost: keptPoints });
  }
}
