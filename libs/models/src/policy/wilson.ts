/**
 * The 95 % interval of a proportion p = k/n (Wilson, "Probable inference, the law of succession, and statistical inference",
 * JASA 1927): (p + z²/2n ± z · √(p(1 − p)/n + z²/4n²)) / (1 + z²/n), with z = 1.96.
 */

const z = 1.96;

/** Its lower end; 0 where nothing was tried. */
export function wilsonLower(successes: number, trials: number): number {
  return trials === 0 ? 0 : end(successes, trials, -1);
}

/** Its upper end; 1 where nothing was tried. */
export function wilsonUpper(successes: number, trials: number): number {
  return trials === 0 ? 1 : end(successes, trials, 1);
}

function end(successes: number, trials: number, side: 1 | -1): number {
  const p = successes / trials;
  const centre = p + z ** 2 / (2 * trials);
  const spread = z * Math.sqrt((p * (1 - p)) / trials + z ** 2 / (4 * trials ** 2));
  return (centre + side * spread) / (1 + z ** 2 / trials);
}
