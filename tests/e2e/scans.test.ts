import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScanBatchDetails } from '#libs/client';
import { graphql, newId } from '../support/api.js';
import { zipOf } from '../support/folder-zip.js';
import { heard } from '../support/heard.js';
import { ModelSchool } from '../support/model-school.js';
import { query } from '../support/postgres-client.js';
import { byLearner, laidOut, ScanDesk } from '../support/scan-desk.js';
import { pdfOf } from '../support/scanned-pdf.js';
import type { Person } from '../support/school.js';
import { seedSheet, tenSeeds } from '../support/seed-sheet.js';
import { settled } from '../support/work.js';

const specification = { kind: 'lab-photo', version: 1, criteria: [tenSeeds] };

/** A class of six, as their school writes them. */
const names = ['Anna Müller', 'Ben Özdemir', 'Dora Ångström', 'Emil Novák', 'Fay O’Neil', '陈静'] as const;

describe('the scans of a class', () => {
  let place: ModelSchool;
  let desk: ScanDesk;
  let assignmentId: string;
  const people = new Map<string, Person>();
  const person = (name: (typeof names)[number]): Person => people.get(name)!;

  const sheets = new Map<number, Buffer>();
  const sheet = async (seeds: number): Promise<Buffer> => {
    const drawn = sheets.get(seeds) ?? Buffer.from(await seedSheet(seeds).png());
    sheets.set(seeds, drawn);
    return drawn;
  };
  const blankPaper = (): Promise<Buffer> =>
    sharp({ create: { width: 600, height: 500, channels: 3, background: '#f4f2ee' } })
      .png()
      .toBuffer();

  beforeAll(async () => {
    place = await ModelSchool.open('scanned-school');
    desk = new ScanDesk(place);
    assignmentId = (await place.assign(specification)).id;
    for (const [index, name] of names.entries()) {
      const one = index === 0 ? place.learner : await place.school.join('student', 'learner');
      const sql = `UPDATE users SET name = $2, source = 'sis', external_id = $3 WHERE id = $1`;
      await query(place.api.database.ownerUrl, sql, [one.id, name, `S-100${index + 1}`]);
      people.set(name, one);
    }
  }, 120_000);
  afterAll(() => place?.close());

  const fetchAs = (path: string, { token }: Person): Promise<Response> =>
    fetch(`${place.api.url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const submissionsOf = async (batchId: string): Promise<string[]> =>
    ((await desk.read(batchId)) as ScanBatchDetails).works.map(({ submissionId }) => submissionId);

  it('come as a zip, are matched by names, corrected, published, graded, and taken back', async () => {
    const told = await place.watch();
    const zip = await zipOf({
      'Mueller_Anna.png': await sheet(10),
      'Klasse 7b/BEN OZDEMIR (2).png': await sheet(13),
      '陈静 作业.png': await sheet(10),
      's-1004.png': await sheet(10),
      'Bob.png': await sheet(10),
      'zz back.png': await blankPaper(),
      'notes.txt': 'no picture',
      '.DS_Store': 'x',
      '__MACOSX/._Bob.png': 'x',
    });
    const batch = await desk.bringIn(zip, { assignmentId });
    expect(batch).toMatchObject({
      state: 'ready',
      format: 'zip',
      matchBy: 'names',
      found: 7,
      taken: 6,
      refused: 1,
      refusals: [{ path: 'notes.txt', code: 'UNSUPPORTED_IMAGE' }],
      heldAt: null,
      works: [],
    });
    for (const state of ['waiting', 'reading', 'ready']) {
      expect(await told.next('scans.changed')).toMatchObject({ batchId: batch.id, assignmentId, state });
    }
    const of = (path: RegExp) => batch.pages.find((page) => path.test(page.path!))!;
    expect(of(/Mueller/)).toMatchObject({ learner: { name: 'Anna Müller' }, reason: 'name', kind: 'work' });
    expect(of(/OZDEMIR/)).toMatchObject({ learner: { name: 'Ben Özdemir' }, reason: 'name' });
    expect(of(/陈静/)).toMatchObject({ learner: { name: '陈静' }, reason: 'name' });
    expect(of(/1004/)).toMatchObject({ learner: { name: 'Emil Novák' }, reason: 'external-id', confidence: 1 });
    expect(of(/Bob/)).toMatchObject({ learner: null, proposed: null });
    expect(of(/back/)).toMatchObject({ kind: 'blank', learner: null });
    expect(batch.withoutPage.map(({ name }) => name)).toEqual(['Dora Ångström', 'Fay O’Neil']);

    // Bob is nobody here: the teacher knows the hand.
    const corrected = await desk.correct(batch.id, [{ pageId: of(/Bob/).id, learnerId: person('Dora Ångström').id }]);
    expect(corrected).toMatchObject({ __typename: 'ScanBatch', withoutPage: [{ name: 'Fay O’Neil' }] });
    const picture = await fetchAs(of(/Bob/).picture, place.school.teacher);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);

    const learner = await place.connect('/learn', person('Dora Ångström'));
    const heardByHer = heard(learner);
    const decision = newId();
    const published = await desk.publish(batch.id, { id: decision });
    expect(published).toMatchObject({ __typename: 'ScanOutcomes' });
    expect(published.outcomes).toHaveLength(5);
    expect(
      published.outcomes.every(({ code, resent }: { code: null; resent: boolean }) => code === null && !resent),
    ).toBe(true);
    const ids = await submissionsOf(batch.id);
    await settled(place.api, ids);
    const works = await Promise.all(ids.map((id) => place.readSubmission(id)));
    expect(works.map(({ state, scores }) => [state, scores[0].total]).toSorted()).toEqual(
      [10, 13, 10, 10, 10].map((seeds) => ['graded', seeds === 10 ? 6 : 3]).toSorted(),
    );
    const hers = byLearner(published).get(person('Dora Ångström').id)!.submissionId!;
    expect(await heardByHer.next('score.settled')).toMatchObject({ submissionId: hers, total: 6 });
    const seen = await place.readSubmission(hers, person('Dora Ångström'));
    expect(seen).toMatchObject({ state: 'graded', scores: [{ total: 6 }] });
    expect((await fetchAs(seen.picture, person('Dora Ångström'))).status).toBe(200);
    expect((await fetchAs(seen.picture, person('Ben Özdemir'))).status).toBe(404);

    // The same decision again is the same: nobody has two works.
    const again = await desk.publish(batch.id, { id: decision });
    expect(again.outcomes.every(({ resent }: { resent: boolean }) => resent)).toBe(true);
    expect(await submissionsOf(batch.id)).toHaveLength(5);
    expect(await desk.publish(batch.id)).toMatchObject({ outcomes: [] });
    const frozen = await desk.correct(batch.id, [{ pageId: of(/Bob/).id, learnerId: person('Fay O’Neil').id }]);
    expect(frozen).toMatchObject({ code: 'WRONG_STATE' });

    // It was Fay’s sheet after all.
    const withdrawal = { id: newId(), learnerIds: [person('Dora Ångström').id], reason: 'This sheet is not yours.' };
    const withdrawn = await desk.withdraw(batch.id, withdrawal);
    expect(withdrawn.outcomes).toMatchObject([{ submissionId: hers, resent: false, code: null }]);
    expect((await desk.withdraw(batch.id, withdrawal)).outcomes).toMatchObject([{ submissionId: hers, resent: true }]);
    expect(await desk.withdraw(batch.id, { ...withdrawal, reason: 'Another one.' })).toMatchObject({
      code: 'ID_REUSED',
    });
    expect(await heardByHer.next('submission.withdrawn')).toMatchObject({
      submissionId: hers,
      reason: 'This sheet is not yours.',
    });
    expect(await place.readSubmission(hers, person('Dora Ångström'))).toMatchObject({
      state: 'withdrawn',
      failureDetail: 'This sheet is not yours.',
      picture: null,
      scores: [],
    });
    expect((await fetchAs(seen.picture, person('Dora Ångström'))).status).toBe(404);
    expect((await fetchAs(seen.picture, place.school.teacher)).status).toBe(200);
    // It stays on record, and nothing becomes of it any more.
    expect(await place.readSubmission(hers)).toMatchObject({ state: 'withdrawn', scores: [{ total: 6 }] });
    await expect(place.review(hers)).rejects.toThrow(/WRONG_STATE/);
    const grades = await (await fetchAs(`/assignments/${assignmentId}/grades.csv`, place.school.teacher)).text();
    const line = grades.split('\r\n').find((each) => each.includes(hers))!;
    expect(line).toContain('withdrawn');

    const moved = await desk.correct(batch.id, [{ pageId: of(/Bob/).id, learnerId: person('Fay O’Neil').id }]);
    expect(moved).toMatchObject({ __typename: 'ScanBatch' });
    const rest = await desk.publish(batch.id);
    expect(rest.outcomes).toMatchObject([{ learnerId: person('Fay O’Neil').id, code: null }]);
    await settled(place.api, [rest.outcomes[0].submissionId]);
    expect((await desk.read(batch.id)).works).toHaveLength(6);
    const audit = await query<{ action: string }>(
      place.api.database.ownerUrl,
      `SELECT action FROM audit_events WHERE details ->> 'batchId' = $1 AND action LIKE 'scans.%' ORDER BY at, action`,
      [batch.id],
    );
    expect(audit.map(({ action }) => action)).toEqual([
      'scans.uploaded',
      'scans.read',
      'scans.corrected',
      'scans.published',
      'scans.published',
      'scans.withdrawn',
      'scans.corrected',
      'scans.published',
    ]);
    await desk.nothingLeft();
  }, 60_000);

  it('come as a PDF, in the order of the class, without its blank pages and the absent', async () => {
    const size = [600, 500] as const;
    const pages = [{ text: 'Class 7b', size }, { picture: await sheet(10), size }, { size }];
    for (const seeds of [10, 13, 10, 20]) pages.push({ picture: await sheet(seeds), size });
    const batch = await desk.bringIn(await pdfOf(pages), { assignmentId });
    expect(batch).toMatchObject({ state: 'ready', format: 'pdf', matchBy: 'order', found: 7, taken: 7, refused: 0 });
    // Six written pages for six learners: as far as anybody can tell, each has one.
    expect(laidOut(batch)).toEqual([names[0], names[1], 'blank', names[2], names[3], names[4], names[5]]);

    // But the first is a cover, and Ben is absent.
    const [cover] = batch.pages;
    await desk.correct(batch.id, [{ pageId: cover!.id, kind: 'cover' }]);
    const present = names.filter((name) => name !== 'Ben Özdemir').map((name) => person(name).id);
    const matched = await desk.match(batch.id, { matchBy: 'order', learnerIds: present });
    expect(laidOut(matched)).toEqual(['cover', names[0], 'blank', names[2], names[3], names[4], names[5]]);

    const held = await desk.hold(batch.id, true, 'Not before Monday.');
    expect(held).toMatchObject({ heldAt: expect.any(String), holdReason: 'Not before Monday.' });
    expect(await desk.publish(batch.id)).toMatchObject({ code: 'WRONG_STATE' });
    expect(await submissionsOf(batch.id)).toEqual([]);
    expect(await desk.hold(batch.id, false)).toMatchObject({ heldAt: null, holdReason: null });

    const one = await desk.publish(batch.id, { learnerIds: [person('Fay O’Neil').id, person('Ben Özdemir').id] });
    expect(byLearner(one).get(person('Fay O’Neil').id)).toMatchObject({ code: null });
    expect(byLearner(one).get(person('Ben Özdemir').id)).toMatchObject({ code: 'NOT_FOUND', submissionId: null });
    const all = await desk.publish(batch.id);
    expect(all.outcomes).toHaveLength(4);
    const ids = await submissionsOf(batch.id);
    await settled(place.api, ids);
    const totals = await Promise.all(ids.map(async (id) => (await place.readSubmission(id)).scores[0].total));
    expect(totals.toSorted()).toEqual([0, 3, 6, 6, 6]);
    const none = await desk.withdraw(batch.id);
    expect(none.outcomes).toHaveLength(5);
    expect((await desk.read(batch.id)).works.every(({ withdrawnAt }: { withdrawnAt: string }) => withdrawnAt)).toBe(
      true,
    );
  }, 60_000);

  it('have their pages turned, reordered, and put together to works', async () => {
    const zip = await zipOf({ '1.png': await sheet(10), '2.png': await sheet(13), '10.png': await sheet(20) });
    const form = { kind: 'picture', atMost: 2 };
    const several = (await place.assign(specification, { form })).id as string;
    const batch = await desk.bringIn(zip, { assignmentId: several, matchBy: 'order' });
    // Three pages for six learners: somebody is absent, so nothing is sure.
    expect(batch.pages.map(({ path, learner, proposed }) => [path, learner, proposed?.name])).toEqual([
      ['1.png', null, names[0]],
      ['2.png', null, names[1]],
      ['10.png', null, names[2]],
    ]);
    const [first, second, third] = batch.pages;
    const sizeOf = async ({ picture }: { picture: string }) => {
      const answer = await fetchAs(picture, place.school.teacher);
      const { width, height } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata();
      return [width, height];
    };
    for (const turn of [90, 90, 180, 0]) {
      const told = await desk.correct(batch.id, [{ pageId: first!.id, turn, position: 50 }]);
      expect(told.pages.map(({ id }: { id: string }) => id)).toEqual([second!.id, third!.id, first!.id]);
      expect(told.pages[2].turn).toBe(turn);
      expect(await sizeOf(first!)).toEqual(turn === 90 ? [500, 600] : [600, 500]);
    }
    const fay = person('Fay O’Neil').id;
    await desk.correct(
      batch.id,
      [first!, second!].map(({ id }) => ({ pageId: id, learnerId: fay })),
    );
    await desk.correct(batch.id, [{ pageId: third!.id, learnerId: fay }]);
    // Three are more than a work may have here.
    expect((await desk.publish(batch.id)).outcomes).toMatchObject([{ learnerId: fay, code: 'INVALID_INPUT' }]);
    await desk.correct(batch.id, [{ pageId: third!.id, learnerId: null }]);
    const { outcomes } = await desk.publish(batch.id);
    expect(outcomes).toMatchObject([{ learnerId: fay, code: null }]);
    // Both are one work, in the order in which she put them.
    const { data } = await graphql(place.api.url, 'query ($id: UUID!) { submission(id: $id) { pictures fromScan } }', {
      token: person('Fay O’Neil').token,
      variables: { id: outcomes[0].submissionId },
    });
    expect(data!['submission']).toMatchObject({ fromScan: true, pictures: [expect.any(String), expect.any(String)] });
    const [tens] = await Promise.all(
      [first!, second!].map(async ({ picture }) => (await fetchAs(picture, place.school.teacher)).headers.get('etag')),
    );
    const shown = (data!['submission'] as { pictures: string[] }).pictures;
    expect((await fetchAs(shown[1]!, person('Fay O’Neil'))).headers.get('etag')).toBe(tens);
    await desk.withdraw(batch.id);
    await desk.correct(batch.id, [{ pageId: second!.id, learnerId: null }]);
    expect((await desk.publish(batch.id)).outcomes).toMatchObject([{ learnerId: fay, code: null }]);

    const outsider = await place.school.join('student', null);
    const refused = await desk.correct(batch.id, [
      { pageId: second!.id, learnerId: outsider.id },
      { pageId: newId(), kind: 'cover' },
      { pageId: third!.id, kind: 'blank', learnerId: person('Ben Özdemir').id },
    ]);
    expect(refused.issues).toMatchObject([
      { path: 'corrections.0.learnerId', message: 'is no learner of the course' },
      { path: 'corrections.1.pageId' },
      { path: 'corrections.2.learnerId' },
    ]);
    expect(laidOut(await desk.read(batch.id))).toEqual([names[4], null, null]);
  });

  it('are known by the codes of printed sheets, whatever their order', async () => {
    const printed = await fetchAs(`/assignments/${assignmentId}/sheets.html`, place.school.teacher);
    expect([printed.status, printed.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const page = await printed.text();
    const codes = [...page.matchAll(/<p>(.*?)<\/p>.*?<path [^>]*d="([^"]+)"/gs)].map(([, name, code]) => ({
      name,
      code: code!,
    }));
    expect(codes.map(({ name }) => name)).toEqual([...names]);
    const pile = [codes[4]!, codes[0]!, codes[5]!];
    const scanned = await pdfOf([
      { code: pile[0]!.code, text: 'x' },
      { text: 'a sheet of old' },
      ...pile.slice(1).map(({ code }) => ({ code })),
    ]);
    const batch = await desk.bringIn(scanned, { assignmentId });
    expect(laidOut(batch)).toEqual([names[4], null, names[0], names[5]]);
    expect(batch.pages.map(({ reason }) => reason)).toEqual(['code', 'order', 'code', 'code']);
    // Another assignment has other codes: old sheets are nobody's in it.
    const other = (await place.assign(specification)).id as string;
    expect(laidOut(await desk.bringIn(scanned, { assignmentId: other, matchBy: 'names' }))).toEqual(
      Array(4).fill(null),
    );
    for (const somebody of [person('Ben Özdemir'), await place.school.join('teacher', null)]) {
      expect((await fetchAs(`/assignments/${assignmentId}/sheets.html`, somebody)).status).toBeOneOf([403, 404]);
    }
  }, 60_000);

  it('are not taken for work that is no picture, nor where nobody is to know whose it is', async () => {
    const zip = await zipOf({ '1.png': await sheet(10) });
    await expect(desk.upload(zip, { assignmentId: newId() })).rejects.toThrow(/NOT_FOUND/);
    await expect(desk.upload(zip, { assignmentId, matchBy: 'guess' })).rejects.toThrow(/INVALID_INPUT/);
    await expect(desk.upload(zip, { assignmentId, pagesPerLearner: 11 })).rejects.toThrow(/INVALID_INPUT/);
    await query(place.api.database.ownerUrl, 'UPDATE assignments SET anonymous = true WHERE id = $1', [assignmentId]);
    await expect(desk.upload(zip, { assignmentId })).rejects.toThrow(/WRONG_STATE/);
    await query(place.api.database.ownerUrl, 'UPDATE assignments SET anonymous = false WHERE id = $1', [assignmentId]);
    expect(await desk.leftovers()).toEqual([]);
  });

  it('are the business of those who teach the course', async () => {
    const zip = await zipOf({ 'Anna Müller.png': await sheet(10) });
    const batch = await desk.bringIn(zip, { assignmentId });
    const colleague = await place.school.join('teacher', null);
    for (const [somebody, code] of [
      [person('Anna Müller'), 'FORBIDDEN'],
      [colleague, 'NOT_FOUND'],
    ] as const) {
      await expect(desk.upload(zip, { assignmentId }, somebody)).rejects.toThrow(new RegExp(code));
      expect(await desk.read(batch.id, somebody)).toMatchObject({ code: 'NOT_FOUND' });
      expect((await fetchAs(batch.pages[0]!.picture, somebody)).status).toBe(404);
      const correction = [{ pageId: batch.pages[0]!.id, learnerId: null }];
      for (const told of [
        await desk.correct(batch.id, correction, somebody),
        await desk.match(batch.id, { matchBy: 'order' }, somebody),
        await desk.hold(batch.id, true, null, somebody),
        await desk.publish(batch.id, {}, somebody),
        await desk.withdraw(batch.id, {}, somebody),
      ]) {
        expect(told).toMatchObject({ code: 'NOT_FOUND' });
      }
    }
    await desk.nothingLeft();
  });
});
