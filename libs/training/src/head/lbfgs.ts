/** The value of a function at a point; its gradient is written into the second argument. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

interface Step {
  readonly s: Float64Array;
  readonly y: Float64Array;
  readonly rho: number;
}

const memory = 10;

/**
 * The minimum of a smooth convex function by L-BFGS (Nocedal and Wright, "Numerical Optimization", 2006, algorithms 7.4 and 7.5, with
 * backtracking under the Armijo condition). Deterministic.
 * @param start where it begins; it is not changed
 * @param options.tolerance largest component of the gradient at which it stops
 */
export function minimise(
  objective: Objective,
  start: Float64Array,
  { iterations = 100, tolerance = 2e-5 } = {},
): Float64Array {
  let [point, gradient] = [Float64Array.from(start), new Float64Array(start.length)];
  let value = objective(point, gradient);
  const steps: Step[] = [];
  for (let iteration = 0; iteration < iterations; iteration++) {
    if (gradient.every((each) => Math.abs(each) <= tolerance)) break;
    const direction = descentFrom(gradient, steps);
    const slope = dot(direction, gradient);
    const [next, nextGradient] = [new Float64Array(start.length), new Float64Array(start.length)];
    let nextValue: number;
    for (let length = 1; ; length /= 2) {
      if (length < 1e-10) return point; // as near as numbers of 64 bits come
      for (let i = 0; i < next.length; i++) next[i] = point[i]! + length * direction[i]!;
      nextValue = objective(next, nextGradient);
      if (nextValue <= value + 1e-4 * length * slope) break;
    }
    const s = next.map((each, i) => each - point[i]!);
    const y = nextGradient.map((each, i) => each - gradient[i]!);
    const curvature = dot(s, y);
    if (curvature > 1e-14) steps.push({ s, y, rho: 1 / curvature });
    if (steps.length > memory) steps.shift();
    [point, gradient, value] = [next, nextGradient, nextValue];
  }
  return point;
}

/** −H · gradient by the two loops; without steps yet, the gradient shortened to length 1 at most. */
function descentFrom(gradient: Float64Array, steps: readonly Step[]): Float64Array {
  const q = gradient.map((each) => -each);
  const alphas = new Map<Step, number>();
  for (const step of steps.toReversed()) {
    const alpha = step.rho * dot(step.s, q);
    alphas.set(step, alpha);
    addScaled(q, step.y, -alpha);
  }
  const last = steps.at(-1);
  const scale =
    last === undefined ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1 / (last.rho * dot(last.y, last.y));
  for (let i = 0; i < q.length; i++) q[i]! *= scale;
  for (const step of steps) addScaled(q, step.s, alphas.get(step)! - step.rho * dot(step.y, q));
  return q;
}

function addScaled(to: Float64Array, what: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * what[i]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
