import { seededRng, type Rng } from '#libs/kernel';
import { aucInterval, compareAuc, qualityOf, type AucDifference } from '#libs/mastery';
import type { EvaluateEngagement } from './engagement-evaluation.js';
import {
  featuresAt,
  leavesAfter,
  momentsOf,
  presenceRule,
  usualSecondsOf,
  type Moment,
  type MomentFeatures,
} from './epm-features.js';
import { readEpm, type Visit } from './epm-records.js';
import { fitModel, logLossOf, modelPlans, type Examples, type ModelPlan } from './learned-model.js';
import { dealStudents, divideFor, folds } from './student-folds.js';

/** What is asked: stays elsewhere of so many seconds or more. */
const questions = [
  { name: 'any', seconds: 0 },
  { name: 'tenSeconds', seconds: 10 },
] as const;

/** What a learned model is told; each learns and chooses its settings on its own. */
const looks = ['presence', 'pace', 'behaviour', 'behaviourAndExercise'] as const;
type Look = (typeof looks)[number];

type Detector = 'baseRate' | 'presenceRule' | 'exercise' | Look;

interface DetectorFigures {
  readonly detector: Detector;
  readonly auc: number;
  readonly aucLow: number;
  readonly aucHigh: number;
  /** null for the rule: its confidence is no probability. */
  readonly brier: number | null;
  readonly ece: number | null;
}

interface QuestionFigures {
  readonly leaves: (typeof questions)[number]['name'];
  readonly leastSeconds: number;
  readonly baseRate: number;
  readonly detectors: readonly DetectorFigures[];
  readonly behaviourOverExercise: AucDifference;
  readonly behaviourOverPresenceRule: AucDifference;
  readonly exerciseOverBaseRate: AucDifference;
  /** What was chosen in each fold for all behaviour. */
  readonly chosen: readonly ModelPlan[];
}

/** A moment with all that is known of it and what came. */
interface Judged extends Moment {
  readonly visit: Visit;
  readonly rule: number;
}

/**
 * Whether a student who is in the course leaves it for something else within two minutes, told from the ten minutes before. Five folds of
 * students; settings are chosen on the next fold, having learnt from the three others, then a model learns from all four. Predictions
 * of all folds are scored together.
 */
export const evaluateEpm: EvaluateEngagement = async (folder, seed, onProgress) => {
  const visits = await readEpm(folder);
  const foldOf = dealStudents(
    visits.map(({ student }) => student),
    seededRng(`${seed}/folds`),
  );
  const moments = visits.flatMap((visit): Judged[] => {
    const own = momentsOf(visit);
    const rule = presenceRule(visit, own);
    return own.map((moment, at) => ({ ...moment, visit, rule: rule[at]! }));
  });
  const exercises = [...new Set(moments.map(({ exercise }) => exercise))].sort();
  const whose = moments.map(({ visit }) => visit.student);
  const predicted = questions.map(({ seconds }) => ({
    answers: Uint8Array.from(moments, ({ visit, at }) => (leavesAfter(visit, at, seconds) ? 1 : 0)),
    predictions: noPredictions(moments),
    chosen: [] as ModelPlan[],
  }));
  let done = 0;
  for (let fold = 0; fold < folds; fold++) {
    const { asked, learnt, earlier, validation } = divideFor(fold, whose, foldOf);
    // What is usual is known of the students that are learnt from, and of no others.
    const usual = usualSecondsOf(visits.filter(({ student }) => foldOf.get(student) !== fold));
    const features = moments.map((moment) => featuresAt(moment.visit, moment, usual.get(moment.exercise) ?? 0));
    for (const [question, { answers, predictions, chosen }] of predicted.entries()) {
      const share = shareOf(answers, learnt);
      const shares = exerciseShares(moments, answers, learnt);
      for (const at of asked) {
        predictions.baseRate[at] = share;
        predictions.exercise[at] = shares.get(moments[at]!.exercise) ?? share;
      }
      for (const look of looks) {
        onProgress(done++ / (folds * questions.length * looks.length), `fold ${fold + 1}, ${look}`);
        const vectors = features.map((each, at) => seenBy(look, each, moments[at]!.exercise, exercises));
        const examples = (which: readonly number[]): Examples => examplesOf(vectors, answers, which);
        const rng = seededRng(`${seed}/${fold}/${question}/${look}`);
        const plan = choosePlan(examples(earlier), examples(validation), rng);
        if (look === 'behaviour') chosen.push(plan);
        const given = fitModel(plan, examples(learnt), rng)(examples(asked).rows);
        asked.forEach((at, index) => (predictions[look][at] = given[index]!));
      }
    }
  }
  const students = [...foldOf.keys()];
  const learners = Int32Array.from(whose, (student) => students.indexOf(student));
  const figures = questions.map(({ name, seconds }, question): QuestionFigures => {
    const { answers, predictions, chosen } = predicted[question]!;
    const scores = score(answers, learners, predictions, `${seed}/bootstrap/${name}`);
    return { leaves: name, leastSeconds: seconds, ...scores, chosen };
  });
  const counts = { students: students.length, visits: visits.length, moments: moments.length };
  return { figures: { set: 'epm', ...counts, questions: figures }, lines: linesOf(counts, figures) };
};

/** A place for the prediction of each detector at each moment; the rule has spoken already. */
function noPredictions(moments: readonly Judged[]): Record<Detector, Float64Array> {
  const none = (): Float64Array => new Float64Array(moments.length);
  return {
    baseRate: none(),
    presenceRule: Float64Array.from(moments, ({ rule }) => rule),
    presence: none(),
    pace: none(),
    exercise: none(),
    behaviour: none(),
    behaviourAndExercise: none(),
  };
}

function seenBy(
  look: Look,
  { presence, pace, doing }: MomentFeatures,
  exercise: string,
  exercises: readonly string[],
): readonly number[] {
  if (look === 'presence') return presence;
  if (look === 'pace') return pace;
  const behaviour = [...presence, ...pace, ...doing];
  if (look === 'behaviour') return behaviour;
  return [...behaviour, ...exercises.map((each) => (each === exercise ? 1 : 0))];
}

function examplesOf(vectors: readonly (readonly number[])[], answers: Uint8Array, which: readonly number[]): Examples {
  const columns = vectors[0]?.length ?? 0;
  const rows = new Float32Array(which.length * columns);
  which.forEach((at, index) => rows.set(vectors[at]!, index * columns));
  return { rows, columns, targets: Float32Array.from(which, (at) => answers[at]!) };
}

function choosePlan(learnt: Examples, asked: Examples, rng: Rng): ModelPlan {
  const losses = modelPlans.map((plan) => logLossOf(asked.targets, fitModel(plan, learnt, rng)(asked.rows)));
  return modelPlans[losses.indexOf(Math.min(...losses))]!;
}

function shareOf(answers: Uint8Array, which: readonly number[]): number {
  return which.reduce((sum, at) => sum + answers[at]!, 0) / which.length;
}

/** The share of each exercise, drawn towards that of all as if by twenty moments more. */
function exerciseShares(
  moments: readonly Judged[],
  answers: Uint8Array,
  which: readonly number[],
): ReadonlyMap<string, number> {
  const all = shareOf(answers, which);
  const members = new Map<string, number[]>();
  for (const at of which) {
    const own = members.get(moments[at]!.exercise) ?? [];
    members.set(moments[at]!.exercise, own);
    own.push(at);
  }
  return new Map(
    [...members].map(([exercise, own]) => [
      exercise,
      (shareOf(answers, own) * own.length + 20 * all) / (own.length + 20),
    ]),
  );
}

function score(
  answers: Uint8Array,
  learners: Int32Array,
  predictions: Readonly<Record<Detector, Float64Array>>,
  seed: string,
): Omit<QuestionFigures, 'leaves' | 'leastSeconds' | 'chosen'> {
  // The base rates of folds differ by chance, and in the wrong direction: it tells nobody from anybody.
  const constant = new Float64Array(answers.length);
  const detectors = (Object.keys(predictions) as Detector[]).map((detector): DetectorFigures => {
    const ranked = detector === 'baseRate' ? constant : predictions[detector];
    const { auc, low, high } = aucInterval(answers, learners, ranked, { rng: seededRng(seed) });
    const { rmse, ece } = qualityOf(answers, predictions[detector]);
    const isRule = detector === 'presenceRule';
    return {
      detector,
      auc,
      aucLow: low,
      aucHigh: high,
      brier: isRule ? null : rmse ** 2,
      ece: isRule ? null : ece,
    };
  });
  const over = (one: Float64Array, other: Float64Array): AucDifference =>
    compareAuc(answers, learners, one, other, { rng: seededRng(seed) });
  return {
    baseRate: answers.reduce((sum, answer) => sum + answer, 0) / answers.length,
    detectors,
    behaviourOverExercise: over(predictions.behaviour, predictions.exercise),
    behaviourOverPresenceRule: over(predictions.behaviour, predictions.presenceRule),
    exerciseOverBaseRate: over(predictions.exercise, constant),
  };
}

function linesOf(
  { students, visits, moments }: { readonly students: number; readonly visits: number; readonly moments: number },
  figures: readonly QuestionFigures[],
): string[] {
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;
  return [
    `${moments} moments in ${visits} visits of ${students} students`,
    ...figures.flatMap(({ leastSeconds, baseRate, detectors, behaviourOverExercise: gain }) => [
      '',
      `leaves within two minutes, for ${leastSeconds === 0 ? 'any time' : `${leastSeconds} s or more`}: ${(100 * baseRate).toFixed(1)} %`,
      'told from               AUC (95 %)              Brier  ECE',
      ...detectors.map(({ detector, auc, aucLow, aucHigh, brier, ece }) =>
        [
          detector.padEnd(24),
          `${auc.toFixed(3)} (${aucLow.toFixed(3)} to ${aucHigh.toFixed(3)})`.padEnd(24),
          (brier?.toFixed(3) ?? '').padEnd(7),
          ece?.toFixed(3) ?? '',
        ].join(''),
      ),
      `behaviour over exercise: ${signed(gain.difference)} (${signed(gain.low)} to ${signed(gain.high)})`,
    ]),
  ];
}
