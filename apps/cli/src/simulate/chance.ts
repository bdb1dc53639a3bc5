import type { Rng } from '#libs/kernel';

/** A standard normal number (Box & Muller 1958). */
export function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}

/** The logistic function. */
export function sigmoid(logits: number): number {
  return 1 / (1 + Math.exp(-logits));
}

/** One of a list, each as likely. */
export function pick<T>(items: readonly [T, ...T[]] | readonly T[], rng: Rng): T {
  return items[Math.floor(rng() * items.length)]!;
}

/** The list in another order (Fisher & Yates). */
export function shuffled<T>(items: readonly T[], rng: Rng): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(rng() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
