import { emptyElo, type EloState } from '../model/elo-state.js';
import { update } from '../policy/elo.js';
import type { TracedItem } from './features.js';
import type { History, TracedResponse } from './population.js';

/** a and b of K(n) = a / (1 + b n), by which the difficulty of an item moves. */
const difficultyGain = { a: 1, b: 0.05 } as const;
/** The difficulty of a skill moves with those of its items, so that a new item starts where its skills are. */
const skillShare = 0.3;

interface Rated {
  difficulty: number;
  responses: number;
}

/**
 * The Elo model of this library with difficulties that are learnt as well: after each response of a learner in training,
 * d ← d − K(n) (y − p), for the item and, by a share, for each of its skills (Pelánek 2016).
 */
export class EloTracer {
  private readonly items = new Map<number, Rated>();
  private readonly skills = new Map<number, Rated>();

  /** Learns difficulties from histories. Twice over them is enough. */
  fit(histories: readonly History[], passes = 2): void {
    for (let pass = 0; pass < passes; pass++) {
      for (const history of histories) {
        let state = emptyElo();
        for (const response of history) state = this.step(state, response, true).state;
      }
    }
  }

  /** Predicts a response and gives the learner's next state. */
  step(
    state: EloState,
    response: TracedResponse,
    learns = false,
  ): { readonly probability: number; readonly state: EloState } {
    const item = { skillIds: response.skills.map(nameOf), difficulty: this.difficultyOf(response) };
    const { state: next, prediction } = update(state, { item, correct: response.right === 1 });
    if (learns) this.rate(response, response.right - prediction.probability);
    return { probability: prediction.probability, state: next };
  }

  private difficultyOf({ item, skills }: TracedItem): number {
    const ofItem = item === null ? 0 : (this.items.get(item)?.difficulty ?? 0);
    return skills.reduce((sum, skill) => sum + (this.skills.get(skill)?.difficulty ?? 0), ofItem);
  }

  private rate({ item, skills }: TracedItem, error: number): void {
    if (item !== null) move(entry(this.items, item), error);
    for (const skill of skills) move(entry(this.skills, skill), error * skillShare);
  }
}

function move(rated: Rated, error: number): void {
  rated.difficulty -= (difficultyGain.a / (1 + difficultyGain.b * rated.responses)) * error;
  rated.responses++;
}

function entry(ratings: Map<number, Rated>, key: number): Rated {
  let found = ratings.get(key);
  if (found === undefined) {
    found = { difficulty: 0, responses: 0 };
    ratings.set(key, found);
  }
  return found;
}

function nameOf(skill: number): string {
  return String(skill).padStart(7, '0');
}
