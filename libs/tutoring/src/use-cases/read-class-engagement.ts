import { isFailure, refuseInput, type Failure } from '#libs/kernel';
import { periodMs, periodOf, summariseClass, type ClassPeriod } from '#libs/engagement';
import type { Actor, UnitOfWork } from '#libs/identity';
import { demandTeaching, type CourseAccess } from '#libs/learning';
import type { EngagementArchive } from '../ports.js';

/** How many periods are told at once: a day. */
export const mostPeriods = (24 * 3_600_000) / periodMs;

/** Tells teachers how their class was engaged over a lesson: as a group, and only where the group is large enough. */
export class ReadClassEngagement {
  constructor(
    private readonly access: CourseAccess,
    private readonly unitOfWork: UnitOfWork,
    private readonly archive: EngagementArchive,
  ) {}

  /** Periods that begin from the one in which `from` lies and before `to`. */
  async execute(actor: Actor, courseId: string, from: Date, to: Date): Promise<ClassPeriod[] | Failure> {
    const first = periodOf(from.getTime());
    if (to.getTime() <= first || to.getTime() - first > mostPeriods * periodMs) {
      return refuseInput([{ path: 'to', message: 'after `from`, and by a day at most' }]);
    }
    const refused = await this.unitOfWork.read(actor, () => demandTeaching(this.access, actor, courseId));
    if (isFailure(refused)) return refused;
    return summariseClass(await this.archive.countByPeriod(actor, courseId, new Date(first), to));
  }
}
