import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dangerousSystemActor } from '#libs/identity';
import { SplitScans, type ScanBatch } from '#libs/grading';
import { renamed, saying, zipOf } from '../support/folder-zip.js';
import { ModelSchool } from '../support/model-school.js';
import { query } from '../support/postgres-client.js';
import { ScanDesk } from '../support/scan-desk.js';
import { encryptedPdf, pdfOf, repeatingPdf } from '../support/scanned-pdf.js';
import { seedSheet, tenSeeds } from '../support/seed-sheet.js';
import { until } from '../support/until.js';
import { ended, forkWorker } from '../support/worker.js';

describe('scans whose worker comes and goes', () => {
  const count = 16;
  let place: ModelSchool;
  let desk: ScanDesk;
  let assignmentId: string;
  let pdf: Buffer;

  beforeAll(async () => {
    place = await ModelSchool.open('scan-worker-school');
    desk = new ScanDesk(place);
    assignmentId = (await place.assign({ kind: 'lab-photo', version: 1, criteria: [tenSeeds] })).id;
    pdf = await pdfOf(Array.from({ length: count }, (_, index) => ({ text: `Sheet ${index + 1}` })));
  }, 60_000);
  afterAll(() => place?.close());

  const seen = async (id: string): Promise<number> => {
    const sql = 'SELECT taken + refused AS seen FROM scan_batches WHERE id = $1';
    return (await query<{ seen: number }>(place.api.database.ownerUrl, sql, [id]))[0]!.seen;
  };
  const expectAll = async (id: string): Promise<void> => {
    const batch = await desk.whenRead(id);
    expect(batch).toMatchObject({ state: 'ready', found: count, taken: count, refused: 0 });
    expect(batch.pages.map(({ number }) => number)).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    await desk.nothingLeft();
  };

  it('have each page once, when it is killed in the middle', async () => {
    await place.stopWorker();
    const { batchId } = await desk.upload(pdf, { assignmentId });
    const worker = await forkWorker(place.api.database, { ATTUNE_DATA_DIR: place.data });
    await until(async () => (await seen(batchId)) >= 3, 2);
    worker.kill('SIGKILL');
    expect(await ended(worker)).toBe('SIGKILL');
    expect(await seen(batchId)).toBeLessThan(count);
    await place.startWorker();
    await expectAll(batchId);
  }, 120_000);

  it('are handed on when they take long, and read by two at once as by one', async () => {
    await place.stopWorker();
    const { batchId } = await desk.upload(pdf, { assignmentId });
    const system = dangerousSystemActor(place.school.institutionId);
    const split = place.api.app.get(SplitScans, { strict: false });
    const deps = Reflect.get(split, 'deps') as ConstructorParameters<typeof SplitScans>[0];
    let now = Date.now();
    const hasty = new SplitScans({ ...deps, clock: { now: () => (now += 1_200) } });
    const turn = (await hasty.execute(system, batchId)) as ScanBatch;
    expect(turn.state).toBe('reading');
    expect(turn.taken).toBeGreaterThan(0);
    await Promise.all([split.execute(system, batchId), split.execute(system, batchId)]);
    await place.startWorker();
    await expectAll(batchId);
  }, 120_000);

  it('fail when nobody can read them', async () => {
    await place.stopWorker();
    const { batchId } = await desk.upload(pdf, { assignmentId });
    const split = place.api.app.get(SplitScans, { strict: false });
    const system = dangerousSystemActor(place.school.institutionId);
    for (let time = 1; time <= 2; time++) await split.giveUp(system, batchId);
    await place.startWorker();
    expect(await desk.whenRead(batchId)).toMatchObject({ state: 'failed', failureCode: 'INTERNAL' });
    expect(await desk.publish(batchId)).toMatchObject({ code: 'WRONG_STATE' });
    await desk.nothingLeft();
  }, 60_000);

  it('fail as a whole where they are no scans, and tell why', async () => {
    const sheet = Buffer.from(await seedSheet(10).png());
    const one = await zipOf({ 'xx/evil.png': sheet, 'red/2.png': sheet });
    const many = Object.fromEntries(Array.from({ length: 301 }, (_, number) => [`${number}.png`, '']));
    const whole = await pdfOf([{ text: 'Anna' }]);
    const cases: [string, Buffer, string, RegExp][] = [
      ['neither', sheet, 'INVALID_INPUT', /neither a zip nor a PDF/],
      ['half a zip', one.subarray(0, one.length / 2), 'INVALID_INPUT', /damaged/],
      ['an empty zip', await zipOf({ '__MACOSX/._1.png': 'x' }), 'INVALID_INPUT', /no files/],
      ['a way out', renamed(one, 'xx/evil', '../evil'), 'INVALID_INPUT', /path that leads out/],
      ['another way out', renamed(one, 'xx/evil', '..\\evil'), 'INVALID_INPUT', /path that leads out/],
      ['too many files', await zipOf(many), 'TOO_LARGE', /300 pages|300 files/],
      ['a bomb', saying(one, 'red/2.png', { bytes: 0xfffffffe }), 'TOO_LARGE', /unpacked/],
      ['no picture', await zipOf({ 'Anna.png': 'text' }), 'INVALID_INPUT', /no page/],
      ['an encrypted PDF', encryptedPdf(), 'INVALID_INPUT', /encrypted/],
      ['too many pages', repeatingPdf(10_000), 'TOO_LARGE', /10000/],
      ['half a PDF', whole.subarray(0, 300), 'INVALID_INPUT', /damaged|no pages/],
    ];
    for (const [what, scans, code, message] of cases) {
      const failed = await desk.bringIn(scans, { assignmentId });
      expect(failed, what).toMatchObject({ state: 'failed', failureCode: code, taken: 0, pages: [] });
      expect(failed.failureMessage, what).toMatch(message);
    }
    await desk.nothingLeft();
  }, 120_000);

  it('lose a page that is a bomb, and none beside it', async () => {
    const sheet = Buffer.from(await seedSheet(10).png());
    const zeros = Buffer.alloc(13 * 1024 ** 2);
    const bomb = await zipOf({ '1.png': sheet, '2.png': zeros, '3.png': zeros, '4.png': sheet });
    const batch = await desk.bringIn(saying(bomb, '2.png', { bytes: 1_000 }), { assignmentId });
    expect(batch).toMatchObject({ state: 'ready', taken: 2, refused: 2 });
    expect(batch.refusals).toMatchObject([
      { path: '2.png', code: 'INVALID_INPUT' },
      { path: '3.png', code: 'TOO_LARGE' },
    ]);
    const huge = repeatingPdf(1, '/MediaBox [0 0 2000000 2000000]', '0 0 m 2000000 2000000 l s');
    const read = await desk.bringIn(huge, { assignmentId });
    expect(read).toMatchObject({ state: 'ready', taken: 1 });
  }, 60_000);

  it('are the same when they are sent again', async () => {
    const zip = await zipOf({ '1.png': Buffer.from(await seedSheet(10).png()) });
    const { batchId: id } = await desk.upload(zip, { assignmentId });
    const twice = await Promise.all([desk.upload(zip, { assignmentId, id }), desk.upload(zip, { assignmentId, id })]);
    expect(twice).toMatchObject([{ batchId: id }, { batchId: id }]);
    const batch = await desk.whenRead(id);
    expect(batch).toMatchObject({ state: 'ready', taken: 1 });
    await expect(desk.upload(zip, { assignmentId, id, matchBy: 'order' })).rejects.toThrow(/ID_REUSED/);
    await expect(desk.upload(pdf, { assignmentId, id })).rejects.toThrow(/ID_REUSED/);
    await expect(desk.upload(zip, { assignmentId, sha256: '0'.repeat(64) })).rejects.toThrow(/another SHA-256/);
    await desk.nothingLeft();
  }, 60_000);
});
