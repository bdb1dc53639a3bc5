import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dangerousSystemActor } from '#libs/identity';
import { TrainHeadRun } from '#libs/training';
import { connect, mustAsk, type TestApi } from '../support/api.js';
import { heard } from '../support/heard.js';
import { ModelSchool } from '../support/model-school.js';
import { query } from '../support/postgres-client.js';
import { RunDesk } from '../support/run-desk.js';
import { foundSchool, type School } from '../support/school.js';
import { importShapes } from '../support/training.js';
import { openTestWorker, type TestWorker } from '../support/worker.js';

describe('training runs that nobody looks after', () => {
  let place: ModelSchool;
  let api: TestApi;
  let school: School;
  let other: School;
  let runs: RunDesk;
  let datasetId: string;
  let workers: TestWorker[];
  const sockets: Socket[] = [];

  beforeAll(async () => {
    place = await ModelSchool.open('chore-school');
    ({ api, school } = place);
    runs = new RunDesk(place);
    other = await foundSchool(api.app, 'other-chore-school');
    datasetId = await importShapes(api, school, place.data);
    const settings = { ATTUNE_DATA_DIR: place.data };
    workers = [await openTestWorker(api.database, settings), await openTestWorker(api.database, settings)];
  }, 90_000);
  afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));
  afterAll(async () => {
    for (const worker of workers ?? []) await worker.close();
    await place?.close();
  });

  const owner = <Row extends object>(sql: string, values: unknown[] = []) =>
    query<Row>(api.database.ownerUrl, sql, values);
  /** Two workers, each twice at once. */
  const tend = () => Promise.all([...workers, ...workers].map(({ training }) => training.tendRuns()));
  const silence = (id: string) =>
    owner(`UPDATE training_runs SET heard_at = now() - interval '11 minutes' WHERE id = $1`, [id]);
  const expire = (id: string) =>
    owner(`UPDATE training_runs SET code_expires_at = now() - interval '1 minute' WHERE id = $1`, [id]);
  const watch = async ({ teacher, courseId }: School = school) => {
    const socket = await connect(api.url, '/teach', teacher.token);
    sockets.push(socket);
    const told = heard(socket);
    await mustAsk(socket, '/teach', 'course.watch', { courseId });
    return told;
  };
  /** What was told of a run, in order: its state, or that it is stalled. */
  const toldOf = async (id: string): Promise<string[]> => {
    const rows = await owner<{ state: string; stalled: boolean }>(
      `SELECT payload->>'state' AS state, (payload->>'isStalled')::boolean AS stalled FROM events
       WHERE type = 'training.changed' AND payload->>'runId' = $1 ORDER BY sequence`,
      [id],
    );
    return rows.map(({ state, stalled }) => (stalled ? 'stalled' : state));
  };
  /** A run that goes on, and the token of its machine. */
  const running = async (): Promise<{ id: string; code: string; token: string }> => {
    const { id, code } = await runs.waiting(datasetId);
    const { token } = (await runs.plan(code)).server!;
    await runs.report(id, token, 1);
    return { id, code, token };
  };

  it('tell once that they are silent and once that they are heard again, however many workers look', async () => {
    const { id, token } = await running();
    const told = await watch();
    const elsewhere = await watch(other);
    await tend();
    expect(await toldOf(id)).toEqual(['preparing', 'waiting', 'running']);
    await silence(id);
    await tend();
    await tend();
    expect(await told.next('training.changed')).toMatchObject({ runId: id, state: 'running', isStalled: true });
    expect(await runs.read(id)).toMatchObject({ state: 'running', isStalled: true });
    await runs.report(id, token, 2);
    await runs.report(id, token, 3);
    expect(await told.next('training.changed')).toMatchObject({ runId: id, state: 'running', isStalled: false });
    expect(await toldOf(id)).toEqual(['preparing', 'waiting', 'running', 'stalled', 'running']);
    // It may fall silent once more.
    await silence(id);
    await tend();
    await runs.report(id, token, 4, { phase: 'failed', message: 'out of memory' });
    expect((await toldOf(id)).slice(5)).toEqual(['stalled', 'failed']);
    expect(elsewhere.waiting('training.changed')).toBe(0);
  });

  it('end where somebody has cancelled them and no machine is left that would say so', async () => {
    const { id, token } = await running();
    await silence(id);
    await tend();
    expect(await runs.cancel(id)).toMatchObject({ state: 'running' });
    await tend();
    expect(await runs.read(id)).toMatchObject({ state: 'cancelled', endedAt: expect.any(String) });
    expect(await toldOf(id)).toEqual(['preparing', 'waiting', 'running', 'stalled', 'cancelled']);
    expect((await runs.report(id, token, 2)).status).toBe(401);
  });

  it('expire, which is written down and told once, and wait again with a new code', async () => {
    const { id, code } = await runs.waiting(datasetId);
    const told = await watch();
    await expire(id);
    const before = await runs.read(id);
    expect(before).toMatchObject({ state: 'expired', endedAt: before['codeExpiresAt'] });
    await tend();
    await tend();
    expect(await told.next('training.changed')).toMatchObject({ runId: id, state: 'expired' });
    const [stored] = await owner<{ state: string; at: boolean }>(
      'SELECT state, ended_at = code_expires_at AS at FROM training_runs WHERE id = $1',
      [id],
    );
    expect(stored).toEqual({ state: 'expired', at: true });
    expect(await runs.read(id)).toMatchObject({ state: 'expired', endedAt: before['endedAt'] });
    expect(await runs.cancel(id)).toMatchObject({ code: 'WRONG_STATE' });
    const renewed = await runs.renew(id);
    expect(renewed).toMatchObject({ run: { state: 'waiting', endedAt: null } });
    expect(await told.next('training.changed')).toMatchObject({ runId: id, state: 'waiting' });
    expect((await runs.askPlan(code)).status).toBe(404);
    expect((await runs.plan(renewed['runCode'])).run.id).toBe(id);
    expect(await toldOf(id)).toEqual(['preparing', 'waiting', 'expired', 'waiting']);
    // So it does before anybody has written it down.
    await expire(id);
    const again = await runs.renew(id);
    expect(again).toMatchObject({ run: { state: 'waiting', endedAt: null } });
    expect((await runs.plan(again['runCode'])).run.id).toBe(id);
  });

  it('go on where the machine had the plan before the code expired', async () => {
    const { id, code } = await runs.waiting(datasetId);
    const { server, dataset } = await runs.plan(code);
    await expire(id);
    await tend();
    expect((await fetch(dataset.url!)).status).toBe(200);
    expect((await runs.report(id, server!.token, 1)).status).toBe(200);
    expect(await runs.read(id)).toMatchObject({ state: 'running', endedAt: null });
    expect(await toldOf(id)).toEqual(['preparing', 'waiting', 'expired', 'running']);
  });

  it('are heard again here too, when their worker was lost and another begins anew', async () => {
    const { id } = await runs.start(datasetId, { engine: 'node', backbone: 'classical' });
    const { modelId } = await runs.reached(id, 'done');
    const lost = `UPDATE training_runs SET state = 'running', model_id = NULL, ended_at = NULL WHERE id = $1`;
    await owner(lost, [id]);
    await silence(id);
    await tend();
    const system = dangerousSystemActor(school.institutionId);
    await api.app.get(TrainHeadRun, { strict: false }).execute(system, id);
    expect(await runs.read(id)).toMatchObject({ state: 'done', modelId });
    expect((await toldOf(id)).slice(-4)).toEqual(['done', 'stalled', 'running', 'done']);
  });
});
