import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { drawingParts } from '../support/course.js';
import { foundSchool, type Person, type School } from '../support/school.js';

const refusal = '... on Refusal { code message } ... on InvalidInput { issues { path message } }';
const fields = `__typename ... on Activity { id number kind modality version archivedAt current { version difficulty skillIds content } } ${refusal}`;
const create = `mutation ($input: CreateActivityInput!) { createActivity(input: $input) { ${fields} } }`;
const publish = `mutation ($input: PublishActivityVersionInput!) { publishActivityVersion(input: $input) { ${fields} } }`;

describe('activities through GraphQL', () => {
  let api: TestApi;
  let school: School;
  let other: School;
  let learner: Person;
  let skillIds: string[];

  const run = async (person: Person, operation: string, variables: Record<string, unknown> = {}) => {
    const answer = await graphql(api.url, operation, { token: person.token, variables });
    expect(answer.errors, JSON.stringify(answer.errors)).toBeUndefined();
    return answer.data!;
  };
  const revision = async (): Promise<number> =>
    (await run(school.teacher, 'query ($id: UUID!) { course(id: $id) { revision } }', { id: school.courseId }))[
      'course'
    ].revision;

  const aContent = (more: object = {}) => ({
    title: 'One and one',
    body: 'What is $1 + 1$?',
    form: { kind: 'number' },
    key: { kind: 'number', value: 2 },
    hints: ['Count.'],
    ...more,
  });
  const aDraft = (more: object = {}) => ({
    kind: 'exercise',
    modality: 'text',
    language: 'en',
    difficulty: 0.5,
    minutes: 1,
    skillIds: [skillIds[1]],
    content: aContent(),
    ...more,
  });
  const anInput = (more: object = {}) => ({ id: newId(), courseId: school.courseId, ...aDraft(), ...more });

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'activity-school');
    other = await foundSchool(api.app, 'other-school');
    learner = await school.join('student', 'learner');
    const { course } = await run(school.teacher, 'query ($id: UUID!) { course(id: $id) { skills { id } } }', {
      id: school.courseId,
    });
    skillIds = course.skills.map(({ id }: { id: string }) => id);
  }, 60_000);
  afterAll(() => api?.close());

  it('are created once, and raise the revision of the course', async () => {
    const before = await revision();
    const input = anInput({ source: 'editor', externalId: 'one-and-one' });
    const first = (await run(school.teacher, create, { input }))['createActivity'];
    expect(first).toMatchObject({
      __typename: 'Activity',
      id: input.id,
      number: 34,
      version: 1,
      current: { version: 1, difficulty: 0.5, skillIds: [skillIds[1]] },
    });
    // What was left out of the content has its default.
    expect(first.current.content).toMatchObject({ key: { value: 2, tolerance: 0 }, gradedBy: 'attune', media: [] });
    expect((await run(school.teacher, create, { input }))['createActivity']).toEqual(first);
    expect(await revision()).toBe(before + 1);
    const changed = { ...input, difficulty: 1 };
    expect((await run(school.teacher, create, { input: changed }))['createActivity']).toMatchObject({
      code: 'ID_REUSED',
    });
    const sameKey = { ...input, id: newId() };
    expect((await run(school.teacher, create, { input: sameKey }))['createActivity']).toMatchObject({
      code: 'TAKEN',
    });
  });

  it('have numbered versions, of which none is lost', async () => {
    const { id } = (await run(school.teacher, create, { input: anInput() }))['createActivity'];
    const before = await revision();
    const next = { activityId: id, ...aDraft({ difficulty: 1.5, content: aContent({ title: 'Two' }) }) };
    const second = (await run(school.teacher, publish, { input: next }))['publishActivityVersion'];
    expect(second).toMatchObject({ version: 2, current: { version: 2, difficulty: 1.5, content: { title: 'Two' } } });
    expect((await run(school.teacher, publish, { input: next }))['publishActivityVersion']).toEqual(second);
    expect(await revision()).toBe(before + 1);
    const versions = await run(
      school.teacher,
      `query ($id: UUID!) { one: activityVersion(activityId: $id, version: 1) { content }
        two: activityVersion(activityId: $id, version: 2) { content } three: activityVersion(activityId: $id, version: 3) { content }
        activity(id: $id) { version } }`,
      { id },
    );
    expect(versions).toMatchObject({
      one: { content: { title: 'One and one' } },
      two: { content: { title: 'Two' } },
      three: null,
      activity: { version: 2 },
    });
  });

  it('are refused with the place of each problem', async () => {
    const refused = async (more: object) =>
      (await run(school.teacher, create, { input: anInput(more) }))['createActivity'];
    expect(await refused({ kind: 'quiz', difficulty: 9 })).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'kind' }, { path: 'difficulty' }],
    });
    expect(await refused({ content: 'nothing' })).toMatchObject({ issues: [{ path: 'content' }] });
    expect(await refused({ content: aContent({ key: { kind: 'text', accepted: ['two'] } }) })).toMatchObject({
      issues: [{ path: 'content.key.kind', message: expect.stringMatching(/asks for "number"/) }],
    });
    expect(await refused({ content: aContent({ answer: 2, hints: ['a', ''] }) })).toMatchObject({
      issues: expect.arrayContaining([expect.objectContaining({ path: 'content.hints.1' })]),
    });
    expect(await refused({ skillIds: [newId()] })).toMatchObject({ issues: [{ path: 'skillIds.0' }] });
    expect(await refused({ skillIds: [] })).toMatchObject({ issues: [{ path: 'skillIds' }] });
    expect(await refused({ kind: 'visual-assignment' })).toMatchObject({ issues: [{ path: 'content.form.kind' }] });
  });

  it('show only pictures that their course has, and films with their words', async () => {
    const refused = async (person: Person, operation: string, input: object) =>
      Object.values(await run(person, operation, { input }))[0];
    const showing = (src: string, more: object = {}) =>
      anInput({ content: aContent({ media: [{ src, alternativeText: 'It.', ...more }] }) });
    const missing = { code: 'INVALID_INPUT', issues: [{ path: 'content.media.0.src' }] };
    expect(await refused(school.teacher, create, showing('media/not-there.png'))).toMatchObject(missing);
    const right = showing('media/squares.png');
    expect(await refused(school.teacher, create, right)).toMatchObject({ __typename: 'Activity' });
    const { id, courseId: _, ...draft } = showing('media/not-there.png');
    expect(await refused(school.teacher, publish, { ...draft, activityId: right.id }), id).toMatchObject(missing);

    const film = { kind: 'video', modality: 'video' };
    const link = 'https://films.test/cell.mp4';
    const words = { captions: [{ language: 'en', text: 'WEBVTT\n' }], transcript: 'This is a cell.' };
    expect(await refused(school.teacher, create, { ...showing(link), ...film })).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'content.media' }],
    });
    expect(await refused(school.teacher, create, { ...showing(link, words), ...film })).toMatchObject({
      __typename: 'Activity',
    });
    const seen = `query ($id: UUID!) { course(id: $id) { learnerActivities(kind: "video") { edges { node {
      media { src alternativeText captions { language text } transcript } } } } } }`;
    const { course } = await run(learner, seen, { id: school.courseId });
    expect(course.learnerActivities.edges).toEqual([
      { node: { media: [{ src: link, alternativeText: 'It.', ...words }] } },
    ]);
  });

  it('check the specification of a drawing with those who mark it', async () => {
    const specification = {
      kind: 'labelled-parts',
      version: 1,
      image: { width: 100, height: 100 },
      tolerance: 0.03,
      parts: drawingParts.map(({ id, label, polygon }) => ({
        id,
        label,
        polygons: [polygon],
        points: 1,
        skill: 'shapes',
        hints: { orient: 'There.', point: 'That.', show: 'This.' },
      })),
    };
    const drawing = (key: object) =>
      anInput({
        kind: 'visual-assignment',
        modality: 'drawing',
        content: aContent({
          form: { kind: 'marks', image: 'media/squares.png' },
          key: { kind: 'marks', specification: key },
        }),
      });
    const good = await run(school.teacher, create, { input: drawing(specification) });
    expect(good['createActivity']).toMatchObject({ __typename: 'Activity', kind: 'visual-assignment' });
    const outside = structuredClone(specification) as unknown as { parts: { polygons: number[][][] }[] };
    outside.parts[1]!.polygons[0]![0] = [160, 20];
    const bad = await run(school.teacher, create, { input: drawing(outside) });
    expect(bad['createActivity']).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [
        {
          path: 'content.key.specification.parts.1.polygons.0',
          message: expect.stringMatching(/outside the 100 × 100/),
        },
      ],
    });
    expect((await run(school.teacher, create, { input: drawing({}) }))['createActivity']).toMatchObject({
      issues: expect.arrayContaining([expect.objectContaining({ path: 'content.key.specification.kind' })]),
    });
  });

  it('are put away and taken out again', async () => {
    const { id } = (await run(school.teacher, create, { input: anInput() }))['createActivity'];
    const act = async (verb: string, person = school.teacher) =>
      (await run(person, `mutation ($id: UUID!) { ${verb}(activityId: $id) { ${fields} } }`, { id }))[verb];
    const list = async (person: Person, field: string) => {
      const data = await run(person, `query ($id: UUID!) { course(id: $id) { list: ${field} } }`, {
        id: school.courseId,
      });
      return JSON.stringify(data);
    };
    const before = await revision();
    const archived = await act('archiveActivity');
    expect(archived.archivedAt).toEqual(expect.any(String));
    expect(await act('archiveActivity')).toEqual(archived);
    expect(await revision()).toBe(before + 1);
    expect(await list(learner, 'learnerActivities(first: 100) { edges { node { activityId } } }')).not.toContain(id);
    expect(await list(school.teacher, 'activities(first: 100) { edges { node { id } } }')).not.toContain(id);
    expect(
      await list(school.teacher, 'activities(first: 100, withArchived: true) { edges { node { id } } }'),
    ).toContain(id);
    expect(await act('restoreActivity')).toMatchObject({ archivedAt: null });
    expect(await list(learner, 'learnerActivities(first: 100) { edges { node { activityId } } }')).toContain(id);
    expect(await act('archiveActivity', learner)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await act('archiveActivity', other.admin)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('belong to the teachers of the course', async () => {
    expect((await run(learner, create, { input: anInput() }))['createActivity']).toMatchObject({ code: 'FORBIDDEN' });
    expect((await run(other.teacher, create, { input: anInput() }))['createActivity']).toMatchObject({
      code: 'NOT_FOUND',
    });
    const { id } = (await run(school.teacher, create, { input: anInput() }))['createActivity'];
    const next = { activityId: id, ...aDraft({ difficulty: 2 }) };
    expect((await run(learner, publish, { input: next }))['publishActivityVersion']).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await run(other.admin, publish, { input: next }))['publishActivityVersion']).toMatchObject({
      code: 'NOT_FOUND',
    });
    const find =
      'query ($id: UUID!) { activity(id: $id) { id } activityVersion(activityId: $id, version: 1) { version } }';
    for (const person of [learner, other.admin])
      expect(await run(person, find, { id })).toEqual({ activity: null, activityVersion: null });
  });
});
