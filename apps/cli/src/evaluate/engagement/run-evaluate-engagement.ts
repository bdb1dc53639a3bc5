import { EXIT_CODE } from '../../shell/exit-code.js';
import { progressBar } from '../../shell/progress-bar.js';
import { DatasetError } from '../datasets.js';
import type { EvaluateEngagement } from './engagement-evaluation.js';
import type { EngagementFlags, EngagementSet } from './engagement-flags.js';

/** How each set is measured. */
const evaluations: { readonly [S in EngagementSet]: () => Promise<EvaluateEngagement> } = {
  oulad: async () => (await import('./evaluate-oulad.js')).evaluateOulad,
  epm: async () => (await import('./evaluate-epm.js')).evaluateEpm,
};

/** Reads, learns, scores and prints; resolves to the exit code. */
export async function runEvaluateEngagement({ set, data, seed, json }: EngagementFlags): Promise<number> {
  const bar = progressBar(!json);
  try {
    const evaluate = await evaluations[set]();
    const onProgress = (share: number, what: string): void => bar.update(Math.round(share * 100), 100, what);
    const { figures, lines } = await evaluate(data, seed, onProgress);
    bar.stop();
    if (json) console.log(JSON.stringify(figures, null, 2));
    else console.log(['', ...lines.map((line) => `  ${line}`.trimEnd()), ''].join('\n'));
    return 0;
  } catch (error) {
    bar.stop();
    if (!(error instanceof DatasetError)) throw error;
    console.error(`  ${error.message}`);
    return EXIT_CODE.settings;
  }
}
