import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { projectFolder } from '#libs/platform';
import { newId } from '../support/api.js';
import { ModelSchool } from '../support/model-school.js';
import { importShapes } from '../support/training.js';
import { until } from '../support/until.js';

const python = process.env['ATTUNE_TRAINING_PYTHON'] ?? join(projectFolder, '.attune/training-venv/bin/python');

/** Why the training package cannot train here; null where it can. */
function whyNot(): string | null {
  if (!existsSync(python)) return 'there is no environment of the training package: `npm run test:training` makes one';
  const { status } = spawnSync(python, ['-c', 'import jax, keras, torch, onnx, onnxruntime']);
  return status === 0 ? null : 'its environment lacks keras-jax or what exports: `npm run test:training` installs them';
}

const missing = whyNot();

/** The training package, as it is run with a code on any machine, killed while it uploads, and run again. */
describe('the training package and the server', () => {
  let place: ModelSchool;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    place = await ModelSchool.open('cpu-school');
  }, 60_000);
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await place?.close();
  });

  const train = (code: string): { child: ChildProcess; ended: Promise<number | null>; said: () => string } => {
    let said = '';
    const { api, data } = place;
    const args = ['-m', 'attune_training', 'train', '--server', api.url, '--code', code, '--out', join(data, 'run')];
    const child = spawn(python, [...args, '--upload'], {
      cwd: join(projectFolder, 'training'),
      env: { ...process.env, KERAS_BACKEND: 'jax', JAX_PLATFORMS: 'cpu' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (text: Buffer) => (said += text.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { child, ended, said: () => said };
  };

  it('make a model together, over a kill in between', async ({ skip }: TestContext) => {
    skip(missing !== null, missing ?? '');
    const datasetId = await importShapes(place.api, place.school, place.data, { sources: 80 });
    const id = newId();
    const { runCode } = await place.startRun({
      id,
      datasetId,
      name: 'Trained elsewhere',
      engine: 'keras-jax',
      backbone: 'tiny-convnet',
      numbers: { imageSize: 32, batchSize: 32, epochs: 30, headEpochs: 0, learningRate: 0.02, patience: 30 },
    });
    const read = () => place.readRun(id);
    await until(async () => (await read()).state === 'waiting');
    const first = train(runCode);
    const phases = async (): Promise<string[]> => (await read()).progress.map(({ phase }: { phase: string }) => phase);
    let isOver = false;
    void first.ended.then(() => (isOver = true));
    await until(async () => isOver || (await phases()).includes('all'), 500);
    first.child.kill('SIGKILL');
    await first.ended;
    expect((await read()).modelId).toBeNull();

    const second = train(runCode);
    expect(await second.ended, second.said().slice(-3_000)).toBe(0);
    const run = await read();
    expect(run).toMatchObject({ state: 'done', failure: null });
    const lines = run.progress.map(({ sequence }: { sequence: number }) => sequence);
    expect(lines).toEqual(lines.map((_: number, index: number) => index + 1));
    const model = await place.desk.settled(run.modelId);
    expect(model, JSON.stringify(model.refusal)).toMatchObject({ state: 'verified', runId: id });
    expect(model.verified).toMatchObject({ name: 'Trained elsewhere', labels: ['circle', 'square', 'triangle'] });
    expect(await place.desk.move(model.id, 'candidate')).toMatchObject({ state: 'candidate' });
  }, 600_000);
});
