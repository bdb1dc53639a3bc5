import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dangerousSystemActor } from '#libs/identity';
import { RunImport, type DatasetImport } from '#libs/training';
import { aPicture, FolderDesk } from '../support/folder-desk.js';
import { zipOf } from '../support/folder-zip.js';
import { ModelSchool } from '../support/model-school.js';
import { query } from '../support/postgres-client.js';
import { until } from '../support/until.js';
import { ended, forkWorker } from '../support/worker.js';

describe('zips of folders whose worker comes and goes', () => {
  const count = 150;
  let place: ModelSchool;
  let desk: FolderDesk;
  let zip: Buffer;

  beforeAll(async () => {
    place = await ModelSchool.open('folder-worker-school');
    desk = new FolderDesk(place);
    const files: Record<string, Buffer | string> = { 'red/broken.png': 'no picture' };
    for (let number = 1; number <= count; number++) {
      files[`${number % 2 === 0 ? 'red' : 'blue'}/${number}.png`] = await aPicture(number);
    }
    zip = await zipOf(files);
  }, 60_000);
  afterAll(() => place?.close());

  const rowOf = async (id: string) => {
    const [row] = await query<{ state: string; seen: number }>(
      place.api.database.ownerUrl,
      'SELECT state, added + relabelled + unchanged + refused AS seen FROM dataset_imports WHERE id = $1',
      [id],
    );
    return row!;
  };
  const expectAll = async (id: string, datasetId: string) => {
    expect(await desk.atItsEnd(id)).toMatchObject({
      state: 'done',
      files: count + 1,
      added: count,
      relabelled: 0,
      unchanged: 0,
      refused: 1,
      refusals: [{ path: 'red/broken.png', code: 'UNSUPPORTED_IMAGE' }],
    });
    expect((await desk.dataset(datasetId))['labels']).toEqual([
      { label: 'blue', images: count / 2, groups: 0, boxes: null },
      { label: 'red', images: count / 2, groups: 0, boxes: null },
    ]);
    await desk.nothingLeft();
  };

  it('wait for one, and end the same when it is killed in the middle', async () => {
    await place.stopWorker();
    const datasetId = await desk.makeDataset();
    const { importId: id } = await desk.upload(zip, { datasetId });
    expect(await rowOf(id)).toEqual({ state: 'waiting', seen: 0 });
    const worker = await forkWorker(place.api.database, { ATTUNE_DATA_DIR: place.data });
    await until(async () => (await rowOf(id)).seen >= 5, 2);
    worker.kill('SIGKILL');
    expect(await ended(worker)).toBe('SIGKILL');
    const { state, seen } = await rowOf(id);
    expect(state).toBe('importing');
    expect(seen).toBeLessThan(count);
    await place.startWorker();
    await expectAll(id, datasetId);
  }, 60_000);

  it('end the same when it is closed in the middle', async () => {
    const datasetId = await desk.makeDataset();
    const { importId: id } = await desk.upload(zip, { datasetId });
    await until(async () => (await rowOf(id)).seen >= 5, 2);
    await place.stopWorker();
    await place.startWorker();
    await expectAll(id, datasetId);
  }, 60_000);
  /** A worker by hand, whose clock runs away, so that its turn is over after some files. */
  const hastyRun = () => {
    const run = place.api.app.get(RunImport, { strict: false });
    const deps = Reflect.get(run, 'deps') as ConstructorParameters<typeof RunImport>[0];
    let now = Date.now();
    return new RunImport({ ...deps, clock: { now: () => (now += 300) } });
  };

  it('are handed on when they take long, and done by two at once as by one', async () => {
    await place.stopWorker();
    const datasetId = await desk.makeDataset();
    const { importId: id } = await desk.upload(zip, { datasetId });
    const system = dangerousSystemActor(place.school.institutionId);
    const turn = (await hastyRun().execute(system, id)) as DatasetImport;
    expect(turn).toMatchObject({ state: 'importing', files: count + 1 });
    const jobs = await query(
      place.api.database.ownerUrl,
      `SELECT 1 FROM pgboss.job WHERE name = 'import-folders' AND data ->> 'importId' = $1`,
      [id],
    );
    expect(jobs).toHaveLength(2);
    const run = place.api.app.get(RunImport, { strict: false });
    await Promise.all([run.execute(system, id), run.execute(system, id)]);
    await place.startWorker();
    await expectAll(id, datasetId);
  }, 60_000);

  it('fail when nobody can finish them, and keep what came in', async () => {
    await place.stopWorker();
    const datasetId = await desk.makeDataset();
    const { importId: id } = await desk.upload(zip, { datasetId });
    const system = dangerousSystemActor(place.school.institutionId);
    const { added } = (await hastyRun().execute(system, id)) as DatasetImport;
    expect(added).toBeGreaterThan(0);
    for (let time = 1; time <= 2; time++) await hastyRun().giveUp(system, id);
    await place.startWorker();
    expect(await desk.atItsEnd(id)).toMatchObject({ state: 'failed', code: 'INTERNAL', added });
    expect((await desk.dataset(datasetId))['labels']).toEqual([
      { label: 'blue', images: added, groups: 0, boxes: null },
    ]);
    await desk.nothingLeft();
  });
});
