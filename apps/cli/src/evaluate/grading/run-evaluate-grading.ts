import { EXIT_CODE } from '../../shell/exit-code.js';
import { progressBar } from '../../shell/progress-bar.js';
import { DatasetError } from '../datasets.js';
import type { EvaluateSet } from './grading-evaluation.js';
import type { GradingFlags, GradingSet } from './grading-flags.js';
import { flat, writeGradingReport } from './grading-report.js';

/** How each set is measured. */
const evaluations: { readonly [S in GradingSet]: () => Promise<EvaluateSet> } = {
  fcinkml: async () => (await import('./evaluate-fcinkml.js')).evaluateFcinkml,
  hdbpmn: async () => (await import('./evaluate-hdbpmn.js')).evaluateHdbpmn,
  bccd: async () => (await import('./evaluate-bccd.js')).evaluateBccd,
  omniglot: async () => (await import('./evaluate-omniglot.js')).evaluateOmniglot,
  dsb2018: async () => (await import('./evaluate-dsb2018.js')).evaluateDsb2018,
};

/** Reads, learns, scores and prints; resolves to the exit code. */
export async function runEvaluateGrading(flags: GradingFlags): Promise<number> {
  const { set, train, test, labelsPerClass = null, others, seed, report, json } = flags;
  const bar = progressBar(!json);
  try {
    const evaluate = await evaluations[set]();
    const onProgress = (share: number, what: string): void => bar.update(Math.round(share * 100), 100, what);
    const evaluation = await evaluate({ train, test, labelsPerClass, others, seed }, onProgress);
    bar.stop();
    const page = report === undefined ? null : await writeGradingReport(report, set, evaluation);
    if (json) console.log(JSON.stringify(evaluation.figures, null, 2));
    else console.log(forPeople(evaluation, page).join('\n'));
    return 0;
  } catch (error) {
    bar.stop();
    if (!(error instanceof DatasetError)) throw error;
    console.error(`  ${error.message}`);
    return EXIT_CODE.settings;
  }
}

function forPeople({ figures, lines }: Awaited<ReturnType<EvaluateSet>>, page: string | null): string[] {
  const named = flat(figures);
  const width = Math.max(...named.map(([name]) => name.length)) + 2;
  return [
    '',
    ...lines.map((line) => `  ${line}`),
    '',
    ...named.map(([name, value]) => `  ${name.padEnd(width)}${value}`),
    ...(page === null ? [] : ['', `  Worst cases: ${page}`]),
    '',
  ];
}
