import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import { graphql, newId } from '../support/api.js';
import { ModelSchool, type Told } from '../support/model-school.js';
import { disc, Painting } from '../support/painting.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person } from '../support/school.js';
import { until } from '../support/until.js';
import { upload } from '../support/work.js';

/** A sheet with so many seeds on it. */
function sheet(seeds: number): Promise<Uint8Array> {
  const painting = new Painting(600, 500, [232, 230, 225]);
  for (let seed = 0; seed < seeds; seed++) {
    painting.add(disc(50 + 70 * (seed % 8), 60 + 90 * Math.floor(seed / 8), 16), [50, 40, 90]);
  }
  return painting.noise(2, seeds + 1).png();
}

const hints = { orient: 'Look at the sheet.', point: 'Count again.', show: 'There are ten.' };
const seeds = { measure: 'count', of: 'seeds', points: 4, skill: 'shapes', hints };
const specification = {
  kind: 'lab-photo',
  version: 1,
  criteria: [
    { ...seeds, id: 'morning', label: 'Seeds in the morning', low: 10, high: 10, photo: 1 },
    { ...seeds, id: 'evening', label: 'Seeds in the evening', low: 12, high: 12, photo: 2 },
  ],
};
const form = { kind: 'picture', atMost: 3 };

const read = `query ($id: UUID!) { submission(id: $id) { state failureDetail picture pictures lookalikes { submissionId }
  scores { total criteria { criterionId awarded regions photo } } } }`;

describe('several photos of one work', () => {
  let place: ModelSchool;
  let assignmentId: string;
  let one: string;
  let other: string;

  beforeAll(async () => {
    place = await ModelSchool.open('several-photos');
    assignmentId = (await place.assign(specification, { form })).id;
    one = await send(await sheet(10));
    other = await send(await sheet(12));
  }, 60_000);
  afterAll(() => place?.close());

  const send = async (picture: Uint8Array, person = place.learner): Promise<string> => {
    const { id, status } = await upload(place.api.url, person.token, picture);
    expect(status).toBe(201);
    return id;
  };
  const handIn = (
    fileIds: readonly string[],
    { id = newId(), at = '2026-11-02T09:00:00.000Z', person = place.learner } = {},
  ) =>
    place
      .call(person, operations.submitWork, { input: { id, assignmentId, marks: [], fileIds, at } })
      .then((told: Told) => ({ id, told }));
  const settled = async (id: string, person: Person = place.school.teacher): Promise<Told> => {
    await until(async () => (await place.call(person, { document: read }, { id })).state !== 'queued');
    return place.call(person, { document: read }, { id });
  };

  it('are graded, shown to the teacher in their order, and named by the evidence', async () => {
    const { id, told } = await handIn([one, other]);
    expect(told).toMatchObject({ __typename: 'SubmittedWork', resent: false });
    const work = await settled(id);
    expect(work).toMatchObject({
      state: 'graded',
      picture: `/files/${one}`,
      pictures: [`/files/${one}`, `/files/${other}`],
      scores: [
        {
          total: 8,
          criteria: [
            { criterionId: 'morning', awarded: 4, photo: 1 },
            { criterionId: 'evening', awarded: 4, photo: 2 },
          ],
        },
      ],
    });
    expect(work.scores[0].criteria[1].regions).toHaveLength(12);
    for (const fileId of [one, other]) {
      const shown = await fetch(`${place.api.url}/files/${fileId}`, {
        headers: { authorization: `Bearer ${place.school.teacher.token}` },
      });
      expect(shown.status).toBe(200);
    }
  });

  it('count in their order, and a resend has the same', async () => {
    const { id } = await handIn([other, one]);
    expect((await settled(id)).scores[0].total).toBe(0);
    expect((await handIn([other, one], { id })).told).toMatchObject({ resent: true });
    expect((await handIn([one, other], { id })).told).toMatchObject({ code: 'ID_REUSED' });
    expect((await handIn([other], { id })).told).toMatchObject({ code: 'ID_REUSED' });
  });

  it('are told to be too few where a criterion lacks its photo', async () => {
    const work = await settled((await handIn([one])).id);
    expect(work).toMatchObject({ state: 'needs-review', failureDetail: expect.stringContaining('Photo 2 is missing') });
  });

  it('are refused where they are too many, twice the same, or another’s', async () => {
    const more = [await send(await sheet(3)), await send(await sheet(4))];
    expect((await handIn([one, other, ...more])).told).toMatchObject({
      issues: [{ path: 'fileIds', message: 'takes 3 at most here' }],
    });
    expect((await handIn([one, one])).told).toMatchObject({ issues: [{ path: 'fileIds' }] });
    const mate = await place.school.join('student', 'learner');
    expect((await handIn([one, await send(await sheet(5), mate)])).told).toMatchObject({ code: 'NOT_FOUND' });
    const elsewhere = await foundSchool(place.api.app, 'photos-elsewhere');
    expect((await handIn([one], { person: elsewhere.teacher })).told).toMatchObject({ code: 'NOT_FOUND' });
    const both = {
      id: newId(),
      assignmentId,
      marks: [],
      fileId: one,
      fileIds: [other],
      at: '2026-11-02T09:00:00.000Z',
    };
    expect(await place.call(place.learner, operations.submitWork, { input: both })).toMatchObject({ resent: false });
    expect((await settled(both.id)).pictures).toEqual([`/files/${one}`, `/files/${other}`]);
  });

  it('are all looked at for copies', async () => {
    const mate = await place.school.join('student', 'learner');
    const copy = await sharp(await sheet(12))
      .resize(300)
      .jpeg({ quality: 70 })
      .toBuffer();
    const { id } = await handIn([await send(await sheet(2), mate), await send(copy, mate)], { person: mate });
    const work = await settled(id);
    expect(work.lookalikes.length).toBeGreaterThan(0);
  });

  it('may still be one, as older apps and the version before hand it in', async () => {
    const at = '2026-11-02T09:00:01.000Z';
    const input = { id: newId(), assignmentId, marks: [], fileId: one, at };
    expect(await place.call(place.learner, operations.submitWork, { input })).toMatchObject({ resent: false });
    expect((await handIn([one], { id: input.id, at })).told).toMatchObject({ resent: true });
    // What the version before writes: the first file, beside the work.
    const id = newId();
    await query(
      place.api.database.ownerUrl,
      `INSERT INTO submissions (institution_id, id, assignment_id, course_id, learner_id, marks, file_id, state, body_hash, device_at)
       SELECT institution_id, $1, assignment_id, course_id, learner_id, marks, file_id, 'failed', body_hash, device_at
       FROM submissions WHERE id = $2`,
      [id, input.id],
    );
    const { data } = await graphql(place.api.url, read, { token: place.school.teacher.token, variables: { id } });
    expect(data?.['submission'].pictures).toEqual([`/files/${one}`]);
  });
});
