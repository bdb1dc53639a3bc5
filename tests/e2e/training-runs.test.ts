import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import type { RunningPart } from '#libs/platform';
import { trainingPlanSchema } from '#libs/training';
import { connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { heard } from '../support/heard.js';
import { ModelDesk } from '../support/models.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { importShapes } from '../support/training.js';
import { until } from '../support/until.js';
import { startTestWorker } from '../support/worker.js';

describe('training runs', () => {
  let data: string;
  let api: TestApi;
  let worker: RunningPart;
  let school: School;
  let other: School;
  let learner: Person;
  let desk: ModelDesk;
  let datasetId: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'attune-runs-'));
    api = await startTestApi({ ATTUNE_DATA_DIR: data });
    worker = await startTestWorker(api.database, { ATTUNE_DATA_DIR: data });
    school = await foundSchool(api.app, 'run-school');
    other = await foundSchool(api.app, 'other-run-school');
    learner = await school.join('student', 'learner');
    desk = new ModelDesk(api, school, data);
    datasetId = await importShapes(api, school, data);
  }, 60_000);
  afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));
  afterAll(async () => {
    await worker?.close();
    await api?.close();
    await rm(data, { recursive: true, force: true });
  });

  const call = async (person: Person, { document }: { document: string }, variables: object) => {
    const answer = await graphql(api.url, document, { token: person.token, variables: { ...variables } });
    return answer.errors ? { code: answer.errors[0]!.extensions.code } : Object.values(answer.data!)[0];
  };
  const aRun = (more: object = {}) => ({
    id: newId(),
    courseId: school.courseId,
    datasetId,
    name: 'Shapes',
    engine: 'keras-jax',
    backbone: 'tiny-convnet',
    ...more,
  });
  const start = (input: object, person = school.teacher) => call(person, operations.startTrainingRun, { input });
  const read = (id: string, person = school.teacher) => call(person, operations.trainingRun, { id });
  const reached = async (id: string, state: string) => {
    await until(async () => (await read(id)).state === state);
    return read(id);
  };
  /** A run whose code gives out the plan. */
  const waiting = async (more: object = {}): Promise<{ id: string; code: string }> => {
    const { runCode: code, run } = await start(aRun(more));
    await reached(run.id, 'waiting');
    return { id: run.id, code };
  };
  const get = (path: string) => fetch(`${api.url}${path}`);
  const planOf = async (code: string) => trainingPlanSchema.parse(await (await get(`/training/plans/${code}`)).json());
  const report = (id: string, token: string, lines: unknown) =>
    fetch(`${api.url}/training/runs/${id}/progress`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(lines),
    });
  const aLine = (sequence: number, more: object = {}) => ({
    sequence,
    phase: 'all',
    epoch: sequence,
    epochs: 5,
    metrics: { loss: 1 / sequence },
    at: new Date().toISOString(),
    ...more,
  });
  const watch = async () => {
    const socket = await connect(api.url, '/teach', school.teacher.token);
    sockets.push(socket);
    const told = heard(socket);
    await mustAsk(socket, '/teach', 'course.watch', { courseId: school.courseId });
    return told;
  };

  it('give out their plan and dataset by a short code, to whoever has it, until it is renewed', async () => {
    const input = aRun({ numbers: { epochs: 3 } });
    const started = await start(input);
    expect(started).toMatchObject({
      run: { state: 'preparing' },
      runCode: expect.stringMatching(/^(\w{4}-){2}\w{4}$/),
    });
    expect(await start(input)).toMatchObject({ run: { id: input.id }, runCode: null });
    expect(await start({ ...input, name: 'Other' })).toMatchObject({ code: 'ID_REUSED' });
    await reached(input.id, 'waiting');
    const plan = await planOf(started.runCode.toLowerCase().replaceAll('-', ' '));
    expect(plan).toMatchObject({
      run: { id: input.id, name: 'Shapes' },
      server: { url: api.url },
      engine: 'keras-jax',
      weights: 'none',
      numbers: { epochs: 3, batchSize: 128 },
    });
    const archive = await fetch(plan.dataset.url!);
    const bytes = Buffer.from(await archive.arrayBuffer());
    expect(bytes.length).toBe(plan.dataset.bytes);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(plan.dataset.sha256);
    const renewed = await call(school.teacher, operations.renewTrainingCode, { id: input.id });
    expect((await get(`/training/plans/${started.runCode}`)).status).toBe(404);
    expect((await planOf(renewed.runCode)).run.id).toBe(input.id);
    // A code that was never made, one that has expired, and an address that was made up.
    expect((await get('/training/plans/2222-2222-2222')).status).toBe(404);
    await query(api.database.ownerUrl, 'UPDATE training_runs SET code_expires_at = now() WHERE id = $1', [input.id]);
    expect((await get(`/training/plans/${renewed.runCode}`)).status).toBe(404);
    expect(await read(input.id)).toMatchObject({ state: 'expired' });
    expect((await fetch(`${plan.dataset.url!.slice(0, -3)}abc`)).status).toBe(404);
    expect((await get('/training/archives')).status).toBe(404);
    const code = await query<{ found: boolean }>(
      api.database.ownerUrl,
      `SELECT bool_or(row_to_json(r)::text LIKE '%' || $1 || '%') AS found FROM training_runs r`,
      [renewed.runCode],
    );
    expect(code[0]!.found).toBe(false);
  });

  it('tell how far they are, once each line, and the teachers hear it', async () => {
    const told = await watch();
    const { id, code } = await waiting();
    const { server } = await planOf(code);
    const first = await report(id, server!.token, [aLine(1), aLine(2)]);
    expect(await first.json()).toEqual({ accepted: 2, cancel: false });
    expect(await (await report(id, server!.token, [aLine(2), aLine(3)])).json()).toEqual({
      accepted: 1,
      cancel: false,
    });
    await until(async () => (await told.next('training.changed')).state === 'running');
    expect(await told.next('training.progressed')).toMatchObject({
      runId: id,
      line: 2,
      phase: 'all',
      metrics: { loss: 0.5 },
    });
    const { state, progress } = await read(id);
    expect(state).toBe('running');
    expect(progress.map(({ sequence }: { sequence: number }) => sequence)).toEqual([1, 2, 3]);
    expect((await call(school.teacher, operations.trainingRun, { id, afterLine: 2 })).progress).toHaveLength(1);
    const bad = await report(id, server!.token, [{ ...aLine(4), phase: 'dreaming' }]);
    expect([bad.status, ((await bad.json()) as { code: string }).code]).toEqual([400, 'INVALID_INPUT']);
    // Ten minutes later nothing was heard of it; then it comes back, with a token of its own.
    const silent = `UPDATE training_runs SET heard_at = now() - interval '11 minutes' WHERE id = $1`;
    await query(api.database.ownerUrl, silent, [id]);
    expect(await read(id)).toMatchObject({ state: 'running', isStalled: true });
    const again = await planOf(code);
    expect((await report(id, server!.token, [aLine(4)])).status).toBe(401);
    expect(await (await report(id, again.server!.token, [aLine(4)])).json()).toMatchObject({ accepted: 1 });
    expect(await read(id)).toMatchObject({ isStalled: false });
    // Cancelled, it hears of it, and ends.
    expect(await call(school.teacher, operations.cancelTrainingRun, { id })).toMatchObject({ state: 'running' });
    expect(await (await report(id, again.server!.token, [aLine(5)])).json()).toMatchObject({ cancel: true });
    await report(id, again.server!.token, [aLine(6, { phase: 'failed', message: 'cancelled' })]);
    expect(await read(id)).toMatchObject({ state: 'cancelled' });
    expect((await report(id, again.server!.token, [aLine(7)])).status).toBe(401);
    const stopped = await waiting();
    expect(await call(school.teacher, operations.cancelTrainingRun, { id: stopped.id })).toMatchObject({
      state: 'cancelled',
    });
    expect((await get(`/training/plans/${stopped.code}`)).status).toBe(404);
  });

  it('hand in their package in pieces, go on after a break, and become a model', async () => {
    const { id, code } = await waiting();
    const { server } = await planOf(code);
    const zip = await desk.package({ name: 'From a run' });
    const sha256 = createHash('sha256').update(zip).digest('hex');
    const send = (method: string, path: string, more: Record<string, string>, body?: Buffer, token = server!.token) =>
      fetch(`${api.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0', ...more },
        ...(body !== undefined && { body: new Uint8Array(body) }),
      });
    const metadata = (run: string) =>
      Object.entries({ run, sha256 })
        .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
        .join(',');
    const create = (run: string, token?: string) =>
      send(
        'POST',
        '/training/uploads',
        { 'upload-length': String(zip.length), 'upload-metadata': metadata(run) },
        undefined,
        token,
      );
    const foreign = await waiting();
    const { server: theirs } = await planOf(foreign.code);
    expect((await create(id, theirs!.token)).status).toBe(400);
    expect((await create(id, school.teacher.token)).status).toBe(401);
    const created = await create(id);
    expect(created.status).toBe(201);
    const place = new URL(created.headers.get('location')!, api.url).pathname;
    const piece = { 'content-type': 'application/offset+octet-stream' };
    const half = Math.floor(zip.length / 2);
    expect((await send('PATCH', place, { ...piece, 'upload-offset': '0' }, zip.subarray(0, half))).status).toBe(204);
    expect((await send('HEAD', place, {}, undefined, theirs!.token)).status).toBe(404);
    // The machine is lost, and comes back with the code.
    const { server: back } = await planOf(code);
    expect((await send('HEAD', place, {}, undefined)).status).toBe(401);
    const asked = await send('HEAD', place, {}, undefined, back!.token);
    expect(asked.headers.get('upload-offset')).toBe(String(half));
    const rest = { ...piece, 'upload-offset': String(half) };
    const done = await send('PATCH', place, rest, zip.subarray(half), back!.token);
    expect(await done.json()).toMatchObject({ kind: 'uploaded' });
    const run = await reached(id, 'done');
    expect(await desk.settled(run.modelId)).toMatchObject({
      state: 'verified',
      runId: id,
      verified: { name: 'From a run' },
    });
    expect(await call(school.teacher, operations.cancelTrainingRun, { id })).toMatchObject({ code: 'WRONG_STATE' });
  });

  it('are not prepared from too little, and are told so', async () => {
    const input = { ...aRun(), id: newId() };
    const dataset = {
      id: newId(),
      courseId: school.courseId,
      name: 'Empty',
      description: 'Nothing.',
      consentBasis: 'generated',
      licence: 'CC0-1.0',
      splitBy: 'image',
    };
    await call(school.teacher, operations.createTrainingDataset, { input: dataset });
    await start({ ...input, datasetId: dataset.id });
    expect(await reached(input.id, 'failed')).toMatchObject({
      failure: expect.stringContaining('at least two labels'),
    });
    const issues = async (more: object): Promise<string[]> =>
      ((await start(aRun(more))).issues as { path: string }[]).map(({ path }) => path);
    expect(await issues({ backbone: 'resnet-9000' })).toEqual(['backbone']);
    expect(await issues({ engine: 'abacus' })).toEqual(['engine']);
    expect(await issues({ numbers: { epochs: 0, speed: 3 } })).toEqual(['numbers.epochs', 'numbers']);
    expect(await start(aRun({ datasetId: newId() }))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are the business of those who teach the course', async () => {
    const { id } = await waiting();
    const colleague = await school.join('teacher', null);
    for (const [person, code] of [
      [learner, 'FORBIDDEN'],
      [colleague, 'NOT_FOUND'],
      [other.teacher, 'NOT_FOUND'],
      [other.admin, 'NOT_FOUND'],
    ] as const) {
      expect(await start(aRun(), person)).toMatchObject({ code });
      expect(await read(id, person)).toMatchObject({ code });
      expect(await call(person, operations.trainingRuns, { courseId: school.courseId })).toMatchObject({ code });
      expect(await call(person, operations.renewTrainingCode, { id })).toMatchObject({ code });
      expect(await call(person, operations.cancelTrainingRun, { id })).toMatchObject({ code });
    }
    expect(await read(id)).toMatchObject({ state: 'waiting' });
  });

  it('bring the training package along', async () => {
    const zip = Buffer.from(await (await get('/training/package.zip')).arrayBuffer());
    expect(zip.subarray(0, 2).toString()).toBe('PK');
    expect(zip.includes('attune-training/pyproject.toml')).toBe(true);
    expect(zip.includes('attune-training/attune_training/schemas/training-plan.schema.json')).toBe(true);
  });
});
