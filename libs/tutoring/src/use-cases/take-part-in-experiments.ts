import { fail, type Clock, type Failure } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import { experimentNotice, explanationLanguage, isComparing } from '#libs/recommendation';
import type { CatalogueSource, PolicyRepository, TutoringStore } from '../ports.js';
import { noSuchCourse } from './refusals.js';

/** What a learner is told while policies are compared in her course. */
export interface ExperimentNotice {
  /** One or two sentences, in her language. */
  readonly text: string;
  readonly takesPart: boolean;
}

/** Whether a learner takes part where policies are compared. */
export interface ExperimentParticipation {
  readonly courseId: string;
  readonly takesPart: boolean;
}

/** What telling learners of experiments takes. */
export interface ExperimentDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly access: CourseAccess;
  readonly policies: PolicyRepository;
  readonly catalogues: CatalogueSource;
  readonly store: TutoringStore;
  readonly clock: Clock;
}

/** Tells a learner that policies are compared in her course, and lets her stay out of it. */
export class TakePartInExperiments {
  constructor(private readonly deps: ExperimentDependencies) {}

  /** Null where nothing is compared now, and for whoever is no learner of the course. */
  async notice(actor: Actor, courseId: string): Promise<ExperimentNotice | null> {
    const { unitOfWork, access, policies, catalogues, store, clock } = this.deps;
    if ((await access.roleIn(actor, courseId)) !== 'learner') return null;
    const catalogue = await catalogues.getCatalogue(actor, courseId, 'latest');
    if (catalogue === null || catalogue.plan === null || !isComparing(catalogue.plan, clock.now())) return null;
    const languages = [...(await store.findLanguages(actor)), catalogue.language];
    const hasOptedOut = await unitOfWork.read(actor, () => policies.hasOptedOut(courseId, actor.userId));
    return { text: experimentNotice(explanationLanguage(languages)), takesPart: !hasOptedOut };
  }

  /** It counts from the next choice on, in this plan and in later ones. */
  async choose(actor: Actor, courseId: string, takesPart: boolean): Promise<ExperimentParticipation | Failure> {
    const { unitOfWork, access, policies, clock } = this.deps;
    const role = await access.roleIn(actor, courseId);
    if (role === null) return noSuchCourse();
    if (role !== 'learner') return fail('FORBIDDEN', 'Only learners of the course take part.');
    return unitOfWork.run(actor, async () => {
      await policies.saveOptOut(courseId, actor.userId, takesPart ? null : new Date(clock.now()));
      return { courseId, takesPart };
    });
  }
}
