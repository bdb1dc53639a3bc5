import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import { newId, type TestApi } from '../support/api.js';
import { ModelSchool } from '../support/model-school.js';
import type { ModelDesk } from '../support/models.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type School } from '../support/school.js';
import { until } from '../support/until.js';
import { setAssignment } from '../support/work.js';

/** Models from upload to retirement, as a teacher, as somebody else, and from another institution. */
describe('models', () => {
  let place: ModelSchool;
  let api: TestApi;
  let school: School;
  let other: School;
  let desk: ModelDesk;

  beforeAll(async () => {
    place = await ModelSchool.open('model-school');
    ({ api, school, desk } = place);
    other = await foundSchool(api.app, 'other-model-school');
  }, 60_000);
  afterAll(() => place?.close());

  it('come in by pieces, are verified, and tell the teachers', async () => {
    const told = await place.watch();
    const id = await desk.upload(await desk.package({ name: 'Cells' }));
    expect(await told.next('model.changed')).toMatchObject({ modelId: id, state: 'uploaded', name: null });
    expect(await told.next('model.changed')).toMatchObject({
      modelId: id,
      state: 'verified',
      name: 'Cells',
      version: 1,
    });
    const model = await desk.read(id);
    expect(model.verified).toMatchObject({
      labels: ['circle', 'square', 'triangle'],
      isSynthetic: true,
      verification: { tensorDeviation: expect.closeTo(0, 4), pictureDeviation: expect.closeTo(0, 4) },
    });
    expect(model.transitions.map(({ from, to }) => [from, to])).toEqual([
      [null, 'uploaded'],
      ['uploaded', 'verified'],
    ]);
    expect(
      model.gate!.every(({ isMet }) => isMet),
      JSON.stringify(model.gate),
    ).toBe(true);
  });

  it('that are not what they say are refused, told why, and nothing of them stays', async () => {
    const files = (all: Map<string, Buffer>): void => void all.set('extra.bin', Buffer.from('?'));
    const model = await desk.settled(await desk.upload(await desk.package({ files })));
    expect(model).toMatchObject({ state: 'refused', verified: null, gate: null });
    expect(model.refusal).toMatchObject({ reason: 'file-unlisted', detail: 'extra.bin' });
    expect(model.refusal!.message).not.toBe('');
    await until(
      async () =>
        !(await readdir(join(place.data, 'packages'), { recursive: true })).some((path) => path.includes(model.sha256)),
    );
    expect(await desk.move(model.id, 'candidate')).toMatchObject({ code: 'WRONG_STATE' });
  });

  it('become active through candidate, are replaced, and come back', async () => {
    const name = 'Line';
    const first = await desk.verified({ name });
    expect(await desk.move(first.id, 'active')).toMatchObject({ code: 'WRONG_STATE' });
    expect(await desk.rollBack(name)).toMatchObject({ code: 'WRONG_STATE' });
    expect(await desk.move(first.id, 'candidate')).toMatchObject({ state: 'candidate' });
    expect(await desk.move(first.id, 'active')).toMatchObject({ state: 'active' });
    expect(await desk.move(first.id, 'active')).toMatchObject({ state: 'active' });
    const second = await desk.verified({ name });
    expect(second.verified).toMatchObject({ name, version: 2 });
    await desk.move(second.id, 'candidate');
    // Beside one that is active, it has to have been compared on live work.
    expect(await desk.move(second.id, 'active')).toMatchObject({
      code: 'GATE_NOT_MET',
      issues: expect.arrayContaining([
        expect.objectContaining({ path: expect.stringContaining('compared in shadow') }),
      ]),
    });
    expect(await desk.move(second.id, 'shadow')).toMatchObject({ state: 'shadow' });
    await compare(second.id, first.id, 40);
    expect(await desk.move(second.id, 'active')).toMatchObject({ state: 'active' });
    expect(await desk.read(first.id)).toMatchObject({ state: 'retired' });
    expect(await desk.rollBack(name)).toMatchObject({ id: first.id, state: 'active' });
    expect(await desk.read(second.id)).toMatchObject({ state: 'retired' });
    expect((await desk.read(first.id)).transitions.map(({ to }) => to)).toEqual([
      'uploaded',
      'verified',
      'candidate',
      'active',
      'retired',
      'active',
    ]);
    expect((await desk.read(first.id)).transitions.at(-1)).toMatchObject({ reason: 'It was better.' });
  });

  /** Works that two models judged and a teacher settled, all alike. */
  const compare = async (shadowId: string, activeId: string, works: number): Promise<void> => {
    const assignmentId = await setAssignment(api.url, school);
    await query(
      api.database.ownerUrl,
      `WITH works AS (INSERT INTO submissions (institution_id, id, assignment_id, course_id, learner_id, marks, state, body_hash, device_at)
         SELECT '${school.institutionId}', gen_random_uuid(), '${assignmentId}', '${school.courseId}', '${place.learner.id}', '[]', 'reviewed', '', now()
         FROM generate_series(1, ${works}) RETURNING id)
       , scored AS (INSERT INTO scores (institution_id, id, submission_id, pseudonym, sequence, source, activity_id,
           activity_version, grader_name, grader_version, total, maximum, confidence, criteria, extras, flags, scored_at)
         SELECT '${school.institutionId}', gen_random_uuid(), id, gen_random_uuid(), 1, 'review', gen_random_uuid(), 1, 'teacher',
           1, 1, 1, 1, '[{"criterionId": "label", "awarded": 1}]', '[]', '{}', now() FROM works)
       INSERT INTO model_judgements (institution_id, submission_id, model_id, criterion_id, label, probability, awarded, judged_at)
       SELECT '${school.institutionId}', works.id, model::uuid, 'label', 'circle', 0.9, 1, now()
       FROM works, unnest(ARRAY['${shadowId}', '${activeId}']) AS model`,
    );
  };

  it('whose measures do not suffice do not become active, and are told what is missing', async () => {
    const weak = await desk.verified({
      name: 'Weak',
      manifest: (manifest) => ({
        ...manifest,
        metrics: { ...manifest.metrics, examples: 12, overall: { accuracy: 0.35, ece: 0.4 } },
      }),
    });
    await desk.move(weak.id, 'candidate');
    const refused = await desk.move(weak.id, 'active');
    expect(refused.code).toBe('GATE_NOT_MET');
    expect(refused.issues.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['examples', 'calibration error', 'better than guessing']),
    );
    expect(await desk.read(weak.id)).toMatchObject({ state: 'candidate' });
  });

  it('that are sent again, or twice at once, are there once', async () => {
    const zip = await desk.package({ name: 'Twice' });
    const id = newId();
    const outcomes = await Promise.allSettled([desk.upload(zip, { id }), desk.upload(zip, { id }), desk.upload(zip)]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
    await desk.upload(zip, { id }).catch(() => undefined);
    const rows = await query<{ id: string }>(api.database.ownerUrl, 'SELECT id FROM model_packages WHERE sha256 = $1', [
      createHash('sha256').update(zip).digest('hex'),
    ]);
    expect(rows).toHaveLength(1);
    const held = rows[0]!.id;
    expect(await desk.upload(zip, { id: held })).toBe(held);
    await expect(desk.upload(await desk.package(), { id: held })).rejects.toThrow(/ID_REUSED/);
    expect((await desk.settled(held)).verified).toMatchObject({ version: 1 });
  });

  it('go on where they broke off, for whoever began alone', async () => {
    const zip = await desk.package({ name: 'Broken off' });
    const id = newId();
    const metadata = Object.entries({ id, courseId: school.courseId })
      .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
      .join(',');
    const send = (method: string, path: string, more: Record<string, string>, body?: Buffer, person = school.teacher) =>
      fetch(`${api.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${person.token}`, 'tus-resumable': '1.0.0', ...more },
        ...(body !== undefined && { body: new Uint8Array(body) }),
      });
    const created = await send('POST', '/models/uploads', {
      'upload-length': String(zip.length),
      'upload-metadata': metadata,
    });
    expect(created.status, await created.clone().text()).toBe(201);
    const address = new URL(created.headers.get('location')!, api.url).pathname;
    const piece = { 'content-type': 'application/offset+octet-stream' };
    const half = Math.floor(zip.length / 2);
    const first = await send('PATCH', address, { ...piece, 'upload-offset': '0' }, zip.subarray(0, half));
    expect(first.status).toBe(204);
    // The wrong place, and somebody else.
    expect((await send('PATCH', address, { ...piece, 'upload-offset': '3' }, zip.subarray(3))).status).toBe(409);
    for (const person of [place.learner, school.admin, other.teacher]) {
      expect((await send('HEAD', address, {}, undefined, person)).status).toBe(404);
    }
    const asked = await send('HEAD', address, {});
    expect(asked.headers.get('upload-offset')).toBe(String(half));
    const rest = await send('PATCH', address, { ...piece, 'upload-offset': String(half) }, zip.subarray(half));
    expect(await rest.json()).toMatchObject({ kind: 'uploaded', modelId: id });
    expect((await desk.settled(id)).state).toBe('verified');
  });

  it('are the business of those who teach the course', async () => {
    const model = await desk.verified({ name: 'Private' });
    const colleague = await school.join('teacher', null);
    for (const [person, code] of [
      [place.learner, 'FORBIDDEN'],
      [colleague, 'NOT_FOUND'],
      [other.teacher, 'NOT_FOUND'],
      [other.admin, 'NOT_FOUND'],
    ] as const) {
      expect(await desk.read(model.id, person)).toMatchObject({ code });
      expect(await desk.call(person, operations.models, { courseId: school.courseId })).toMatchObject({ code });
      expect(await desk.move(model.id, 'candidate', person)).toMatchObject({ code });
      expect(await desk.rollBack('Private', person)).toMatchObject({ code });
      await expect(desk.upload(await desk.package(), { person })).rejects.toThrow(new RegExp(code));
    }
    expect(await desk.read(model.id)).toMatchObject({ state: 'verified' });
  });
});
