import type { Score, Stakes } from '../ports.js';

/**
 * A result that is less sure than this goes to a teacher. The confidences of the label grader are weights of its
 * rules, not calibrated probabilities: below this stand near misses, doubled names, misspellings that could be two
 * words, and names that the key does not know; plain mistakes, such as two swapped names, stand above it.
 */
const reviewBelow = 0.75;

/** Whether a person has to look at an automatic result: always where it counts, else where it is unsure or odd. */
export function needsReview(result: Pick<Score, 'confidence' | 'flags'>, stakes: Stakes): boolean {
  return stakes === 'graded' || result.confidence < reviewBelow || result.flags.length > 0;
}
