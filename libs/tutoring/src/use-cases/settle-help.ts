import type { Clock } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { helpReward, helpRewardRule, rewarded } from '#libs/recommendation';
import type { HelpLedger, SettledHelp } from '../ports.js';

/** What has not told by then never will: she may not come back. In milliseconds. */
const patience = 30 * 86_400_000;

/**
 * Finds out what came of offers of help, and teaches the bandit of the course by it: see `helpReward`. An offer is settled
 * once, in the transaction that counts it.
 */
export class SettleHelp {
  constructor(
    private readonly ledger: HelpLedger,
    private readonly clock: Clock,
  ) {}

  /** Courses of all institutions with offers that are not settled. */
  courses(): ReturnType<HelpLedger['coursesToSettle']> {
    return this.ledger.coursesToSettle();
  }

  /** The number of offers that were settled. */
  async execute(actor: Actor, courseId: string): Promise<number> {
    const now = this.clock.now();
    let count = 0;
    await this.ledger.settle(actor, courseId, helpRewardRule.window, (before, offers) => {
      let bandit = before;
      const settled: SettledHelp[] = [];
      for (const { id, help, place, latest, answers, offeredAt, ...given } of offers) {
        const reward = helpReward(given, answers, latest);
        if (reward.kind === 'settled') {
          bandit = rewarded(bandit, place, help, reward.reward);
          settled.push({ id, outcome: reward.why, reward: reward.reward });
        } else if (reward.kind === 'void' || now - offeredAt.getTime() > patience) {
          settled.push({ id, outcome: 'void', reward: null });
        }
      }
      count = settled.length;
      return count === 0 ? null : { settled, bandit, at: new Date(now) };
    });
    return count;
  }
}
