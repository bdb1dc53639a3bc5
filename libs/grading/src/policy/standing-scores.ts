import type { Score } from '../ports.js';

type Decision = Pick<Score, 'id' | 'withdrawsId'>;

/** The ids of the scores that a later decision has withdrawn. */
export function withdrawnIds(scores: readonly Decision[]): ReadonlySet<string> {
  return new Set(scores.flatMap(({ withdrawsId }) => withdrawsId ?? []));
}

/**
 * The scores of one submission that nobody has withdrawn, in order, without the decisions that withdraw: the last of them
 * stands. There is none where no program gave a score and the teacher took hers back.
 * @param scores in the order of their sequence
 */
export function standingScores<S extends Decision>(scores: readonly S[]): readonly S[] {
  const withdrawn = withdrawnIds(scores);
  return scores.filter(({ id, withdrawsId }) => withdrawsId === null && !withdrawn.has(id));
}
