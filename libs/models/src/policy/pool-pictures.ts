/** What a model gives for one picture: a calibrated probability of each label, and whether it shows something else. */
export interface PictureAnswer {
  readonly probabilities: ArrayLike<number>;
  readonly isOffTopic: boolean;
}

/**
 * The answer for several pictures of one thing: the mean of the probabilities (a linear opinion pool, Stone 1961), over those
 * that do not show something else; over all where all do. It is no surer than the pictures are together, however many there are.
 * @param answers at least one, each with as many probabilities
 * @returns `surest`: which of the answers gives the label of the highest mean most, the first of equals
 */
export function poolPictures(answers: readonly PictureAnswer[]): {
  readonly probabilities: readonly number[];
  readonly isOffTopic: boolean;
  readonly surest: number;
} {
  const onTopic = answers.filter(({ isOffTopic }) => !isOffTopic);
  const counted = onTopic.length > 0 ? onTopic : answers;
  const probabilities = Array.from(
    counted[0]!.probabilities,
    (_, label) => counted.reduce((sum, answer) => sum + answer.probabilities[label]!, 0) / counted.length,
  );
  const top = probabilities.indexOf(Math.max(...probabilities));
  const best = counted.reduce((a, b) => (b.probabilities[top]! > a.probabilities[top]! ? b : a));
  return { probabilities, isOffTopic: onTopic.length === 0, surest: answers.indexOf(best) };
}
