import { existsSync } from 'node:fs';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import { Clock, EventLog, EventPublisher, isFailure } from '#libs/kernel';
import { AuditLog, dangerousSystemActor, SecretSource, UnitOfWork } from '#libs/identity';
import { CourseAccess } from '#libs/learning';
import {
  ArchiveLedger,
  ArchiveStore,
  DatasetRepository,
  FreezeDataset,
  PrepareRun,
  RunRepository,
  TrainingQueue,
  TrainHeadRun,
  type FrozenDataset,
} from '#libs/training';
import { graphql, newId, type TestApi } from '../support/api.js';
import { ModelSchool } from '../support/model-school.js';
import { query } from '../support/postgres-client.js';
import { RunDesk } from '../support/run-desk.js';
import { type Person, type School } from '../support/school.js';
import { importShapes } from '../support/training.js';
import { until } from '../support/until.js';
import { outcome, setAssignment, upload } from '../support/work.js';
import { openTestWorker, type TestWorker } from '../support/worker.js';

const consent = `mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { __typename } }`;
const submitWork = `mutation ($input: SubmitWorkInput!) { submitWork(input: $input) { __typename
  ... on Refusal { code message } } }`;

describe('archives of frozen datasets', () => {
  let place: ModelSchool;
  let api: TestApi;
  let school: School;
  let runs: RunDesk;
  let shapes: string;
  let assignmentId: string;
  let workers: TestWorker[];
  /** Pictures of the teacher, by label: five of each. */
  const uploads: Record<'red' | 'blue', string[]> = { red: [], blue: [] };
  let pictures = 0;
  /** A seed of its own makes an archive of its own. */
  let seeds = 100;

  beforeAll(async () => {
    place = await ModelSchool.open('archive-school');
    ({ api, school } = place);
    runs = new RunDesk(place);
    shapes = await importShapes(api, school, place.data);
    assignmentId = await setAssignment(api.url, school);
    for (const label of ['red', 'blue'] as const) {
      for (let number = 0; number < 5; number++) {
        uploads[label].push((await upload(api.url, school.teacher.token, await aPicture())).id);
      }
    }
    const settings = { ATTUNE_DATA_DIR: place.data };
    workers = [await openTestWorker(api.database, settings), await openTestWorker(api.database, settings)];
  }, 90_000);
  afterAll(async () => {
    for (const worker of workers ?? []) await worker.close();
    await place?.close();
  });

  const get = <T>(token: abstract new (...args: never[]) => T): T => api.app.get(token, { strict: false });
  const owner = <Row extends object>(sql: string, values: unknown[] = []) =>
    query<Row>(api.database.ownerUrl, sql, values);
  const system = () => dangerousSystemActor(school.institutionId);
  /** Two workers at once. */
  const forget = () => Promise.all(workers.map(({ training }) => training.forget()));
  const seeded = (): object => ({ numbers: { seed: seeds++ } });
  const located = (sha256: string) => get(ArchiveStore).locate(school.institutionId, sha256);
  /** Digest of the archive that a run has; null for none. */
  const archiveOf = async (id: string): Promise<string | null> => {
    const sql = `SELECT dataset->>'sha256' AS sha256 FROM training_runs WHERE id = $1`;
    return (await owner<{ sha256: string | null }>(sql, [id]))[0]!.sha256;
  };
  /** As if an archive had been frozen, and its runs had ended, so many days ago. */
  const age = async (sha256: string, days: number) => {
    const then = new Date(Date.now() - days * 86_400_000);
    await utimes((await located(sha256))!, then, then);
    await owner('UPDATE training_archives SET frozen_at = $2 WHERE sha256 = $1', [sha256, then]);
    const ended = `UPDATE training_runs SET ended_at = $2 WHERE dataset->>'sha256' = $1 AND ended_at IS NOT NULL`;
    await owner(ended, [sha256, then]);
  };
  const recordConsent = async (person: Person, decision: 'granted' | 'withdrawn', expiresAt: string | null = null) => {
    const about = { id: newId(), learnerId: person.id, purpose: 'training', noticeVersion: '1' };
    const input = { ...about, decision, givenAs: 'student', expiresAt };
    const answer = await graphql(api.url, consent, { token: person.token, variables: { input } });
    expect(answer.data?.['recordConsent']?.__typename, JSON.stringify(answer)).toBe('ConsentRecord');
  };
  /** A picture that no other is like. */
  const aPicture = (): Promise<Buffer> =>
    sharp({ create: { width: 24 + pictures++, height: 20, channels: 3, background: '#c03020' } })
      .png()
      .toBuffer();
  const handIn = async ({ token }: Person): Promise<string> => {
    const { id: fileId } = await upload(api.url, token, await aPicture());
    const input = { id: newId(), assignmentId, marks: [], fileId, at: new Date().toISOString() };
    outcome(await graphql(api.url, submitWork, { token, variables: { input } }), 'submitWork', 'SubmittedWork');
    return input.id;
  };

  /** A dataset of five uploads of each label, or fewer that are red, and of works as red of learners who consent. */
  const aDataset = async (learners: readonly Person[], reds = 5): Promise<{ id: string; works: string[] }> => {
    const id = newId();
    const about = {
      name: 'Colours',
      description: 'Drawn.',
      consentBasis: 'consent',
      licence: 'none',
      splitBy: 'image',
    };
    await place.call(school.teacher, operations.createTrainingDataset, {
      input: { id, courseId: school.courseId, ...about },
    });
    const images: { id: string; label: string; fileId?: string; submissionId?: string }[] = [];
    const works: string[] = [];
    for (const label of ['red', 'blue'] as const) {
      const count = label === 'red' ? reds : uploads.blue.length;
      for (const fileId of uploads[label].slice(0, count)) images.push({ id: newId(), label, fileId });
    }
    for (const learner of learners) {
      await recordConsent(learner, 'granted');
      const work = { id: newId(), label: 'red', submissionId: await handIn(learner) };
      works.push(work.id);
      images.push(work);
    }
    const { outcomes } = await place.call(school.teacher, operations.labelImages, { input: { datasetId: id, images } });
    expect(new Set(outcomes.map((each: { outcome: string }) => each.outcome))).toEqual(new Set(['added']));
    return { id, works };
  };
  const countOf = async (datasetId: string): Promise<number> =>
    Number(
      (await owner<{ n: string }>('SELECT count(*) AS n FROM labelled_images WHERE dataset_id = $1', [datasetId]))[0]!
        .n,
    );
  const audited = async (action: string, objectId: string): Promise<unknown[]> => {
    const sql = 'SELECT details FROM audit_events WHERE action = $1 AND object_id = $2';
    return (await owner<{ details: unknown }>(sql, [action, objectId])).map(({ details }) => details);
  };
  const join = () => school.join('student', 'learner');

  it('are kept while a run needs them, and thirty days longer; runs and cards still say what they were', async () => {
    const numbers = seeded();
    const [one, two] = [await runs.waiting(shapes, numbers), await runs.waiting(shapes, numbers)];
    const sha256 = (await archiveOf(one.id))!;
    expect(await archiveOf(two.id)).toBe(sha256);
    await age(sha256, 40);
    await forget();
    expect(await located(sha256), 'two runs wait').not.toBeNull();
    await runs.cancel(one.id);
    await age(sha256, 40);
    await forget();
    expect(await located(sha256), 'one run waits').not.toBeNull();
    await runs.cancel(two.id);
    await age(sha256, 29);
    await forget();
    expect(await located(sha256), 'not long ago').not.toBeNull();
    await age(sha256, 31);
    await forget();
    expect(await located(sha256)).toBeNull();
    expect(await owner('SELECT 1 FROM training_archives WHERE sha256 = $1', [sha256])).toEqual([]);
    expect(await archiveOf(one.id)).toBe(sha256);
  });

  it('stay where a run comes to need one while it is about to be deleted', async () => {
    const { id } = await runs.waiting(shapes, seeded());
    const sha256 = (await archiveOf(id))!;
    await runs.cancel(id);
    await age(sha256, 31);
    const deleting = await get(UnitOfWork).run(system(), async () => {
      expect(await get(ArchiveLedger).holdToGive(sha256, new Date())).toBe(true);
      const looking = forget().then(() => 'looked at');
      expect(await Promise.race([looking, sleep(500)]), 'it waits').toBeUndefined();
      await get(RunRepository).updateRun(id, { state: 'waiting', endedAt: null });
      return { looking };
    });
    expect(await deleting.looking).toBe('looked at');
    expect(await located(sha256)).not.toBeNull();
  });

  it('are made once more for a run that comes back', async () => {
    const { id, code } = await runs.waiting(shapes, seeded());
    const sha256 = (await archiveOf(id))!;
    await runs.report(id, (await runs.plan(code)).server!.token, 1, { phase: 'failed', message: 'out of memory' });
    expect(await runs.read(id)).toMatchObject({ state: 'failed' });
    await age(sha256, 31);
    await forget();
    expect(await located(sha256)).toBeNull();
    const renewed = await runs.renew(id);
    expect(renewed).toMatchObject({ run: { state: 'preparing', failure: null, endedAt: null } });
    await runs.reached(id, 'waiting');
    expect((await runs.plan(renewed['runCode'])).dataset.sha256).toBe(sha256);
    expect(await located(sha256)).not.toBeNull();
  });

  it('go, with what was written and never noted, where nobody knows whose works they hold', async () => {
    const written = await get(ArchiveStore).write(school.institutionId, [
      { path: 'dataset.json', read: () => Promise.resolve(new TextEncoder().encode('{}')) },
    ]);
    if (isFailure(written)) throw new Error(written.message);
    await forget();
    expect(await located(written.sha256)).not.toBeNull();
    await age(written.sha256, 1);
    await owner('UPDATE training_archives SET frozen_at = NULL WHERE sha256 = $1', [written.sha256]);
    await forget();
    expect(await located(written.sha256)).toBeNull();
    // What a server was killed over: half an archive, and a zip of folders that nothing was noted of.
    const halves = [
      path.join(place.data, 'training-archives', school.institutionId, `${newId()}.new`),
      path.join(place.data, 'folder-zips', school.institutionId, `${newId()}-${'a'.repeat(64)}.zip`),
    ];
    for (const half of halves) {
      await mkdir(path.dirname(half), { recursive: true });
      await writeFile(half, 'half of it');
    }
    await forget();
    for (const half of halves) expect(existsSync(half)).toBe(true);
    for (const half of halves) await utimes(half, new Date(0), new Date(0));
    await forget();
    for (const half of halves) expect(existsSync(half)).toBe(false);
    // Those from before it was noted: a run that waits for one is prepared anew.
    const { id } = await runs.waiting(shapes, seeded());
    const sha256 = (await archiveOf(id))!;
    await owner('DELETE FROM training_archives WHERE sha256 = $1', [sha256]);
    await forget();
    await runs.reached(id, 'waiting');
    expect(await archiveOf(id)).toBe(sha256);
    expect(await audited('training.prepared-anew', id)).toHaveLength(1);
  });

  it('are given to nobody once a learner withdraws, and go; her images go too, and are counted without her name', async () => {
    const [ann, ben] = [await join(), await join()];
    const { id: datasetId } = await aDataset([ann, ben]);
    const untouched = (await aDataset([])).id;
    const waits = await runs.waiting(datasetId, seeded());
    const goesOn = await runs.waiting(datasetId, seeded());
    const bystander = await runs.waiting(untouched, seeded());
    const [waiting, going, kept] = [
      await archiveOf(waits.id),
      await archiveOf(goesOn.id),
      await archiveOf(bystander.id),
    ];
    const begun = await runs.plan(goesOn.code);
    await runs.report(goesOn.id, begun.server!.token, 1);
    const plan = await runs.plan(waits.code);

    await recordConsent(ann, 'withdrawn');
    for (const { code } of [waits, goesOn]) {
      const refused = await runs.askPlan(code);
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([409, 'WRONG_STATE']);
    }
    expect((await fetch(plan.dataset.url!)).status).toBe(404);
    expect((await fetch(begun.dataset.url!)).status).toBe(404);
    expect(await countOf(datasetId)).toBe(12);
    await forget();
    expect(await countOf(datasetId)).toBe(11);
    expect(await audited('dataset.images-withdrawn', datasetId)).toEqual([{ images: 1 }]);
    expect(await located(waiting!)).toBeNull();
    expect(await located(going!)).toBeNull();

    // What waits is prepared without her, once, and keeps its code; who had its plan asks again.
    await runs.reached(waits.id, 'waiting');
    const without = await runs.plan(waits.code);
    expect(without.dataset.sha256).not.toBe(waiting);
    expect((await runs.report(waits.id, plan.server!.token, 1)).status).toBe(401);
    expect(await audited('training.prepared-anew', waits.id)).toHaveLength(1);
    // What has begun goes on where it is, and nowhere else.
    expect((await runs.report(goesOn.id, begun.server!.token, 2)).status).toBe(200);
    expect(await runs.renew(goesOn.id)).toMatchObject({ code: 'WRONG_STATE' });
    // Where it fails there, it begins anew without her.
    await runs.report(goesOn.id, begun.server!.token, 3, { phase: 'failed', message: 'lost' });
    const renewed = await runs.renew(goesOn.id);
    expect(renewed).toMatchObject({ run: { state: 'preparing' } });
    await runs.reached(goesOn.id, 'waiting');
    expect(await archiveOf(goesOn.id)).not.toBe(going);
    // Nothing else was touched.
    expect(await countOf(untouched)).toBe(10);
    expect(await archiveOf(bystander.id)).toBe(kept);
    expect((await fetch((await runs.plan(bystander.code)).dataset.url!)).status).toBe(200);
    expect(await audited('training.prepared-anew', bystander.id)).toEqual([]);
  });

  it('go where a teacher had taken the image out before, and where no run ever named them', async () => {
    const cai = await join();
    const { id: datasetId, works } = await aDataset([cai]);
    const frozen = (await get(FreezeDataset).execute(system(), datasetId, 1)) as FrozenDataset;
    const input = { datasetId, imageIds: works };
    expect(await place.call(school.teacher, operations.removeLabelledImages, { input })).toMatchObject({ removed: 1 });
    await forget();
    expect(await located(frozen.sha256)).not.toBeNull();
    await recordConsent(cai, 'withdrawn');
    await forget();
    expect(await located(frozen.sha256)).toBeNull();
    expect(await audited('dataset.images-withdrawn', datasetId)).toEqual([]);
  });

  it('go when consent ends by itself, and a run for which too little is left fails with the reason', async () => {
    const dee = await join();
    const { id: datasetId } = await aDataset([dee], 4);
    const { id } = await runs.waiting(datasetId, seeded());
    const sha256 = (await archiveOf(id))!;
    await recordConsent(dee, 'granted', new Date(Date.now() + 700).toISOString());
    await forget();
    expect(await located(sha256)).not.toBeNull();
    await until(async () => {
      await forget();
      return (await countOf(datasetId)) === 9;
    });
    expect(await located(sha256)).toBeNull();
    expect(await runs.reached(id, 'failed')).toMatchObject({
      failure: expect.stringContaining('needs at least 5 images'),
    });
  });

  it('are not trained on here after it', async () => {
    const eve = await join();
    const { id: datasetId } = await aDataset([eve]);
    const { id } = await runs.start(datasetId, { engine: 'node', backbone: 'classical' });
    await runs.reached(id, 'done');
    // As if its worker had been lost, and another began anew.
    await owner(`UPDATE training_runs SET state = 'running', model_id = NULL, ended_at = NULL WHERE id = $1`, [id]);
    await recordConsent(eve, 'withdrawn');
    await get(TrainHeadRun).execute(system(), id);
    expect(await runs.read(id)).toMatchObject({
      state: 'failed',
      failure: expect.stringContaining('withdrawn consent'),
    });
  });

  it('are frozen once more where one was forgotten before its run had it', async () => {
    const { id } = await runs.waiting(shapes, seeded());
    const sha256 = (await archiveOf(id))!;
    await owner(`UPDATE training_runs SET state = 'preparing', dataset = NULL WHERE id = $1`, [id]);
    let times = 0;
    const freeze = Object.create(get(FreezeDataset)) as FreezeDataset;
    freeze.execute = async (...asked) => {
      const frozen = await get(FreezeDataset).execute(...asked);
      if (++times === 1) await get(ArchiveStore).remove(school.institutionId, sha256);
      return frozen;
    };
    const prepare = new PrepareRun({
      unitOfWork: get(UnitOfWork),
      access: get(CourseAccess),
      datasets: get(DatasetRepository),
      runs: get(RunRepository),
      archives: get(ArchiveStore),
      ledger: get(ArchiveLedger),
      queue: get(TrainingQueue),
      secrets: get(SecretSource),
      audit: get(AuditLog),
      events: get(EventLog),
      publisher: get(EventPublisher),
      clock: get(Clock),
      freeze,
    });
    expect(await prepare.execute(system(), id)).toMatchObject({ state: 'waiting', dataset: { sha256 } });
    expect(times).toBe(2);
    expect(await located(sha256)).not.toBeNull();
  });

  it('are kept while projects are graded on them, however long that is', async () => {
    const input = { id: newId(), datasetId: shapes, name: 'Shapes', seed: seeds++ };
    await place.mustCall('TestSet', school.teacher, operations.createTestSet, { input });
    const sql = 'SELECT sha256, hand_out_sha256 AS "handOut" FROM test_sets WHERE id = $1';
    const { sha256, handOut } = (await owner<{ sha256: string; handOut: string }>(sql, [input.id]))[0]!;
    for (const archive of [sha256, handOut]) await age(archive, 400);
    await forget();
    for (const archive of [sha256, handOut]) expect(await located(archive)).not.toBeNull();
  });
});
