/** Beliefs about one learner by Bayesian knowledge tracing, with the usual numbers (Corbett & Anderson 1995). */
export class Beliefs {
  private readonly known = new Map<string, number>();

  of(skillId: string): number {
    return this.known.get(skillId) ?? 0.1;
  }

  isMastered(skillId: string): boolean {
    return this.of(skillId) >= 0.95;
  }

  observe(skillId: string, correct: boolean): void {
    const [guess, slip, transit] = [0.25, 0.1, 0.15];
    const before = this.of(skillId);
    const [ifKnown, ifNot] = correct ? [1 - slip, guess] : [slip, 1 - guess];
    const posterior = (before * ifKnown) / (before * ifKnown + (1 - before) * ifNot);
    this.known.set(skillId, posterior + (1 - posterior) * transit);
  }
}
