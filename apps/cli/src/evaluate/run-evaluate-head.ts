import { OnnxRuntime } from '#libs/inference';
import { EXIT_CODE } from '../shell/exit-code.js';
import { progressBar } from '../shell/progress-bar.js';
import { DatasetError } from './datasets.js';
import { evaluateHead, type HeadEvaluation } from './evaluate-head.js';
import type { HeadFlags } from './head-flags.js';
import { readLabelledPictures } from './labelled-pictures.js';

/** Reads, fits, scores and prints; resolves to the exit code. */
export async function runEvaluateHead(flags: HeadFlags): Promise<number> {
  const { data, labels, most, margin, draws, seed, json } = flags;
  const bar = progressBar(!json);
  const runtime = new OnnxRuntime({ threads: 1 });
  try {
    const per = flags.per.map(Number);
    if (!per.every((count) => Number.isInteger(count) && count >= 5)) {
      throw new DatasetError('--per takes whole numbers from 5.');
    }
    const group = flags.group === undefined ? null : new RegExp(flags.group);
    const choice = { labels, most, group, margin, window: flags.window ?? null, seed };
    const examples = await readLabelledPictures(data, choice);
    const onProgress = (share: number, what: string): void => bar.update(Math.round(share * 100), 100, what);
    const evaluation = await evaluateHead(examples, { per, draws, seed, runtime, onProgress });
    bar.stop();
    console.log(json ? JSON.stringify(evaluation, null, 2) : formatEvaluation(evaluation));
    return 0;
  } catch (error) {
    bar.stop();
    if (!(error instanceof DatasetError)) throw error;
    console.error(`  ${error.message}`);
    return EXIT_CODE.settings;
  } finally {
    await runtime.close();
  }
}

/** The figures for people. */
function formatEvaluation({ labels, pictures, groups, millisecondsPerPicture, figures }: HeadEvaluation): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return [
    '',
    `  ${labels.length} labels: ${labels.join(', ')}`,
    `  ${pictures} pictures in ${groups} groups, ${millisecondsPerPicture.toFixed(1)} ms each to describe`,
    '',
    '  of each label  accuracy (range of draws)      surest 80 %  ECE    claims   seven numbers  time',
    ...figures.map(({ per, accuracy, lowest, highest, surest, ece, claimed, sevenNumbers, seconds }) =>
      [
        `  ${String(per).padEnd(15)}`,
        `${percent(accuracy)} (${percent(lowest)} to ${percent(highest)})`.padEnd(31),
        percent(surest).padEnd(13),
        ece.toFixed(3).padEnd(7),
        percent(claimed).padEnd(9),
        percent(sevenNumbers).padEnd(15),
        `${seconds.toFixed(1)} s`,
      ].join(''),
    ),
    '',
  ].join('\n');
}
