import { seededRng, type Rng } from '#libs/kernel';
import {
  AttuneChooser,
  evaluatePolicy,
  fringeAndBand,
  KssLearner,
  kssWorld,
  type LoggedCandidate,
  type LoggedDecision,
  type PolicyEvaluation,
  targetProbabilities,
  type TargetPolicy,
} from '#libs/recommendation';
import { round } from './support/measure.js';

const repetitions = Number(process.env['RUNS'] ?? 1_000);
const decisionsEach = Number(process.env['DECISIONS'] ?? 4_000);
const repeats = Number(process.env['REPEATS'] ?? 400);
const poolSize = Number(process.env['POOL'] ?? 5_000);

/**
 * Off-policy estimates against the truth of the KSS-like world. A pool of situations, met by learners who are taught by
 * chance, is taken for all there are; in each, the chance of a right answer to every exercise is known, so the value of
 * any policy is known exactly. Each repetition logs decisions in situations drawn from the pool, with answers drawn anew,
 * and evaluates a target policy on that log alone. The estimators should come to the truth on average, and their 95 %
 * intervals should hold it in 95 of 100 repetitions.
 */
interface Situation {
  readonly context: string;
  readonly candidates: readonly LoggedCandidate[];
  readonly target: readonly number[];
  /** Chance of a right answer to each candidate. */
  readonly truth: readonly number[];
}

const estimators = ['ips', 'snips', 'doublyRobust'] as const;

report('chance → attune', situationsUnderChance(), { kind: 'logged' });
report('attune → twice the temperature', situationsUnderAttune(), {
  kind: 'softmax',
  temperature: 2 * fringeAndBand.temperature,
  epsilon: fringeAndBand.epsilon,
});
report('attune → a third of the temperature, no ε', situationsUnderAttune(), {
  kind: 'softmax',
  temperature: fringeAndBand.temperature / 3,
  epsilon: 0,
});

function report(what: string, pool: readonly Situation[], target: TargetPolicy): void {
  const truth = mean(
    pool.map((situation) => {
      const probabilities = target.kind === 'logged' ? situation.target : softmaxOf(situation, target);
      return situation.truth.reduce((sum, chance, place) => sum + chance * probabilities[place]!, 0);
    }),
  );
  const rng = seededRng(what);
  const found = new Map(estimators.map((name) => [name, { values: [] as number[], held: 0, width: 0 }]));
  const sizes: number[] = [];
  let warned = 0;
  const started = performance.now();
  for (let run = 0; run < repetitions; run++) {
    const evaluation = evaluated(logFrom(pool, rng), target, rng);
    sizes.push(evaluation.effectiveSampleSize);
    if (evaluation.warnings.length > 0) warned++;
    for (const name of estimators) {
      const { value, low, high } = evaluation[name];
      const own = found.get(name)!;
      own.values.push(value);
      own.width += (high - low) / repetitions;
      if (low <= truth && truth <= high) own.held++;
    }
  }
  const seconds = (performance.now() - started) / 1000;
  console.log(
    `\n${what}: truth ${truth.toFixed(4)}; ${repetitions} logs of ${decisionsEach} decisions, as telling as ` +
      `${Math.round(mean(sizes))}; ${warned} with warnings; ${round(seconds, 0)} s`,
  );
  console.log('                mean     off by    typical error   interval   holds the truth');
  for (const [name, { values, held, width }] of found) {
    const off = (100 * (mean(values) - truth)) / truth;
    const typical = (100 * mean(values.map((value) => Math.abs(value - truth)))) / truth;
    console.log(
      `${name.padEnd(14)}${mean(values).toFixed(4).padStart(8)}${`${off.toFixed(2)} %`.padStart(10)}${`${typical.toFixed(2)} %`.padStart(15)}` +
        `${`± ${(width / 2).toFixed(4)}`.padStart(13)}${`${((100 * held) / repetitions).toFixed(1)} %`.padStart(13)}`,
    );
  }
}

/** Every exercise as likely; the policy of production is the target. */
function situationsUnderChance(): readonly Situation[] {
  return situations((chooser) => {
    const choice = chooser.decide();
    if (choice.kind !== 'chosen') return null;
    const wanted = new Map(choice.candidates.map(({ activityId, probability }) => [activityId, probability]));
    const { activities } = kssWorld;
    const candidates = activities.map(({ activityId, skillIds }) => ({
      activityId,
      probability: 1 / activities.length,
      action: skillIds[0]!,
    }));
    return { candidates, target: candidates.map(({ activityId }) => wanted.get(activityId) ?? 0) };
  });
}

/** The policy of production, with its utilities. */
function situationsUnderAttune(): readonly Situation[] {
  return situations((chooser) => {
    const choice = chooser.decide();
    if (choice.kind !== 'chosen') return null;
    const candidates = choice.candidates.map(({ activityId, probability, utility }) => ({
      activityId,
      probability,
      utility,
      action: activityId.split('/')[0]!,
    }));
    return { candidates, target: [] };
  });
}

/** Meets learners at any step of their first forty, taught by chance half of the time, else by the policy. */
function situations(
  decide: (chooser: AttuneChooser) => { candidates: readonly LoggedCandidate[]; target: readonly number[] } | null,
): readonly Situation[] {
  const pool: Situation[] = [];
  for (let number = 0; pool.length < poolSize; number++) {
    const rng = seededRng(`situation ${number}`);
    const learner = KssLearner.draw(rng);
    const chooser = new AttuneChooser(kssWorld, fringeAndBand, `situation ${number}`);
    const steps = Math.floor(rng() * 40);
    for (let step = 0; step < steps; step++) {
      const { activities } = kssWorld;
      const activity = rng() < 0.5 ? activities[Math.floor(rng() * activities.length)]! : chooser.choose();
      chooser.observe(activity, learner.practise(activity.skillIds[0]!, rng));
    }
    const decided = decide(chooser);
    if (decided === null) continue;
    const chances = new Map(kssWorld.skills.map(({ id }) => [id, learner.imagine(id).chanceOf(id)]));
    pool.push({
      ...decided,
      context: `${Math.floor(steps / 8)}`,
      truth: decided.candidates.map(({ action }) => chances.get(action!)!),
    });
  }
  return pool;
}

function logFrom(pool: readonly Situation[], rng: Rng): LoggedDecision[] {
  return Array.from({ length: decisionsEach }, (_, number) => {
    const { candidates, target, truth, context } = pool[Math.floor(rng() * pool.length)]!;
    let left = rng();
    let place = 0;
    while (place < candidates.length - 1 && (left -= candidates[place]!.probability) >= 0) place++;
    return {
      id: String(number),
      policy: { name: 'logging', version: 1 },
      seed: String(number),
      candidates,
      chosen: candidates[place]!.activityId,
      context,
      reward: rng() < truth[place]! ? 1 : 0,
      ...(target.length > 0 ? { target } : {}),
    };
  });
}

function evaluated(log: readonly LoggedDecision[], target: TargetPolicy, rng: Rng): PolicyEvaluation {
  const outcome = evaluatePolicy(log, target, { rng, repeats });
  if (outcome.kind !== 'evaluated') throw new Error(outcome.kind);
  return outcome;
}

function softmaxOf(
  { candidates }: Situation,
  target: TargetPolicy & { kind: 'softmax' | 'uniform' },
): readonly number[] {
  const decision = { id: '', policy: { name: '', version: 1 }, seed: '', candidates, chosen: '', reward: 0 };
  return targetProbabilities(decision, target)!;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
