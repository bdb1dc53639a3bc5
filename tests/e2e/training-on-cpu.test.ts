import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { operations } from '#libs/client';
import { projectFolder } from '#libs/platform';
import { newId } from '../support/api.js';
import { attune } from '../support/attune-command.js';
import { ModelSchool } from '../support/model-school.js';
import { Relay } from '../support/relay.js';
import { drawShapes } from '../support/shapes.js';
import { importShapes } from '../support/training.js';
import { until } from '../support/until.js';

const python = process.env['ATTUNE_TRAINING_PYTHON'] ?? join(projectFolder, '.attune/training-venv/bin/python');

/** Why the training package cannot train here; null where it can. */
function whyNot(): string | null {
  if (!existsSync(python)) return 'there is no environment of the training package: `npm run test:training` makes one';
  const { status } = spawnSync(python, ['-c', 'import jax, keras, torch, onnx, onnxruntime, IPython, matplotlib']);
  return status === 0 ? null : 'its environment lacks keras-jax or what exports: `npm run test:training` installs them';
}

const missing = whyNot();

/** Runs the cells of a notebook, one after the other, as Colab does. */
const runCells = `
import json, sys
space = {"__name__": "__main__"}
for index, cell in enumerate(json.load(open(sys.argv[1]))["cells"]):
    if cell["cell_type"] == "code":
        exec(compile("".join(cell["source"]), f"cell {index}", "exec"), space)
`;

/** The notebook with the training package, on a CPU. */
describe('the training package and the server', () => {
  let place: ModelSchool;
  let relay: Relay;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    place = await ModelSchool.open('cpu-school');
    relay = await Relay.open(place.api.url);
  }, 60_000);
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await relay?.close();
    await place?.close();
  });

  /** @param home the folder that stands for the one on Drive */
  const train = (notebook: string, home: string) => {
    let said = '';
    const child = spawn(python, ['-c', runCells, notebook], {
      cwd: home,
      env: {
        ...process.env,
        ATTUNE_RUNS: home,
        JAX_PLATFORMS: 'cpu',
        MPLBACKEND: 'Agg',
        PYTHONPATH: join(projectFolder, 'training'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text: Buffer) => (said += text.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const kill = async (): Promise<void> => {
      child.kill('SIGKILL');
      await ended;
    };
    return { ended, kill, said: () => said };
  };

  it('make a model together, over a kill in training and one in the upload, and it grades', async ({
    skip,
  }: TestContext) => {
    skip(missing !== null, missing ?? '');
    const datasetId = await importShapes(place.api, place.school, place.data, { sources: 80 });
    const [id, name] = [newId(), 'Trained elsewhere'];
    const { ways } = await place.startRun({
      id,
      datasetId,
      name,
      engine: 'keras-jax',
      backbone: 'tiny-convnet',
      numbers: { imageSize: 32, batchSize: 32, epochs: 30, headEpochs: 0, learningRate: 0.02, patience: 30 },
    });
    const read = () => place.readRun(id);
    await until(async () => (await read()).state === 'waiting');
    const home = await mkdtemp(join(place.data, 'drive-'));
    const notebook = join(home, 'attune_training.ipynb');
    const address = ways.notebookUrl.replace(place.api.url, relay.url);
    await writeFile(notebook, Buffer.from(await (await fetch(address)).arrayBuffer()));
    const first = train(notebook, home);
    const phases = async (): Promise<string[]> => (await read()).progress.map(({ phase }: { phase: string }) => phase);
    let isOver = false;
    void first.ended.then(() => (isOver = true));
    await until(async () => isOver || (await phases()).includes('all'), 500);
    await first.kill();
    expect((await read()).modelId).toBeNull();

    const second = train(notebook, home);
    const half = 40_000;
    await Promise.race([relay.cutUploadAfter(half), second.ended]);
    await second.kill();
    expect(relay.uploads, second.said().slice(-3_000)).toEqual([half]);
    expect((await read()).modelId).toBeNull();

    const third = train(notebook, home);
    expect(await third.ended, third.said().slice(-3_000)).toBe(0);
    const run = await read();
    expect(run).toMatchObject({ state: 'done', failure: null });
    const lines = run.progress.map(({ sequence }: { sequence: number }) => sequence);
    expect(lines).toEqual(lines.map((_: number, index: number) => index + 1));
    const model = await place.desk.settled(run.modelId);
    expect(model, JSON.stringify(model.refusal)).toMatchObject({ state: 'verified', runId: id });
    expect(model.verified).toMatchObject({ name, labels: ['circle', 'square', 'triangle'] });
    // What had arrived was not sent again.
    const { size } = await stat(join(home, id, 'package.zip'));
    expect(relay.uploads).toHaveLength(2);
    expect(relay.uploads[1]).toBeLessThan(size);

    // It takes over from a model of random weights once it has shown on live works that it is better, grades, and goes back.
    const before = await place.desk.moved({ name }, 'candidate', 'active');
    for (const state of ['candidate', 'shadow'])
      expect(await place.desk.move(model.id, state)).toMatchObject({ state });
    const hints = { orient: 'Look at its corners.', point: 'Has it any?', show: 'A circle has none.' };
    const asked = { kind: 'classify', version: 1, model: name, expected: 'circle', points: 2, skill: 'shapes', hints };
    const assignment = await place.assign(asked);
    const works = (await drawShapes(95)).slice(3 * 80);
    // Of two learners, as one may hand in 30 pictures a minute.
    const learners = [place.learner, await place.school.join('student', 'learner')];
    await place.settle(assignment.id, works.slice(0, 36), { expected: 'circle', learners });
    const moved = await place.desk.move(model.id, 'active');
    expect(moved, JSON.stringify(moved)).toMatchObject({ state: 'active' });
    const circle = works.slice(36).find(({ label }) => label === 'circle')!.picture;
    const graded = () => place.graded(assignment.id, circle, { type: 'image/jpeg' });
    expect(await graded()).toMatchObject({ scores: [{ total: 2, maximum: 2, modelId: model.id }] });
    expect(await place.desk.rollBack(name)).toMatchObject({ id: before.id, state: 'active' });
    expect((await graded()).judgements.map(({ modelId }: { modelId: string }) => modelId)).toContain(before.id);
  }, 600_000);

  it('make one by files alone, where neither reaches the other', async ({ skip }: TestContext) => {
    skip(missing !== null, missing ?? '');
    const { api, data, school } = place;
    const environment = { DATABASE_URL: api.database.ownerUrl, ATTUNE_DATA_DIR: data };
    const run = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await attune(args, environment);
      expect(code, stderr + stdout).toBe(0);
      return stdout;
    };
    const home = join(data, 'attune');
    const datasetId = await importShapes(api, school, data);
    const chosen = ['--name', 'By files', '--backbone', 'tiny-convnet', '--epochs', '1'];
    await run('train', 'export', datasetId, '--out', home, ...chosen);
    const { ended, said } = train(join(home, 'attune_training.ipynb'), home);
    expect(await ended, said().slice(-3_000)).toBe(0);
    const plan = JSON.parse(await readFile(join(home, 'plan.json'), 'utf8')) as { run: { id: string } };
    const file = join(home, plan.run.id, 'package.zip');
    expect(said()).toContain('attune model import');
    await run('model', 'import', file, '--course', school.courseId);
    const { edges } = await place.call(school.teacher, operations.models, {
      courseId: school.courseId,
      name: 'By files',
    });
    expect(edges).toMatchObject([{ node: { state: 'verified' } }]);
  }, 300_000);
});
