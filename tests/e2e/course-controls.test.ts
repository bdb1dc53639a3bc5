import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { learn } from '../support/lesson.js';
import { foundSchool, type Person, type School } from '../support/school.js';

const fields = `courseId version pins { activityId learnerId until } bannedActivityIds skillOrder
  dueDates { activityId skillId on } warnings { code message ids }`;
const read = `query ($id: UUID!) { courseControls(courseId: $id) { ${fields} } }`;
const set = `mutation ($input: SetCourseControlsInput!) { setCourseControls(input: $input) {
  ... on CourseControls { ${fields} } ... on Refusal { code message } ... on InvalidInput { issues { path message } } } }`;

interface Controls {
  pins?: object[];
  bannedActivityIds?: string[];
  skillOrder?: string[];
  dueDates?: object[];
}

describe('what teachers set for what comes next', () => {
  let api: TestApi;
  let school: School;
  let other: School;
  const activities = new Map<string, string>();
  const skills = new Map<string, string>();

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'steered-school');
    other = await foundSchool(api.app, 'other-steered-school');
    const named = (table: string) =>
      query<{ id: string; external_id: string }>(
        api.database.ownerUrl,
        `SELECT id, external_id FROM ${table} WHERE institution_id = $1 AND course_id = $2`,
        [school.institutionId, school.courseId],
      );
    for (const { id, external_id } of await named('activities')) activities.set(external_id, id);
    for (const { id, external_id } of await named('skills')) skills.set(external_id, id);
  }, 60_000);
  afterAll(() => api?.close());

  const ask = async ({ token }: Pick<Person, 'token'>, document: string, variables: Record<string, unknown>) => {
    const { data, errors } = await graphql(api.url, document, { token, variables });
    return errors === undefined ? Object.values(data!)[0] : { code: errors[0]!.extensions!['code'] };
  };
  const versionNow = async (): Promise<number> => (await ask(school.teacher, read, { id: school.courseId })).version;
  const setAs = async (person: Pick<Person, 'token'>, controls: Controls, version?: number) =>
    ask(person, set, {
      input: {
        courseId: school.courseId,
        version: version ?? (await versionNow()),
        pins: [],
        bannedActivityIds: [],
        skillOrder: [],
        dueDates: [],
        ...controls,
      },
    });

  /** What is recommended to a learner, response by response; she answers right. */
  const lesson = (learner: Person, responses: number) => learn(api, learner, school.courseId, responses);

  it('pins an activity for one learner, who gets it first, and not for her classmate', async () => {
    const [learner, mate] = [await school.join('student', 'learner'), await school.join('student', 'learner')];
    const pinned = activities.get('multiplying-3')!;
    const answer = await setAs(school.teacher, { pins: [{ activityId: pinned, learnerId: learner.id }] });
    expect(answer).toMatchObject({ pins: [{ activityId: pinned, learnerId: learner.id, until: null }], warnings: [] });
    const [first, second] = await lesson(learner, 1);
    expect(first!.activity.activityId).toBe(pinned);
    expect(first!.because).toMatch(/teacher/);
    expect(second!.activity.activityId).not.toBe(pinned);
    expect((await lesson(mate, 0))[0]!.activity.activityId).not.toBe(pinned);
  });

  it('bans an activity, which then never comes, though it was recommended a moment ago', async () => {
    await setAs(school.teacher, {});
    const learner = await school.join('student', 'learner');
    const [standing] = await lesson(learner, 0);
    const banned = standing!.activity.activityId;
    await setAs(school.teacher, { bannedActivityIds: [banned] });
    const seen = await lesson(learner, 25);
    expect(seen.map(({ activity }) => activity.activityId)).not.toContain(banned);
  });

  it('keeps to the order of skills, and says so', async () => {
    await setAs(school.teacher, { skillOrder: [skills.get('shapes')!, skills.get('counting')!] });
    const seen = await lesson(await school.join('student', 'learner'), 2);
    for (const { activity } of seen) expect(activity.skillIds).toEqual([skills.get('shapes')]);
    await setAs(school.teacher, { skillOrder: [skills.get('counting')!] });
    const counted = await lesson(await school.join('student', 'learner'), 2);
    for (const { activity } of counted) expect(activity.skillIds).toEqual([skills.get('counting')]);
    const codes = await query<{ code: string }>(
      api.database.ownerUrl,
      `SELECT DISTINCT reason->>'code' AS code FROM decisions WHERE course_id = $1`,
      [school.courseId],
    );
    expect(codes.map(({ code }) => code)).toContain('ordered-by-teacher');
  });

  it('makes what is due more urgent, by the day where the institution is', async () => {
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
    const answer = await setAs(school.teacher, { dueDates: [{ skillId: skills.get('shapes')!, on: tomorrow }] });
    expect(answer).toMatchObject({ dueDates: [{ skillId: skills.get('shapes'), activityId: null, on: tomorrow }] });
    const learners = await Promise.all(Array.from({ length: 20 }, () => school.join('student', 'learner')));
    const firsts = [];
    for (const learner of learners) firsts.push((await lesson(learner, 0))[0]!);
    const due = firsts.filter(({ activity }) => activity.skillIds.includes(skills.get('shapes')!));
    // Nine in ten are expected: fewer than twelve of twenty come in less than one run of ten thousand.
    expect(due.length).toBeGreaterThanOrEqual(12);
  });

  it('takes a resend, and refuses what somebody else has changed meanwhile', async () => {
    const version = await versionNow();
    const order = { skillOrder: [skills.get('adding')!] };
    const first = await setAs(school.teacher, order, version);
    expect(first).toMatchObject({ version: version + 1 });
    expect(await setAs(school.teacher, order, version)).toEqual(first);
    expect(await setAs(school.admin, {}, version)).toMatchObject({ code: 'CHANGED_SINCE' });
    expect(await setAs(school.admin, {}, version + 1)).toMatchObject({ version: version + 2, skillOrder: [] });
  });

  it('says what is wrong, and warns of what works otherwise than one may think', async () => {
    const [stranger, elsewhere] = [await school.join('student', null), await other.join('student', 'learner')];
    const drawing = (
      await query<{ id: string }>(
        api.database.ownerUrl,
        `SELECT id FROM activities WHERE course_id = $1 AND kind = 'visual-assignment'`,
        [school.courseId],
      )
    )[0]!.id;
    const wrong = await setAs(school.teacher, {
      pins: [
        { activityId: newId() },
        { activityId: activities.get('counting-0'), learnerId: stranger.id },
        { activityId: activities.get('counting-0'), learnerId: elsewhere.id },
        { activityId: drawing },
      ],
      dueDates: [{ activityId: activities.get('counting-0'), skillId: skills.get('counting'), on: '2026-12-24' }],
    });
    expect(wrong.code).toBe('INVALID_INPUT');
    const shape = await setAs(school.teacher, {
      pins: [
        { activityId: newId() },
        { activityId: activities.get('counting-0'), learnerId: stranger.id },
        { activityId: drawing },
      ],
    });
    expect(shape.issues.map(({ path }: { path: string }) => path)).toEqual([
      'pins.0.activityId',
      'pins.1.learnerId',
      'pins.2.activityId',
    ]);
    const both = activities.get('counting-1')!;
    const warned = await setAs(school.teacher, {
      pins: [{ activityId: both }],
      bannedActivityIds: [both],
      skillOrder: [skills.get('adding')!, skills.get('counting')!],
    });
    expect(warned.warnings.map(({ code }: { code: string }) => code)).toEqual([
      'pinned-and-banned',
      'ordered-before-prerequisite',
    ]);
  });

  it('are for those who teach the course, and nobody else', async () => {
    const learner = await school.join('student', 'learner');
    const colleague = await school.join('teacher', null);
    for (const person of [learner, colleague, other.teacher, other.admin]) {
      const refused = { code: expect.stringMatching(/^(FORBIDDEN|NOT_FOUND)$/) };
      expect(await ask(person, read, { id: school.courseId })).toMatchObject(refused);
      expect(await setAs(person, {})).toMatchObject(refused);
    }
  });
});
