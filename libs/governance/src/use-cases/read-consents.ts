import type { Clock, Page, PageRequest, TimeKey } from '#libs/kernel';
import { isManager, type Actor, type UnitOfWork, type UserRepository } from '#libs/identity';
import type { ConsentRecord, ConsentStanding } from '../model/consent.js';
import { consentStanding } from '../policy/consent-standing.js';
import type { ConsentRepository } from '../ports.js';

/** Reads what was consented to: one's own, and for administrators and services everybody's. */
export class ReadConsents {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: UserRepository,
    private readonly consents: ConsentRepository,
    private readonly clock: Clock,
  ) {}

  /** The records, the newest first; null where there is nobody to be seen. */
  async list(actor: Actor, learnerId: string, page: PageRequest<TimeKey>): Promise<Page<ConsentRecord> | null> {
    return this.forLearner(actor, learnerId, (pseudonym) => this.consents.listRecords(pseudonym, page));
  }

  /** How things stand now with each purpose; null where there is nobody to be seen. */
  async standing(actor: Actor, learnerId: string): Promise<ConsentStanding[] | null> {
    return this.forLearner(actor, learnerId, async (pseudonym) =>
      consentStanding(await this.consents.latestRecords(pseudonym), this.clock.now()),
    );
  }

  private async forLearner<T>(
    actor: Actor,
    learnerId: string,
    read: (pseudonym: string) => Promise<T>,
  ): Promise<T | null> {
    if (learnerId === actor.userId) return this.unitOfWork.read(actor, () => read(actor.pseudonym));
    if (!isManager(actor)) return null;
    return this.unitOfWork.read(actor, async () => {
      const learner = await this.users.findUser(learnerId);
      return learner === null ? null : read(learner.pseudonym);
    });
  }
}
