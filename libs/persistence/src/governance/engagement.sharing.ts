import type { Actor } from '#libs/identity';
import { consentStanding, type ConsentRepository } from '#libs/governance';
import { EngagementSharing } from '#libs/tutoring';
import type { Database } from '../tenancy/database.js';

/** Sharing is a consent: the learner, or whoever decides for her, has granted it, and neither has withdrawn it. */
export class ConsentedEngagementSharing extends EngagementSharing {
  constructor(
    private readonly database: Database,
    private readonly consents: ConsentRepository,
  ) {
    super();
  }

  override isShared(actor: Actor, pseudonym: string, now: Date): Promise<boolean> {
    return this.database.read(actor, async () => {
      const standing = consentStanding(await this.consents.latestRecords(pseudonym), now.getTime());
      return standing.some(({ purpose, granted }) => purpose === 'engagement-sharing' && granted);
    });
  }
}
