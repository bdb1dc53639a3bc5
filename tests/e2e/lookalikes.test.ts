import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { outcome, rightMarks, setAssignment, upload } from '../support/work.js';

const submit = `mutation ($input: SubmitWorkInput!) { submitWork(input: $input) { __typename
  ... on SubmittedWork { submissionId } ... on Refusal { code message } } }`;
const lookalikes = `query ($id: UUID!) { submission(id: $id) { lookalikes { submissionId bits } } }`;

/** A picture of some discs, other ones for each seed. */
function picture(seed: number): Promise<Buffer> {
  const [width, height] = [400, 300];
  const rng = seededRng(`picture ${seed}`);
  const discs = Array.from({ length: 7 }, () => ({
    x: width * rng(),
    y: height * rng(),
    size: 20 + 50 * rng(),
    grey: 200 * rng(),
  }));
  const pixels = Buffer.from(
    Array.from({ length: width * height }, (_, index) => {
      const [x, y] = [index % width, Math.floor(index / width)];
      return discs.find((disc) => Math.hypot(x - disc.x, y - disc.y) < disc.size)?.grey ?? 250;
    }),
  );
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}

describe('pictures that look alike', () => {
  let api: TestApi;
  let school: School;
  let assignmentId: string;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'lookalikes');
    assignmentId = await setAssignment(api.url, school);
  }, 60_000);
  afterAll(() => api?.close());

  const handIn = async (bytes: Uint8Array, type = 'image/png', person?: Person) => {
    const learner = person ?? (await school.join('student', 'learner'));
    const file = await upload(api.url, learner.token, bytes, { type });
    expect(file.status).toBe(201);
    const input = { id: newId(), assignmentId, marks: rightMarks, fileId: file.id, at: new Date().toISOString() };
    outcome(
      await graphql(api.url, submit, { token: learner.token, variables: { input } }),
      'submitWork',
      'SubmittedWork',
    );
    return { id: input.id, learner };
  };
  const alikeTo = async (id: string, { token }: Person) =>
    (await graphql(api.url, lookalikes, { token, variables: { id } })).data?.['submission']?.lookalikes;

  it('are shown to the teacher, whichever way they were held and however they were saved, and to nobody else', async () => {
    const original = await picture(1);
    const first = await handIn(original);
    const held = await sharp(original).rotate(90).resize(240).jpeg({ quality: 60 }).toBuffer();
    const copy = await handIn(held, 'image/jpeg');
    await handIn(await picture(2));
    // Her own second try is no copy.
    await handIn(original, 'image/png', first.learner);

    const found = await alikeTo(first.id, school.teacher);
    expect(found).toHaveLength(1);
    expect(found[0].submissionId).toBe(copy.id);
    expect(found[0].bits).toBeLessThanOrEqual(10);
    expect(await alikeTo(copy.id, school.teacher)).toHaveLength(2);
    expect(await alikeTo(first.id, first.learner)).toEqual([]);
    const stranger = await foundSchool(api.app, 'lookalikes-elsewhere');
    expect(await alikeTo(first.id, stranger.teacher)).toBeUndefined();
  });

  it('are no question where the task makes them alike', async () => {
    const sheet = await picture(3);
    const works = [];
    for (let learner = 0; learner < 7; learner++) works.push(await handIn(sheet));
    expect(await alikeTo(works[0]!.id, school.teacher)).toEqual([]);
  });
});
