import { fitMemory } from '#libs/mastery';
import { isSameJson } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { recalledAnswers, replayMemory } from '../policy/replay.js';
import type { LearnerArchive } from '../ports.js';

/** What became of fitting memory in one course. */
export interface FittedMemories {
  readonly learners: number;
  /** Learners with reviews enough. */
  readonly trained: number;
  /** Those of them who have weights of their own now; the others have those of the population. */
  readonly kept: number;
  /** Reviews that were held out, of all who were trained. */
  readonly heldOut: number;
  /** Log loss a held-out review if everybody had the weights of the population; null where nobody was trained. */
  readonly before: number | null;
  /** The same with the weights that everybody has now. */
  readonly after: number | null;
}

/**
 * Gives each learner of a course weights of memory of her own where they foresee her reviews better than the population's. Her
 * row is locked twice, to read and to store, and not while weights are fitted; memory is replayed under the second lock, so that what
 * she answered in between is in it. Deterministic, and resumed by running it again.
 */
export class FitMemory {
  constructor(private readonly archive: LearnerArchive) {}

  async execute(
    actor: Actor,
    courseId: string,
    onProgress: (done: number, of: number) => void = () => undefined,
  ): Promise<FittedMemories> {
    const learners = await this.archive.listLearners(actor, courseId);
    let [trained, kept, heldOut, before, after] = [0, 0, 0, 0, 0];
    for (const [done, { id }] of learners.entries()) {
      onProgress(done, learners.length);
      const fit = await this.fit(actor, id, courseId);
      if (fit === null || fit.kind === 'too-few-reviews') continue;
      trained++;
      if (fit.weights !== null) kept++;
      heldOut += fit.heldOut;
      before += fit.before * fit.heldOut;
      after += (fit.weights === null ? fit.before : fit.fitted) * fit.heldOut;
      await this.store(actor, id, courseId, fit.weights);
    }
    onProgress(learners.length, learners.length);
    const mean = (sum: number): number | null => (heldOut === 0 ? null : sum / heldOut);
    return { learners: learners.length, trained, kept, heldOut, before: mean(before), after: mean(after) };
  }

  /** Null for somebody who is not there any more. */
  private async fit(actor: Actor, learnerId: string, courseId: string): Promise<ReturnType<typeof fitMemory> | null> {
    let answers: ReturnType<typeof recalledAnswers> | null = null;
    await this.archive.revise(actor, learnerId, courseId, async (_, timeZone, history) => {
      answers = recalledAnswers(await history(), timeZone);
      return null;
    });
    return answers && fitMemory(answers);
  }

  private store(actor: Actor, learnerId: string, courseId: string, weights: readonly number[] | null): Promise<void> {
    return this.archive.revise(actor, learnerId, courseId, async (state, timeZone, history) => {
      if (isSameJson(state.memory.weights, weights)) return null;
      return { ...state, memory: replayMemory(recalledAnswers(await history(), timeZone), weights) };
    });
  }
}
