import { dayIn, type Clock, type Failure } from '#libs/kernel';
import type { Actor, InstitutionRepository, UnitOfWork } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import { dueReviews, modelOf } from '#libs/mastery';
import { isMastered } from '#libs/recommendation';
import { policyOf } from '../policy/choose-activity.js';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import type { LearnerState } from '../model/learner-state.js';
import type { CatalogueSource, TutoringStore } from '../ports.js';
import { noSuchCourse, refuseOthers } from './read-mastery.js';

/** How well a skill is remembered. */
export interface SkillReview {
  readonly skillId: string;
  readonly name: string;
  /** Probability that it would be recalled today. */
  readonly retrievability: number;
  /** The day on which it came due, in days since 1970-01-01. */
  readonly dueOn: number;
}

/** What reading reviews needs. */
export interface ReviewDependencies {
  readonly access: CourseAccess;
  readonly unitOfWork: UnitOfWork;
  readonly institutions: InstitutionRepository;
  readonly store: TutoringStore;
  readonly catalogues: CatalogueSource;
  readonly clock: Clock;
}

/** Reads which skills a learner should review: her own, or, for a teacher of the course, a learner's. */
export class ReadReviews {
  constructor(private readonly deps: ReviewDependencies) {}

  /** The skills that are due today where the institution is, the least well recalled first. */
  async execute(actor: Actor, courseId: string, learnerId: string): Promise<readonly SkillReview[] | Failure> {
    const { access, unitOfWork, institutions, clock, catalogues, store } = this.deps;
    const refusal = await refuseOthers(access, actor, courseId, learnerId);
    if (refusal !== null) return refusal;
    const { timeZone } = await unitOfWork.read(actor, () => institutions.getInstitution());
    const catalogue = await catalogues.getCatalogue(actor, courseId, 'latest');
    if (catalogue === null) return noSuchCourse();
    const state = await store.findState(actor, learnerId, courseId);
    return state === null ? [] : reviewsOf(catalogue, state, dayIn(timeZone, clock.now()));
  }
}

/** Skills of the course that are mastered and due on a day: what is not mastered is practised anyway. */
export function reviewsOf(catalogue: CourseCatalogue, state: LearnerState, day: number): SkillReview[] {
  const policy = policyOf(catalogue);
  const model = modelOf(state.mastery, catalogue.model);
  return dueReviews(state.memory, day).flatMap(({ skillId, retrievability: recall, dueOn }) => {
    const name = catalogue.skillNames.get(skillId);
    if (name === undefined || !isMastered(model.estimate(state.mastery, skillId), policy)) return [];
    return [{ skillId, name, retrievability: recall, dueOn }];
  });
}
