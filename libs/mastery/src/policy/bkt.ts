/** The four parameters of Bayesian knowledge tracing, each a probability. */
export interface BktParameters {
  /** That a skill is known before its first answer, P(L₀). */
  readonly known: number;
  /** That it is learnt at an answer, P(T). */
  readonly learn: number;
  /** That a known skill is answered wrongly, P(S). */
  readonly slip: number;
  /** That an unknown one is answered rightly, P(G). */
  readonly guess: number;
}

/** The numbers that are usual for a skill not yet taught, with four options to guess among (Corbett and Anderson 1995). */
export const usualBkt: BktParameters = { known: 0.1, learn: 0.15, slip: 0.1, guess: 0.25 };

/** P(L) from which on a skill counts as known (the same). */
export const knownFrom = 0.95;

/**
 * P(L) of each skill of an item after an answer (A. Corbett and J. Anderson, "Knowledge tracing", UMUAI 4, 1995):
 *
 *   P(L | y) = P(L) P(y | L) / P(y),   P(L) ← P(L | y) + (1 − P(L | y)) P(T)
 *
 * An item of several skills is answered rightly when all are known (a conjunction, as in DINA): with c the probability
 * that all the others are known, P(right | L_s) = c (1 − S) + (1 − c) G and P(right | ¬L_s) = G, so that every skill moves,
 * and the blame for a wrong answer falls on the weakest.
 */
export function afterAnswer(
  known: readonly number[],
  right: boolean,
  parameters: BktParameters = usualBkt,
): readonly number[] {
  const { learn, slip, guess } = parameters;
  return known.map((before, place) => {
    const others = known.reduce((product, one, at) => (at === place ? product : product * one), 1);
    const rightIfKnown = others * (1 - slip) + (1 - others) * guess;
    const ifKnown = right ? rightIfKnown : 1 - rightIfKnown;
    const ifNot = right ? guess : 1 - guess;
    const after = (before * ifKnown) / (before * ifKnown + (1 - before) * ifNot);
    return after + (1 - after) * learn;
  });
}
