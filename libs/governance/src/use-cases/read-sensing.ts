import type { Clock } from '#libs/kernel';
import { isManager, type Actor, type UnitOfWork } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import { resolveSensing, type Sensing } from '../policy/resolve-sensing.js';
import type { ConsentRepository, SensedPlace, SensingRepository } from '../ports.js';

/** Says how closely it may be looked somewhere, and why no more closely. */
export class ReadSensing {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly sensing: SensingRepository,
    private readonly consents: ConsentRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * What consent leaves is told to the learner herself, to administrators and to services: to teachers the rest is.
   * @returns null where there is nothing that the actor may see
   */
  async execute(actor: Actor, place: SensedPlace, graded: boolean): Promise<Sensing | null> {
    const { courseId, activityId, learnerId } = place;
    if (learnerId !== null && learnerId !== actor.userId && !isManager(actor)) return null;
    return this.unitOfWork.read(actor, async () => {
      const settings = await this.sensing.findSettings(place);
      if (settings === null) return null;
      const isOfCourse = courseId !== null || activityId !== null;
      if (isOfCourse && !isManager(actor) && (await this.access.roleIn(actor, settings.courseId!)) === null)
        return null;
      const { institution, ceilings, pseudonym } = settings;
      const consents = pseudonym === null ? null : await this.consents.latestRecords(pseudonym);
      return resolveSensing({ institution, ceilings, consents, graded }, this.clock.now());
    });
  }
}
