import { fail, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import { estimate, type MasteryEstimate } from '#libs/mastery';
import { isMastered } from '#libs/recommendation';
import { policyOf } from '../policy/choose-activity.js';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import { emptyLearnerState, type LearnerState } from '../model/learner-state.js';
import type { CatalogueSource, TutoringStore } from '../ports.js';

export interface SkillMastery extends MasteryEstimate {
  readonly name: string;
  readonly mastered: boolean;
}

/** Mastery of every skill of a course, in teaching order. */
export function masteryOf(catalogue: CourseCatalogue, state: LearnerState): SkillMastery[] {
  return catalogue.skills.map(({ id, name }) => {
    const mastery = estimate(state.mastery, id);
    const { skillId, probability, low, high, responses } = mastery;
    return { skillId, name, probability, low, high, responses, mastered: isMastered(mastery, policyOf(catalogue)) };
  });
}

/** Reads a learner's mastery: her own, or, for a teacher of the course, a learner's. */
export class ReadMastery {
  constructor(
    private readonly access: CourseAccess,
    private readonly store: TutoringStore,
    private readonly catalogues: CatalogueSource,
  ) {}

  async execute(actor: Actor, courseId: string, learnerId: string): Promise<SkillMastery[] | Failure> {
    const role = await this.access.roleIn(actor, courseId);
    if (role === null) return fail('NOT_FOUND', 'There is no such course for you.');
    if (role === 'learner' && learnerId !== actor.userId)
      return fail('FORBIDDEN', 'Learners see their own mastery only.');
    const catalogue = await this.catalogues.getCatalogue(actor, courseId, 'latest');
    if (catalogue === null) return fail('NOT_FOUND', 'There is no such course for you.');
    const state = await this.store.findState(actor, learnerId, courseId);
    return masteryOf(catalogue, state ?? emptyLearnerState());
  }
}
