import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { drawingOf } from '../support/work.js';

const refusal = '... on Refusal { code message }';
const key = 'id source externalId';
const createUser = `mutation ($input: CreateUserInput!) { made: createUser(input: $input) { ... on UserAccount { ${key} } ${refusal} } }`;
const createAssignment = `mutation ($input: CreateAssignmentInput!) { made: createAssignment(input: $input) { ... on Assignment { ${key} } ${refusal} } }`;
const saveGraph = `mutation ($input: SaveSkillGraphInput!) { made: saveSkillGraph(input: $input) {
  ... on SavedSkillGraph { skills { ${key} name } } ${refusal} } }`;
const createCourse = `mutation ($input: CreateCourseInput!) { made: createCourse(input: $input) { ... on Course { ${key} } ${refusal} } }`;

/** The keys by which an LMS finds its things again. */
describe('external keys', () => {
  let api: TestApi;
  let school: School;
  let other: School;

  beforeAll(async () => {
    api = await startTestApi({ SOCKET_SWEEP_SECONDS: '300' });
    school = await foundSchool(api.app, 'keyed-school');
    other = await foundSchool(api.app, 'other-keyed-school');
  }, 60_000);
  afterAll(() => api?.close());

  const make = async ({ token }: Person, operation: string, input: object) => {
    const { data, errors } = await graphql(api.url, operation, { token, variables: { input } });
    expect(errors, JSON.stringify(errors)).toBeUndefined();
    return data!['made'];
  };
  const list = async ({ token }: Person, externalId: string) => {
    const operation = `query ($id: String) { users(source: "lms", externalId: $id) { edges { node { ${key} } } } }`;
    const { data } = await graphql(api.url, operation, { token, variables: { id: externalId } });
    return data!['users'].edges.map(({ node }: { node: object }) => node);
  };

  it('name one user in an institution, and find her again', async () => {
    const input = { id: newId(), name: 'Rosa', roles: ['student'], source: 'lms', externalId: 'r-1' };
    const rosa = { id: input.id, source: 'lms', externalId: 'r-1' };
    expect(await make(school.admin, createUser, input)).toEqual(rosa);
    expect(await make(school.admin, createUser, input)).toEqual(rosa);
    expect(await make(school.admin, createUser, { ...input, id: newId() })).toMatchObject({ code: 'TAKEN' });
    expect(await make(school.admin, createUser, { ...input, externalId: 'r-2' })).toMatchObject({ code: 'ID_REUSED' });
    expect(await make(other.admin, createUser, { ...input, id: newId() })).toMatchObject({ externalId: 'r-1' });
    expect(await list(school.admin, 'r-1')).toEqual([rosa]);
    expect(await list(school.admin, 'r-3')).toEqual([]);
  });

  it('name one assignment in an institution', async () => {
    const activityId = await drawingOf(api.url, school);
    const input = { id: newId(), courseId: school.courseId, activityId, title: 'A', source: 'lms', externalId: 'a-1' };
    const made = { id: input.id, source: 'lms', externalId: 'a-1' };
    expect(await make(school.teacher, createAssignment, input)).toEqual(made);
    expect(await make(school.teacher, createAssignment, input)).toEqual(made);
    expect(await make(school.teacher, createAssignment, { ...input, id: newId() })).toMatchObject({ code: 'TAKEN' });
    expect(await make(school.teacher, createAssignment, { ...input, externalId: 'a-2' })).toMatchObject({
      code: 'ID_REUSED',
    });
  });

  it('name one skill of a course, and stay with it where none is sent', async () => {
    const course = { id: newId(), title: 'C', description: 'C', language: 'en', masteryThreshold: 0.8 };
    await make(school.admin, createCourse, course);
    const save = (...skills: object[]) => make(school.admin, saveGraph, { courseId: course.id, skills });
    const aSkill = (id: string, more: object = {}) => ({
      id,
      name: id.slice(-4),
      description: 'One.',
      prerequisiteIds: [],
      ...more,
    });
    const [one, two] = [newId(), newId()];
    const first = { source: 'lms', externalId: 's-1' };
    expect((await save(aSkill(one, first), aSkill(two))).skills).toMatchObject([
      { id: one, ...first },
      { id: two, source: null, externalId: null },
    ]);
    expect((await save(aSkill(one, { name: 'Renamed' }))).skills).toMatchObject([
      { id: one, name: 'Renamed', ...first },
    ]);
    expect(await save(aSkill(newId(), first))).toMatchObject({ code: 'TAKEN' });
    expect(await save(aSkill(one), aSkill(two, first))).toMatchObject({ code: 'TAKEN' });
    const twice = { source: 'lms', externalId: 's-2' };
    expect(await save(aSkill(one, twice), aSkill(two, twice))).toMatchObject({ code: 'TAKEN' });
    expect((await save(aSkill(one, twice))).skills).toMatchObject([{ id: one, ...twice }]);
  });

  it('are whole, or not there', async () => {
    const activityId = await drawingOf(api.url, school);
    const half = { source: 'lms' };
    const skill = { id: newId(), name: 'S', description: 'S', prerequisiteIds: [], ...half };
    for (const [operation, input] of [
      [createUser, { id: newId(), name: 'Half', roles: ['student'], ...half }],
      [createAssignment, { id: newId(), courseId: school.courseId, activityId, title: 'H', ...half }],
      [saveGraph, { courseId: school.courseId, skills: [skill] }],
      [createCourse, { id: newId(), title: 'H', description: 'H', language: 'en', masteryThreshold: 0.8, ...half }],
    ] as const) {
      expect(await make(school.admin, operation, input)).toMatchObject({ code: 'INVALID_INPUT' });
    }
  });
});
