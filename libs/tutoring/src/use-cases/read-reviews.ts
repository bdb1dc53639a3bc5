import { dayIn, type Clock, type Failure } from '#libs/kernel';
import type { Actor, InstitutionRepository, UnitOfWork } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import { reviewsOf, type SkillReview } from '../policy/reviews-of.js';
import type { CatalogueSource, TutoringStore } from '../ports.js';
import { noSuchCourse, refuseOthers } from './refusals.js';

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
