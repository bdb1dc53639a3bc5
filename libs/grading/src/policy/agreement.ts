import { seededRng } from '#libs/kernel';
import { countConfusion, kappaOf, type ConfusionMatrix } from '#libs/models';

/** What a program and then a teacher awarded on one criterion of one work. */
export interface DecidedCriterion {
  readonly submissionId: string;
  readonly criterionId: string;
  /** Points that it is worth; above 0. */
  readonly points: number;
  /** By the program. */
  readonly given: number;
  /** By the teacher. */
  readonly awarded: number;
  /** 0 to 1, as the grader gave it. */
  readonly confidence: number;
  /** The probability to be right that this was worth when it was graded; null where nothing was known. */
  readonly calibrated: number | null;
  readonly graderVersion: number;
  readonly modelId: string | null;
  readonly decidedAt: Date;
}

/** An estimate with its 95 % interval. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Decisions with a confidence from `from` to `from` + .1: how many, their mean confidence, and the share that was right. */
export interface ReliabilityBin {
  readonly from: number;
  readonly count: number;
  readonly confidence: number;
  readonly exact: number;
}

/** How program and teacher agree in a part of the decisions: one version, or one month. */
export interface PartialAgreement {
  readonly name: string;
  readonly decisions: number;
  readonly exact: number;
}

/** How a program agrees with teachers; null where the decisions do not say. */
export interface Agreement {
  readonly decisions: number;
  /** Share of decisions with the very same points. */
  readonly exact: number | null;
  /** Share that is at most one level apart; null with fewer than three levels, where all are. */
  readonly adjacent: number | null;
  readonly kappa: number | null;
  readonly weightedKappa: Interval | null;
  /** Expected calibration error of the grader's own confidence, and of what it was found to be worth. */
  readonly confidenceError: number | null;
  readonly calibrationError: number | null;
  /** The largest share that could be released by confidence with 99 % of it exact. */
  readonly coverage: number | null;
  /** Shares of the points that were awarded, rising. */
  readonly levels: readonly number[];
  /** How often the teacher awarded a level (row) where the program gave a level (column). */
  readonly confusion: ConfusionMatrix;
  readonly reliability: readonly ReliabilityBin[];
  readonly byVersion: readonly PartialAgreement[];
  readonly byMonth: readonly PartialAgreement[];
}

/** Share of exact decisions among those that are released: the bar of `Agreement.coverage`. */
const exactBar = 0.99;
const binCount = 10;
/** Draws of the bootstrap. */
const draws = 200;

/** @param seed of the bootstrap: the same decisions and seed give the same interval */
export function agreementOf(decided: readonly DecidedCriterion[], seed: string): Agreement {
  const levels = [...new Set(decided.flatMap((each) => [shareOf(each, 'awarded'), shareOf(each, 'given')]))].sort(
    (a, b) => a - b,
  );
  const levelOf = new Map(levels.map((level, index) => [level, index]));
  const pairs = decided.map((each) => ({
    truth: levelOf.get(shareOf(each, 'awarded'))!,
    given: levelOf.get(shareOf(each, 'given'))!,
  }));
  const confusion = countConfusion(pairs, levels.length);
  const reliability = reliabilityOf(decided, ({ confidence }) => confidence);
  const worth = reliabilityOf(decided, ({ calibrated }) => calibrated);
  return {
    decisions: decided.length,
    exact: shareIn(decided, isExact),
    adjacent: levels.length < 3 ? null : shareIn(pairs, ({ truth, given }) => Math.abs(truth - given) <= 1),
    kappa: levels.length < 2 ? null : kappaOf(confusion),
    weightedKappa: weightedKappa(decided, seed),
    confidenceError: calibrationErrorOf(reliability),
    calibrationError: calibrationErrorOf(worth),
    coverage: coverageAt(decided, exactBar),
    levels,
    confusion,
    reliability,
    byVersion: parts(decided, ({ graderVersion, modelId }) => `${graderVersion}${modelId ? ` ${modelId}` : ''}`),
    byMonth: parts(decided, ({ decidedAt }) => decidedAt.toISOString().slice(0, 7)),
  };
}

/** Whether teacher and program awarded the same points; points are rounded to four digits where they are made. */
export function isExact({ given, awarded }: Pick<DecidedCriterion, 'given' | 'awarded'>): boolean {
  return Math.abs(given - awarded) < 1e-9;
}

/**
 * Cohen's κ with quadratic weights (Cohen, Psychological Bulletin 1968) over shares of points: 1 − Σ (tᵢ − gᵢ)² / n over the mean of
 * (tᵢ − gⱼ)² over all pairs, which is what chance would do. From sums, as E(t − g)² by chance = E t² + E g² − 2 E t · E g. The
 * interval is that of the percentiles of a bootstrap over works, whose criteria hang together (Efron & Tibshirani, 1993).
 * @returns null where nobody ever awarded anything else
 */
function weightedKappa(decided: readonly DecidedCriterion[], seed: string): Interval | null {
  const works = sumsByWork(decided);
  const count = works.length / sums;
  const value = kappaOver(works, count, (place) => place);
  if (value === null) return null;
  const rng = seededRng(seed);
  const drawn: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    // A draw in which all are the same says nothing of agreement beyond chance.
    const one = kappaOver(works, count, () => Math.floor(rng() * count));
    if (one !== null) drawn.push(one);
  }
  drawn.sort((a, b) => a - b);
  return { value, low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) };
}

/** How many sums there are of each work: n, Σt, Σg, Σt² + Σg², Σ(t − g)². */
const sums = 5;

/** The sums of each work after those of the other, by its id. */
function sumsByWork(decided: readonly DecidedCriterion[]): Float64Array {
  const ids = [...new Set(decided.map(({ submissionId }) => submissionId))].sort();
  const places = new Map(ids.map((id, place) => [id, place]));
  const works = new Float64Array(ids.length * sums);
  for (const each of decided) {
    const [teacher, program] = [shareOf(each, 'awarded'), shareOf(each, 'given')];
    const start = places.get(each.submissionId)! * sums;
    const added = [1, teacher, program, teacher ** 2 + program ** 2, (teacher - program) ** 2];
    for (const [at, value] of added.entries()) works[start + at]! += value;
  }
  return works;
}

/** Of so many works, each found by `pick`; null where chance alone leaves nothing apart. */
function kappaOver(works: Float64Array, count: number, pick: (turn: number) => number): number | null {
  let [n, t, g, squares, apart] = [0, 0, 0, 0, 0];
  for (let turn = 0; turn < count; turn++) {
    const start = pick(turn) * sums;
    n += works[start]!;
    t += works[start + 1]!;
    g += works[start + 2]!;
    squares += works[start + 3]!;
    apart += works[start + 4]!;
  }
  const byChance = squares / n - (2 * t * g) / n ** 2;
  return n === 0 || byChance < 1e-12 ? null : 1 - apart / n / byChance;
}

/** Between the two nearest values, in proportion (Hyndman & Fan 1996, type 7). */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return below + (place - Math.floor(place)) * (above - below);
}

/** Ten bins of equal width; decisions without a confidence are left out. */
function reliabilityOf(
  decided: readonly DecidedCriterion[],
  confidenceOf: (decided: DecidedCriterion) => number | null,
): ReliabilityBin[] {
  const bins = Array.from({ length: binCount }, () => ({ count: 0, confidence: 0, exact: 0 }));
  for (const each of decided) {
    const confidence = confidenceOf(each);
    if (confidence === null) continue;
    const bin = bins[Math.min(binCount - 1, Math.floor(confidence * binCount))]!;
    bin.count += 1;
    bin.confidence += confidence;
    bin.exact += isExact(each) ? 1 : 0;
  }
  return bins.map(({ count, confidence, exact }, at) => ({
    from: at / binCount,
    count,
    confidence: count === 0 ? 0 : confidence / count,
    exact: count === 0 ? 0 : exact / count,
  }));
}

/** Expected calibration error: Σ n_b / n · |mean confidence − share exact| (Naeini et al., AAAI 2015); null without decisions. */
function calibrationErrorOf(bins: readonly ReliabilityBin[]): number | null {
  const all = bins.reduce((sum, { count }) => sum + count, 0);
  if (all === 0) return null;
  return bins.reduce((sum, { count, confidence, exact }) => sum + count * Math.abs(confidence - exact), 0) / all;
}

/** The largest share of decisions, the surest first and equally sure ones together, of which the share `bar` is exact. */
function coverageAt(decided: readonly DecidedCriterion[], bar: number): number | null {
  if (decided.length === 0) return null;
  const falling = decided.toSorted((a, b) => b.confidence - a.confidence);
  let [exact, most] = [0, 0];
  for (const [index, each] of falling.entries()) {
    if (isExact(each)) exact += 1;
    if (falling[index + 1]?.confidence === each.confidence) continue;
    if (exact >= bar * (index + 1)) most = index + 1;
  }
  return most / decided.length;
}

function parts(
  decided: readonly DecidedCriterion[],
  nameOf: (decided: DecidedCriterion) => string,
): PartialAgreement[] {
  const named = new Map<string, DecidedCriterion[]>();
  for (const each of decided) {
    const name = nameOf(each);
    const others = named.get(name);
    if (others === undefined) named.set(name, [each]);
    else others.push(each);
  }
  return [...named]
    .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([name, each]) => ({ name, decisions: each.length, exact: shareIn(each, isExact)! }));
}

/** Of the points, to four digits. */
function shareOf({ points, ...decided }: DecidedCriterion, whose: 'awarded' | 'given'): number {
  return Math.round((decided[whose] / points) * 1e4) / 1e4;
}

function shareIn<T>(items: readonly T[], is: (item: T) => boolean): number | null {
  return items.length === 0 ? null : items.filter(is).length / items.length;
}
