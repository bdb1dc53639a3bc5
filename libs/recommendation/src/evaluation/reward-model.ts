import type { LoggedDecision } from './logged-decision.js';

/** Expected reward of an action in a context. */
export type RewardModel = (context: string, action: string) => number;

/** Decisions that a cell's own mean has to outweigh. */
const shrinkage = 10;

/**
 * A table of mean rewards by context and action. A cell of n decisions with mean r̄ is held back towards what its row and
 * its column say together, and these towards the mean of all (James & Stein 1961, with a fixed weight):
 *
 *   q(c, a) = (n r̄ + k (m_c + m_a − m)) / (n + k),   m_c = (n_c r̄_c + k m) / (n_c + k), and so m_a;   k = 10
 */
export function fitRewards(decisions: readonly LoggedDecision[]): RewardModel {
  const all = new Sum();
  const contexts = new Table();
  const actions = new Table();
  const cells = new Map<string, Table>();
  for (const decision of decisions) {
    const [context, action] = [contextOf(decision), actionOf(decision, decision.chosen)];
    all.add(decision.reward);
    contexts.add(context, decision.reward);
    actions.add(action, decision.reward);
    let row = cells.get(context);
    if (row === undefined) cells.set(context, (row = new Table()));
    row.add(action, decision.reward);
  }
  const mean = all.towards(0, 0);
  return (context, action) => {
    const row = contexts.of(context).towards(mean, shrinkage);
    const column = actions.of(action).towards(mean, shrinkage);
    const cell = cells.get(context)?.of(action) ?? nothing;
    return cell.towards(row + column - mean, shrinkage);
  };
}

export function contextOf({ context }: LoggedDecision): string {
  return context ?? '';
}

/** What a candidate counts as. */
export function actionOf({ candidates }: LoggedDecision, activityId: string): string {
  return candidates.find((candidate) => candidate.activityId === activityId)?.action ?? activityId;
}

class Sum {
  private count = 0;
  private total = 0;

  add(value: number): void {
    this.count++;
    this.total += value;
  }

  /** The mean, with a number of values more that are all `centre`. */
  towards(centre: number, weight: number): number {
    return this.count + weight === 0 ? centre : (this.total + weight * centre) / (this.count + weight);
  }
}

const nothing = new Sum();

class Table {
  private readonly sums = new Map<string, Sum>();

  add(key: string, value: number): void {
    let sum = this.sums.get(key);
    if (sum === undefined) {
      sum = new Sum();
      this.sums.set(key, sum);
    }
    sum.add(value);
  }

  of(key: string): Sum {
    return this.sums.get(key) ?? nothing;
  }
}
