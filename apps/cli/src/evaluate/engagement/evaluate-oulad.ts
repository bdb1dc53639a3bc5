import { seededRng } from '#libs/kernel';
import { aucInterval, compareAuc, qualityOf, type AucDifference } from '#libs/mastery';
import { DatasetError } from '../datasets.js';
import type { EvaluateEngagement } from './engagement-evaluation.js';
import { fitModel, logLossOf, modelPlans, type Examples, type ModelPlan } from './learned-model.js';
import { isRegisteredAt, missingShareAt, ouladFeatures, ouladFeaturesAt } from './oulad-features.js';
import { readOulad, type Enrolment } from './oulad-records.js';
import { splitByPresentation, type PresentationSplit } from './oulad-split.js';

/** What is said of one week. */
interface WeekFigures {
  /** Weeks since the start; 0 is before it. */
  readonly week: number;
  /** Enrolments that are scored: those still registered. */
  readonly enrolments: number;
  readonly students: number;
  /** Share of them who will not pass. */
  readonly baseRate: number;
  readonly auc: number;
  readonly aucLow: number;
  readonly aucHigh: number;
  readonly brier: number;
  readonly ece: number;
  /** Of the share of due assessments that are missing, alone. */
  readonly baselineAuc: number;
  readonly aucOverBaseline: AucDifference;
  /** Of the module that it is, alone. */
  readonly moduleAuc: number;
}

/**
 * Who will not pass (failed or withdrew), told every other week from what is known by then, of those who are still registered.
 * The kind of model and its settings are chosen once for all weeks, by their mean log loss on the validation presentations; then each
 * week has a model of its own, which has learnt from all training presentations. A presentation that is over stands
 * as at its end.
 */
export const evaluateOulad: EvaluateEngagement = async (folder, seed, onProgress) => {
  const split = splitByPresentation(await readOulad(folder));
  const { heldOut, training, validation, earlier } = split;
  const weeks = evenWeeks(heldOut);
  const modules = [...new Set(training.map(({ presentation }) => presentation.module))].sort();
  const at = (enrolments: readonly Enrolment[], week: number): WeekExamples => examplesAt(enrolments, week, modules);
  const steps = weeks.length * (modelPlans.length + 1);
  let done = 0;

  const losses = modelPlans.map(() => 0);
  for (const week of weeks) {
    const [learnt, asked] = [at(earlier, week), at(validation, week)];
    for (const [place, plan] of modelPlans.entries()) {
      onProgress(done++ / steps, `choosing a model, week ${week}`);
      const predict = fitModel(plan, learnt, seededRng(`${seed}/choose/${week}/${place}`));
      losses[place]! += logLossOf(asked.targets, predict(asked.rows)) / weeks.length;
    }
  }
  const candidates = modelPlans.map((plan, place) => ({ ...plan, validationLogLoss: losses[place]! }));
  const chosen = modelPlans[losses.indexOf(Math.min(...losses))]!;

  const figures = weeks.map((week) => {
    onProgress(done++ / steps, `scoring week ${week}`);
    return weekFigures(week, chosen, at(training, week), at(heldOut, week), seed);
  });
  return {
    figures: { set: 'oulad', split: named(split), candidates, chosen, weeks: figures },
    lines: linesOf(split, chosen, figures),
  };
};

interface WeekExamples extends Examples {
  readonly enrolments: readonly Enrolment[];
  readonly day: number;
}

function examplesAt(enrolments: readonly Enrolment[], week: number, modules: readonly string[]): WeekExamples {
  const day = 7 * week;
  const registered = enrolments.filter((each) => isRegisteredAt(each, day));
  const columns = modules.length + ouladFeatures.length;
  const rows = new Float32Array(registered.length * columns);
  for (const [row, each] of registered.entries()) {
    const { module, days } = each.presentation;
    rows.set(
      modules.map((name) => (name === module ? 1 : 0)),
      row * columns,
    );
    rows.set(ouladFeaturesAt(each, Math.min(day, days)), row * columns + modules.length);
  }
  const targets = Float32Array.from(registered, ({ didNotPass }) => (didNotPass ? 1 : 0));
  return { rows, columns, targets, enrolments: registered, day };
}

function weekFigures(
  week: number,
  plan: ModelPlan,
  learnt: WeekExamples,
  asked: WeekExamples,
  seed: string,
): WeekFigures {
  const predictions = fitModel(plan, learnt, seededRng(`${seed}/fit/${week}`))(asked.rows);
  const answers = Uint8Array.from(asked.targets);
  const numbers = new Map<string, number>();
  const learners = Int32Array.from(asked.enrolments, ({ student }) => {
    const number = numbers.get(student) ?? numbers.size;
    numbers.set(student, number);
    return number;
  });
  const baseline = Float64Array.from(asked.enrolments, (each) => missingShareAt(each, asked.day));
  const rng = seededRng(`${seed}/bootstrap/${week}`);
  const { auc, low, high } = aucInterval(answers, learners, predictions, { rng });
  const aucOverBaseline = compareAuc(answers, learners, predictions, baseline, { rng });
  const { rmse, ece } = qualityOf(answers, predictions);
  const modules = new Set(asked.enrolments.map(({ presentation }) => presentation.module));
  const shares = new Map([...modules].map((module) => [module, shareInModule(learnt, module)]));
  const byModule = Float64Array.from(asked.enrolments, ({ presentation }) => shares.get(presentation.module)!);
  return {
    week,
    enrolments: answers.length,
    students: numbers.size,
    baseRate: answers.reduce((sum, answer) => sum + answer, 0) / answers.length,
    auc,
    aucLow: low,
    aucHigh: high,
    brier: rmse ** 2,
    ece,
    baselineAuc: auc - aucOverBaseline.difference,
    aucOverBaseline,
    moduleAuc: qualityOf(answers, byModule).auc,
  };
}

/** How many of a module did not pass; of all, where nobody took it. */
function shareInModule({ enrolments }: WeekExamples, module: string): number {
  const own = enrolments.filter(({ presentation }) => presentation.module === module);
  const asked = own.length > 0 ? own : enrolments;
  return asked.filter(({ didNotPass }) => didNotPass).length / asked.length;
}

/** Every other week, as far as all presentations go. */
function evenWeeks(enrolments: readonly Enrolment[]): number[] {
  const days = enrolments.reduce((least, { presentation }) => Math.min(least, presentation.days), Infinity);
  if (days < 14) throw new DatasetError('A presentation is shorter than two weeks.');
  return Array.from({ length: Math.floor(days / 14) + 1 }, (_, at) => 2 * at);
}

function named({ heldOut, training, validation, earlier }: PresentationSplit) {
  const side = (enrolments: readonly Enrolment[]) => ({
    presentations: [...new Set(enrolments.map(({ presentation: { module, name } }) => `${module} ${name}`))].sort(),
    enrolments: enrolments.length,
    students: new Set(enrolments.map(({ student }) => student)).size,
  });
  return { heldOut: side(heldOut), training: side(training), validation: side(validation), earlier: side(earlier) };
}

function linesOf({ heldOut, training }: PresentationSplit, chosen: ModelPlan, weeks: readonly WeekFigures[]): string[] {
  const name = heldOut[0]!.presentation.name;
  return [
    `who will not pass, of those still registered: learnt from ${training.length} enrolments before ${name}, scored on ${name}`,
    `chosen: ${Object.entries(chosen)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ')}`,
    '',
    'week  enrolments  will not pass  AUC (95 %)              Brier  ECE    missing alone  module alone',
    ...weeks.map(({ week, enrolments, baseRate, auc, aucLow, aucHigh, brier, ece, baselineAuc, moduleAuc }) =>
      [
        String(week).padEnd(6),
        String(enrolments).padEnd(12),
        baseRate.toFixed(3).padEnd(15),
        `${auc.toFixed(3)} (${aucLow.toFixed(3)} to ${aucHigh.toFixed(3)})`.padEnd(24),
        brier.toFixed(3).padEnd(7),
        ece.toFixed(3).padEnd(7),
        baselineAuc.toFixed(3).padEnd(15),
        moduleAuc.toFixed(3),
      ].join(''),
    ),
  ];
}
