import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { isFailure, isId } from '#libs/kernel';
import { projectFolder } from '#libs/platform';
import { fillNotebook, packTraining } from '#libs/storage';
import {
  inWords,
  trainingPlanSchema,
  wrongEngine,
  type DatasetTask,
  type TrainingEngine,
  type TrainingPlan,
} from '#libs/training';
import { CommandFailure } from '../shell/command-failure.js';
import { coursesIn } from '../shell/courses-in.js';
import { EXIT_CODE } from '../shell/exit-code.js';
import { withDatabase } from '../shell/with-database.js';
import { withTraining } from './with-training.js';

export interface ExportDatasetFlags {
  readonly out: string;
  readonly name: string;
  readonly engine: TrainingEngine;
  /** Where none is given, {@link usualBackbones} has it. */
  readonly backbone?: string;
  readonly epochs?: number;
  readonly seed: number;
  /** Path of a file with more of the plan. */
  readonly settings?: string;
}

/** What `--settings` may say, in the words of `startTrainingRun`. */
const settingsSchema = z.strictObject({
  weights: trainingPlanSchema.shape.weights.default('none'),
  abstainBelow: trainingPlanSchema.shape.abstainBelow.default(null),
  numbers: z.record(z.string(), z.unknown()).default({}),
});
type Settings = z.infer<typeof settingsSchema>;

/** What a model grows from where nobody says it. */
const usualBackbones: Readonly<Record<DatasetTask, string>> = {
  'image-classification': 'efficientnet-b0',
  'object-detection': 'centre-mobilenet-v2',
};

/** Writes all that a run by files needs into a folder, to be copied to a Drive; resolves to the exit code. */
export function exportDataset(datasetId: string, flags: ExportDatasetFlags): Promise<number> {
  return withDatabase(async (ownerUrl, terminal) => {
    if (!isId(datasetId)) throw new CommandFailure(EXIT_CODE.settings, `"${datasetId}" is not the id of a dataset.`);
    const out = resolve(flags.out);
    const settings = await readSettings(flags.settings);
    const plan = await coursesIn(ownerUrl, null, (courses) =>
      withTraining(ownerUrl, async ({ read, freeze, archives, ids }) => {
        for (const { actor } of new Map(courses.map((course) => [course.actor.institutionId, course])).values()) {
          const dataset = await read.one(actor, datasetId);
          if (isFailure(dataset)) continue;
          const { task } = dataset;
          const chosen = { ...flags, task, backbone: flags.backbone ?? usualBackbones[task] };
          const wrong = wrongEngine({ ...chosen, weights: settings.weights }, task);
          if (wrong !== null) throw new CommandFailure(EXIT_CODE.settings, inWords(wrong));
          const frozen = await freeze.execute(actor, datasetId, flags.seed);
          if (isFailure(frozen) && frozen.code === 'NOT_FOUND') continue;
          if (isFailure(frozen)) throw new CommandFailure(EXIT_CODE.settings, inWords(frozen));
          await mkdir(out, { recursive: true });
          const archive = await archives.locate(actor.institutionId, frozen.sha256);
          await copyFile(archive!, join(out, 'dataset.zip'));
          return planFor(ids.next(), { ...chosen, settings }, frozen);
        }
        throw new CommandFailure(EXIT_CODE.settings, `There is no dataset ${datasetId}, or its images are not here.`);
      }),
    );
    await writeFile(join(out, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`);
    const training = join(projectFolder, 'training');
    const sources = await packTraining(training);
    if (sources === null) throw new CommandFailure(EXIT_CODE.settings, `The training package is not in ${training}.`);
    await writeFile(join(out, 'attune-training.zip'), sources);
    await writeFile(join(out, 'attune_training.ipynb'), (await fillNotebook(training, { dataset: 'dataset.zip' }))!);
    terminal.line(`  ${out}: plan.json, dataset.zip, attune-training.zip, attune_training.ipynb`);
    terminal.line('  Copy the folder to Drive as `attune`, open the notebook in Colab, and run all cells.');
    terminal.line('  Afterwards: attune model import package.zip --course ID');
    return EXIT_CODE.stopped;
  });
}

function planFor(
  id: string,
  {
    name,
    task,
    engine,
    backbone,
    epochs,
    seed,
    settings,
  }: Omit<ExportDatasetFlags, 'settings'> & { readonly task: DatasetTask; readonly settings: Settings },
  { sha256, bytes }: { readonly sha256: string; readonly bytes: number },
): TrainingPlan {
  const parsed = trainingPlanSchema.safeParse({
    schemaVersion: 1,
    run: { id, name },
    server: null,
    dataset: { url: null, sha256, bytes },
    task,
    engine,
    backbone,
    weights: settings.weights,
    abstainBelow: settings.abstainBelow,
    numbers: { ...settings.numbers, seed, ...(epochs !== undefined && { epochs }) },
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CommandFailure(EXIT_CODE.settings, `${issue!.path.join('.')}: ${issue!.message}`);
}

async function readSettings(path: string | undefined): Promise<Settings> {
  if (path === undefined) return settingsSchema.parse({});
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) throw new CommandFailure(EXIT_CODE.settings, `There is no file ${path}.`);
  const parsed = settingsSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CommandFailure(EXIT_CODE.settings, `${path}: ${issue!.path.join('.')}: ${issue!.message}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
