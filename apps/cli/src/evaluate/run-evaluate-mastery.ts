import { writeFile } from 'node:fs/promises';
import { calibrationPlot } from './calibration-plot.js';
import { EXIT_CODE } from '../shell/exit-code.js';
import { progressBar } from '../shell/progress-bar.js';
import { DatasetError, readDataset } from './datasets.js';
import { evaluateMastery, type MasteryEvaluation } from './evaluate-mastery.js';
import type { MasteryFlags } from './mastery-flags.js';

/** Reads, fits, scores and prints; resolves to the exit code. */
export async function runEvaluateMastery(flags: MasteryFlags): Promise<number> {
  const bar = progressBar(!flags.json);
  try {
    const { format, model, online, compare, seed } = flags;
    const items = flags.items ?? null;
    const train = await readDataset(format, flags.train, items);
    const test = await readDataset(format, flags.test, items);
    const onProgress = (share: number, what: string): void => bar.update(Math.round(share * 100), 100, what);
    const evaluation = evaluateMastery({ train, test, model, online, compare, seed, onProgress });
    bar.stop();
    console.log(flags.json ? JSON.stringify(evaluation, null, 2) : formatEvaluation(evaluation));
    if (flags.plot !== undefined) {
      const title = `${model}${online ? ', online' : ''}: AUC ${evaluation.auc.toFixed(4)}, ECE ${evaluation.ece.toFixed(4)}`;
      await writeFile(flags.plot, calibrationPlot(title, evaluation.bins));
    }
    return 0;
  } catch (error) {
    bar.stop();
    if (!(error instanceof DatasetError)) throw error;
    console.error(`  ${error.message}`);
    return EXIT_CODE.settings;
  }
}

/** The figures for people. */
function formatEvaluation(evaluation: MasteryEvaluation): string {
  const { againstBestLr, bins } = evaluation;
  const rows: [string, string][] = [
    ['model', `${evaluation.model}${evaluation.online ? ', one pass' : ''}`],
    [
      'fitted to',
      `${evaluation.trainStudents} students, ${evaluation.trainInteractions} interactions, in ${evaluation.fitSeconds.toFixed(1)} s`,
    ],
    ['scored on', `${evaluation.students} students, ${evaluation.n} of ${evaluation.interactions} interactions`],
    ['AUC', evaluation.auc.toFixed(4)],
    ['RMSE', evaluation.rmse.toFixed(4)],
    ['log loss', evaluation.logLoss.toFixed(4)],
    ['ECE', evaluation.ece.toFixed(4)],
    ['time per update', `${evaluation.microsPerUpdate.toFixed(1)} µs, median`],
  ];
  if (againstBestLr !== null) {
    const { difference, low, high } = againstBestLr;
    rows.push(['AUC over Best-LR', `${signed(difference)} (95 %: ${signed(low)} to ${signed(high)})`]);
  }
  const calibration = bins
    .filter(({ count }) => count > 0)
    .map(
      ({ from, count, predicted, observed }) =>
        `  ${from.toFixed(1)}–${(from + 0.1).toFixed(1)}  ${predicted.toFixed(3)}      ${observed.toFixed(3)}     ${String(count).padStart(8)}`,
    );
  return [
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(18)}${value}`),
    '',
    '  bin      predicted  observed  responses',
    ...calibration,
    '',
  ].join('\n');
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
