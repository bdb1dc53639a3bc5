import { createHash } from 'node:crypto';
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import { trainingPlanSchema } from '#libs/training';
import { connect, mustAsk, newId, type TestApi } from '../support/api.js';
import { heard } from '../support/heard.js';
import { ModelSchool } from '../support/model-school.js';
import type { ModelDesk } from '../support/models.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type School } from '../support/school.js';
import { importShapes } from '../support/training.js';
import { until } from '../support/until.js';

describe('training runs', () => {
  let place: ModelSchool;
  let api: TestApi;
  let school: School;
  let other: School;
  let desk: ModelDesk;
  let datasetId: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    place = await ModelSchool.open('run-school');
    ({ api, school, desk } = place);
    other = await foundSchool(api.app, 'other-run-school');
    datasetId = await importShapes(api, school, place.data);
  }, 60_000);
  afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));
  afterAll(() => place?.close());

  const call: ModelSchool['call'] = (...asked) => place.call(...asked);
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

  const send = (method: string, path: string, token: string, more: Record<string, string> = {}, body?: Buffer) =>
    fetch(`${api.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0', ...more },
      ...(body !== undefined && { body: new Uint8Array(body) }),
    });
  const sha256Of = (zip: Buffer) => createHash('sha256').update(zip).digest('hex');
  /** Begins the upload of a package. */
  const announce = (run: string, token: string, zip: Buffer, sha256 = sha256Of(zip)) => {
    const metadata = Object.entries({ run, sha256 }).map(([key, value]) => `${key} ${btoa(value)}`);
    const more = { 'upload-length': String(zip.length), 'upload-metadata': metadata.join(',') };
    return send('POST', '/training/uploads', token, more);
  };
  const piece = (to: string, token: string, bytes: Buffer, offset: number) =>
    send(
      'PATCH',
      to,
      token,
      { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) },
      bytes,
    );
  /** Uploads a package in one piece. */
  const handIn = async (run: string, token: string, zip: Buffer, sha256?: string) => {
    const created = await announce(run, token, zip, sha256);
    return piece(new URL(created.headers.get('location')!, api.url).pathname, token, zip, 0);
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
    expect(sha256Of(bytes)).toBe(plan.dataset.sha256);
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
    // Ten minutes later nothing was heard of it; then it comes back, with a token of its own.
    const silent = `UPDATE training_runs SET heard_at = now() - interval '11 minutes' WHERE id = $1`;
    await query(api.database.ownerUrl, silent, [id]);
    expect(await read(id)).toMatchObject({ state: 'running', isStalled: true });
    const again = await planOf(code);
    // Wherever it goes on, it counts on from what the server has.
    expect([server!.lastLine, again.server!.lastLine]).toEqual([0, 3]);
    expect((await report(id, server!.token, [aLine(4)])).status).toBe(401);
    expect(await (await report(id, again.server!.token, [aLine(4)])).json()).toMatchObject({ accepted: 1 });
    expect(await read(id)).toMatchObject({ isStalled: false });
    // One that is busy with something long has no lines, and is heard as well.
    await query(api.database.ownerUrl, silent, [id]);
    expect(await read(id)).toMatchObject({ isStalled: true });
    expect(await (await report(id, again.server!.token, [])).json()).toEqual({ accepted: 0, cancel: false });
    expect(await read(id)).toMatchObject({ state: 'running', isStalled: false });
    // Cancelled, it hears of it, and ends.
    expect(await call(school.teacher, operations.cancelTrainingRun, { id })).toMatchObject({ state: 'running' });
    expect(await (await report(id, again.server!.token, [])).json()).toEqual({ accepted: 0, cancel: true });
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
    const foreign = await waiting();
    const { server: theirs } = await planOf(foreign.code);
    expect((await announce(id, theirs!.token, zip)).status).toBe(400);
    expect((await announce(id, school.teacher.token, zip)).status).toBe(401);
    const created = await announce(id, server!.token, zip);
    expect(created.status).toBe(201);
    const to = new URL(created.headers.get('location')!, api.url).pathname;
    const half = Math.floor(zip.length / 2);
    expect((await piece(to, server!.token, zip.subarray(0, half), 0)).status).toBe(204);
    expect((await send('HEAD', to, theirs!.token)).status).toBe(404);
    // The machine is lost, and comes back with the code.
    const { server: back } = await planOf(code);
    expect((await send('HEAD', to, server!.token)).status).toBe(401);
    expect((await send('HEAD', to, back!.token)).headers.get('upload-offset')).toBe(String(half));
    const done = await piece(to, back!.token, zip.subarray(half), half);
    expect(await done.json()).toMatchObject({ kind: 'uploaded' });
    const run = await reached(id, 'done');
    expect(await desk.settled(run.modelId)).toMatchObject({
      state: 'verified',
      runId: id,
      verified: { name: 'From a run' },
    });
    expect(await call(school.teacher, operations.cancelTrainingRun, { id })).toMatchObject({ code: 'WRONG_STATE' });
  });

  it('bring nothing that is not what was announced, and bring it right after that', async () => {
    const { id, code } = await waiting();
    const { token } = (await planOf(code)).server!;
    const zip = await desk.package({ name: 'Announced' });
    const wrong = await handIn(id, token, zip, 'f'.repeat(64));
    expect([wrong.status, ((await wrong.json()) as { message: string }).message]).toEqual([
      400,
      expect.stringContaining('SHA-256'),
    ]);
    expect(await read(id)).toMatchObject({ state: 'waiting', modelId: null });
    expect(await desk.read(id)).toMatchObject({ code: 'NOT_FOUND' });
    expect((await handIn(id, token, zip)).status).toBe(200);
    expect(await reached(id, 'done')).toMatchObject({ modelId: id });
  });

  it('bring one model, also where their package is sent twice at once', async () => {
    const { id, code } = await waiting();
    const { token } = (await planOf(code)).server!;
    const zip = await desk.package({ name: 'Twice' });
    const statuses = (await Promise.all([handIn(id, token, zip), handIn(id, token, zip)])).map(({ status }) => status);
    expect(statuses).toEqual([200, 200]);
    expect(await reached(id, 'done')).toMatchObject({ modelId: id });
    // Another package of the same run is another thing, and is refused.
    const another = await handIn(id, token, await desk.package({ name: 'Another' }));
    expect([another.status, ((await another.json()) as { code: string }).code]).toEqual([409, 'ID_REUSED']);
    expect((await desk.settled(id)).verified).toMatchObject({ name: 'Twice' });
  });

  it('end with the model that somebody brought in by hand before', async () => {
    const { id, code } = await waiting();
    const zip = await desk.package({ name: 'By hand' });
    const modelId = await desk.upload(zip);
    expect((await handIn(id, (await planOf(code)).server!.token, zip)).status).toBe(200);
    expect(await reached(id, 'done')).toMatchObject({ modelId });
  });

  it('bring nothing after somebody has cancelled them', async () => {
    const { id, code } = await waiting();
    const { token } = (await planOf(code)).server!;
    const zip = await desk.package({ name: 'Cancelled' });
    const to = new URL((await announce(id, token, zip)).headers.get('location')!, api.url).pathname;
    await report(id, token, [aLine(1)]);
    await call(school.teacher, operations.cancelTrainingRun, { id });
    expect((await announce(id, token, zip)).status).toBe(403);
    const late = await piece(to, token, zip, 0);
    expect([late.status, ((await late.json()) as { code: string }).code]).toEqual([403, 'FORBIDDEN']);
    expect(await desk.read(id)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that failed and were begun again go on', async () => {
    const { id, code } = await waiting();
    const { token } = (await planOf(code)).server!;
    // The machine tells what it had not told before: of its end, and of what came after it.
    await report(id, token, [aLine(1), aLine(2, { phase: 'failed', message: 'out of memory' }), aLine(3)]);
    expect(await read(id)).toMatchObject({ state: 'running', failure: null });
    await report(id, token, [aLine(4, { phase: 'failed', message: 'out of memory again' })]);
    expect(await read(id)).toMatchObject({ state: 'failed', failure: 'out of memory again' });
    expect((await get(`/training/plans/${code}`)).status).toBe(404);
    // A new code lets it go on from its last checkpoint.
    const told = await watch();
    const renewed = await call(school.teacher, operations.renewTrainingCode, { id });
    expect(renewed).toMatchObject({ run: { state: 'waiting', failure: null } });
    expect(await told.next('training.changed')).toMatchObject({ runId: id, state: 'waiting' });
    const { server } = await planOf(renewed.runCode);
    expect(await (await report(id, server!.token, [aLine(5)])).json()).toMatchObject({ accepted: 1 });
    expect(await read(id)).toMatchObject({ state: 'running' });
  });

  it('answer what cannot be understood, and change nothing', async () => {
    const { id, code } = await waiting();
    const { token } = (await planOf(code)).server!;
    const metrics = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`m${index}`, index]));
    for (const more of [{ phase: 'dreaming' }, { message: 'a\u0000b' }, { metrics }, { metrics: { 'no name': 1 } }]) {
      const bad = await report(id, token, [{ ...aLine(1), ...more }]);
      expect([bad.status, ((await bad.json()) as { code: string }).code]).toEqual([400, 'INVALID_INPUT']);
    }
    // Only asking for a plan makes a new token; looking whether there is one does not.
    expect((await fetch(`${api.url}/training/plans/${code}`, { method: 'HEAD' })).status).toBe(404);
    expect(await (await report(id, token, [aLine(1)])).json()).toMatchObject({ accepted: 1 });
  });

  it('give out their dataset from where a download broke off', async () => {
    const { dataset } = await planOf((await waiting()).code);
    const range = async (bytes: string) => {
      const answer = await fetch(dataset.url!, { headers: { range: `bytes=${bytes}` } });
      const body = Buffer.from(await answer.arrayBuffer());
      return { status: answer.status, range: answer.headers.get('content-range'), body };
    };
    const whole = Buffer.from(await (await fetch(dataset.url!)).arrayBuffer());
    const [first, rest] = [await range('0-999'), await range('1000-')];
    expect([first.status, first.range]).toEqual([206, `bytes 0-999/${dataset.bytes}`]);
    expect(Buffer.concat([first.body, rest.body]).equals(whole)).toBe(true);
    expect(await range(`${dataset.bytes}-`)).toMatchObject({ status: 416, range: `bytes */${dataset.bytes}` });
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
    // The network, the engine and what training begins with have to fit together.
    expect(await issues({ backbone: 'resnet18' })).toEqual(['backbone']);
    const weights = {
      architecture: 'resnet50',
      url: 'https://weights.test/a.h5',
      sha256: 'a'.repeat(64),
      licence: 'MIT',
    };
    expect(await issues({ engine: 'torch-xla', backbone: 'resnet18', weights })).toEqual([
      'weights.url',
      'weights.architecture',
    ]);
    expect(await issues({ engine: 'node', backbone: 'classical', weights })).toEqual(['weights']);
    expect(await start(aRun({ datasetId: newId() }))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are the business of those who teach the course', async () => {
    const { id } = await waiting();
    const colleague = await school.join('teacher', null);
    for (const [person, code] of [
      [place.learner, 'FORBIDDEN'],
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

  it('bring a notebook along, in which server and code are filled in', async () => {
    const { runCode: code, ways } = await start(aRun());
    expect(ways).toEqual({
      notebookUrl: `${api.url}/training/notebook.ipynb?code=${code}`,
      command: `python -m attune_training train --server '${api.url}' --code ${code} --out run --upload`,
      colabCommand: expect.stringContaining('colab new -s attune --tpu v5e1'),
    });
    const answer = await get(ways.notebookUrl.replace(api.url, '').replace(code, code.toLowerCase()));
    expect(answer.headers.get('content-disposition')).toContain('attune_training.ipynb');
    const { cells } = (await answer.json()) as { cells: { source: string[] }[] };
    const form = cells.flatMap(({ source }) => source).filter((line) => line.includes('#@param'));
    expect(form.find((line) => line.startsWith('server = '))).toContain(`server = "${api.url}"`);
    expect(form.find((line) => line.startsWith('code = '))).toContain(`code = "${code}"`);
    expect((await get('/training/notebook.ipynb?code=%22%3Bimport%20os')).status).toBe(400);
  });

  it('bring the training package along', async () => {
    const zip = Buffer.from(await (await get('/training/package.zip')).arrayBuffer());
    expect(zip.subarray(0, 2).toString()).toBe('PK');
    expect(zip.includes('attune-training/pyproject.toml')).toBe(true);
    expect(zip.includes('attune-training/attune_training/schemas/training-plan.schema.json')).toBe(true);
  });
});
