import { afterAnswer, knownFrom, usualBkt } from '#libs/mastery';

/** Beliefs about one learner by Bayesian knowledge tracing alone. */
export class Beliefs {
  private readonly known = new Map<string, number>();

  of(skillId: string): number {
    return this.known.get(skillId) ?? usualBkt.known;
  }

  isMastered(skillId: string): boolean {
    return this.of(skillId) >= knownFrom;
  }

  observe(skillId: string, correct: boolean): void {
    this.known.set(skillId, afterAnswer([this.of(skillId)], correct)[0]!);
  }
}
