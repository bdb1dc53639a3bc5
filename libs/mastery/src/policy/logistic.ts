/** The logistic function, from logits to a probability. */
export function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
