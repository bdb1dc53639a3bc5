import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { query } from '../support/postgres-client.js';

const refusal = '... on Refusal { code message } ... on InvalidInput { issues { path message } }';
const courseFields =
  '... on Course { id title description language masteryThreshold revision archivedAt source externalId }';

describe('courses through GraphQL', () => {
  let api: TestApi;
  let school: School;
  let other: School;
  let learner: Person;
  let outsider: Person;

  const run = async (person: Person, operation: string, variables: Record<string, unknown> = {}) => {
    const answer = await graphql(api.url, operation, { token: person.token, variables });
    expect(answer.errors, JSON.stringify(answer.errors)).toBeUndefined();
    return answer.data!;
  };
  const audited = () =>
    query<{ action: string }>(
      api.database.ownerUrl,
      'SELECT action FROM audit_events WHERE institution_id = $1 ORDER BY at, id',
      [school.institutionId],
    ).then((rows) => rows.map(({ action }) => action));

  const create =
    'mutation ($input: CreateCourseInput!) { createCourse(input: $input) { __typename ' +
    courseFields +
    refusal +
    ' } }';
  const update =
    'mutation ($input: UpdateCourseInput!) { updateCourse(input: $input) { __typename ' +
    courseFields +
    refusal +
    ' } }';
  const saveGraph = `mutation ($input: SaveSkillGraphInput!) { saveSkillGraph(input: $input) { __typename
    ... on SavedSkillGraph { course { revision graphVersion } skills { id name prerequisiteIds position externalId } } ${refusal} } }`;
  const aCourseInput = (more: object = {}) => ({
    id: newId(),
    title: 'Botany',
    description: 'Plants.',
    language: 'en',
    masteryThreshold: 0.8,
    ...more,
  });

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'course-school');
    other = await foundSchool(api.app, 'other-school');
    learner = await school.join('student', 'learner');
    outsider = await school.join('teacher', null);
  }, 60_000);
  afterAll(() => api?.close());

  describe('reading', () => {
    const listing = `{ courses { edges { node {
      id title skills { id name position prerequisiteIds }
      activities(first: 3) { edges { node { kind current { content } } } pageInfo { hasNextPage endCursor } }
      learnerActivities(first: 3) { edges { node { activityId title form { kind } hintCount } } }
      enrolments { edges { node { user { id name } role joinedAt leftAt } } }
      myEnrolment { role }
    } } pageInfo { hasNextPage } } }`;

    it('shows a teacher her course with everything', async () => {
      const { courses } = await run(school.teacher, listing);
      expect(courses.edges).toHaveLength(1);
      const course = courses.edges[0].node;
      expect(course).toMatchObject({ id: school.courseId, title: 'A small course', myEnrolment: { role: 'teacher' } });
      expect(course.skills.map(({ name }: { name: string }) => name)).toEqual([
        'Counting',
        'Adding',
        'Multiplying',
        'Shapes',
      ]);
      expect(course.skills[1].prerequisiteIds).toEqual([course.skills[0].id]);
      expect(course.activities.pageInfo.hasNextPage).toBe(true);
      expect(course.activities.edges[0].node.current.content.key).toMatchObject({ kind: 'choice', correct: 'yes' });
      expect(
        course.enrolments.edges.map((edge: { node: { user: { id: string } } }) => edge.node.user.id).sort(),
      ).toEqual([school.teacher.id, learner.id].sort());
    });

    it('shows a learner what she may see, and no key anywhere', async () => {
      const data = await run(learner, listing);
      const course = data['courses'].edges[0].node;
      expect(course).toMatchObject({ activities: null, enrolments: null, myEnrolment: { role: 'learner' } });
      expect(course.learnerActivities.edges).toHaveLength(3);
      expect(JSON.stringify(data)).not.toMatch(/"key"|correct|misconception|Well done|It is not no/);
      const activityId = course.learnerActivities.edges[0].node.activityId;
      const own = await run(
        learner,
        'query ($id: UUID!) { activity(id: $id) { id } activityVersion(activityId: $id, version: 1) { version } }',
        { id: activityId },
      );
      expect(own).toEqual({ activity: null, activityVersion: null });
    });

    it('pages through activities by kind', async () => {
      const page = `query ($id: UUID!, $after: String) { course(id: $id) {
        activities(first: 4, after: $after, kind: "worked-example") { edges { node { number kind } } pageInfo { hasNextPage endCursor } } } }`;
      const one = await run(school.teacher, page, { id: school.courseId });
      expect(one['course'].activities.edges).toHaveLength(4);
      expect(one['course'].activities.pageInfo.hasNextPage).toBe(false);
      const all: number[] = [];
      let after: string | null = null;
      do {
        const data = await run(
          school.teacher,
          `query ($id: UUID!, $after: String) { course(id: $id) { activities(first: 7, after: $after) {
            edges { node { number } } pageInfo { hasNextPage endCursor } } } }`,
          { id: school.courseId, after },
        );
        const { edges, pageInfo } = data['course'].activities;
        all.push(...edges.map((edge: { node: { number: number } }) => edge.node.number));
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      } while (after !== null);
      expect(all).toEqual(Array.from({ length: 33 }, (_, index) => index + 1));
    });

    it('refuses a cursor of another list, a length out of range and a kind that is not one', async () => {
      const wrong = [
        'courses(first: 0) { pageInfo { hasNextPage } }',
        'courses(first: 101) { pageInfo { hasNextPage } }',
        'courses(after: "bm90IGFuIGlk") { pageInfo { hasNextPage } }',
        `course(id: "${school.courseId}") { activities(after: "eA") { pageInfo { hasNextPage } } }`,
        `course(id: "${school.courseId}") { activities(kind: "quiz") { pageInfo { hasNextPage } } }`,
      ];
      for (const field of wrong) {
        const answer = await graphql(api.url, `{ ${field} }`, { token: school.teacher.token });
        expect(answer.errors?.[0]?.extensions.code, field).toBe('INVALID_INPUT');
      }
    });

    it('hides courses from those who have nothing to do with them', async () => {
      const find = 'query ($id: UUID!) { course(id: $id) { id title } }';
      expect(await run(outsider, find, { id: school.courseId })).toEqual({ course: null });
      expect(await run(other.admin, find, { id: school.courseId })).toEqual({ course: null });
      expect((await run(outsider, listing))['courses'].edges).toEqual([]);
      expect(await run(school.admin, find, { id: school.courseId })).toMatchObject({
        course: { title: 'A small course' },
      });
    });

    it('tells where one belongs', async () => {
      expect(await run(learner, '{ institution { name slug language timeZone jurisdiction } }')).toEqual({
        institution: {
          name: 'course-school',
          slug: 'course-school',
          language: 'en',
          timeZone: 'UTC',
          jurisdiction: 'unknown',
        },
      });
    });
  });

  describe('managing', () => {
    it('creates a course once, whoever resends it', async () => {
      const input = aCourseInput({ source: 'lms', externalId: 'botany-1' });
      const { createCourse: first } = await run(outsider, create, { input });
      expect(first).toMatchObject({ __typename: 'Course', title: 'Botany', revision: 1, source: 'lms' });
      expect((await run(outsider, create, { input }))['createCourse']).toEqual(first);
      const changed = { ...input, title: 'Zoology' };
      expect((await run(outsider, create, { input: changed }))['createCourse']).toMatchObject({ code: 'ID_REUSED' });
      const sameKey = { ...input, id: newId() };
      expect((await run(outsider, create, { input: sameKey }))['createCourse']).toMatchObject({ code: 'TAKEN' });
      const own = await run(outsider, 'query ($id: UUID!) { course(id: $id) { myEnrolment { role } } }', {
        id: input.id,
      });
      expect(own).toEqual({ course: { myEnrolment: { role: 'teacher' } } });
      expect((await audited()).filter((action) => action === 'course.created')).toHaveLength(1);
    });

    it('survives the same creation sent many times at once', async () => {
      const input = aCourseInput();
      const answers = await Promise.all(Array.from({ length: 6 }, () => run(school.admin, create, { input })));
      for (const { createCourse } of answers)
        expect(createCourse).toMatchObject({ __typename: 'Course', id: input.id });
    });

    it('lets learners and strangers create and change nothing', async () => {
      expect((await run(learner, create, { input: aCourseInput() }))['createCourse']).toMatchObject({
        code: 'FORBIDDEN',
      });
      const input = { courseId: school.courseId, title: 'Mine now' };
      expect((await run(learner, update, { input }))['updateCourse']).toMatchObject({ code: 'FORBIDDEN' });
      expect((await run(outsider, update, { input }))['updateCourse']).toMatchObject({ code: 'NOT_FOUND' });
      expect((await run(other.admin, update, { input }))['updateCourse']).toMatchObject({ code: 'NOT_FOUND' });
    });

    it('changes what is set, and raises the revision only when something changed', async () => {
      const input = aCourseInput();
      await run(school.admin, create, { input });
      const change = { courseId: input.id, title: 'Botany II', masteryThreshold: 0.9, description: null };
      const { updateCourse: changed } = await run(school.admin, update, { input: change });
      expect(changed).toMatchObject({ title: 'Botany II', masteryThreshold: 0.9, description: 'Plants.', revision: 2 });
      expect((await run(school.admin, update, { input: change }))['updateCourse'].revision).toBe(2);
      const wrong = { courseId: input.id, masteryThreshold: 2 };
      expect((await run(school.admin, update, { input: wrong }))['updateCourse']).toMatchObject({
        code: 'INVALID_INPUT',
        issues: [{ path: 'masteryThreshold' }],
      });
    });

    it('puts a course away and takes it out again', async () => {
      const input = aCourseInput({ title: 'For the drawer' });
      await run(outsider, create, { input });
      const act = (verb: string) =>
        run(outsider, `mutation ($id: UUID!) { ${verb}(courseId: $id) { ${courseFields} ${refusal} } }`, {
          id: input.id,
        });
      const archived = (await act('archiveCourse'))['archiveCourse'];
      expect(archived).toMatchObject({ revision: 2, archivedAt: expect.any(String) });
      expect((await act('archiveCourse'))['archiveCourse']).toEqual(archived);
      const titles = async (args: string) =>
        (await run(outsider, `{ courses${args} { edges { node { title } } } }`))['courses'].edges.map(
          (edge: { node: { title: string } }) => edge.node.title,
        );
      expect(await titles('')).not.toContain('For the drawer');
      expect(await titles('(withArchived: true)')).toContain('For the drawer');
      expect((await act('restoreCourse'))['restoreCourse']).toMatchObject({ revision: 3, archivedAt: null });
      expect(await titles('')).toContain('For the drawer');
    });
  });

  describe('the skill graph', () => {
    it('is replaced as a whole, once', async () => {
      const { id: courseId } = (await run(school.admin, create, { input: aCourseInput() }))['createCourse'];
      const [root, leaf] = [newId(), newId()];
      const skills = [
        { id: root, name: 'Root', description: 'Below.', prerequisiteIds: [] },
        { id: leaf, name: 'Leaf', description: 'Above.', prerequisiteIds: [root] },
      ];
      const first = (await run(school.admin, saveGraph, { input: { courseId, skills } }))['saveSkillGraph'];
      expect(first).toMatchObject({
        course: { revision: 2, graphVersion: 1 },
        skills: [
          { id: root, position: 0 },
          { id: leaf, position: 1, prerequisiteIds: [root] },
        ],
      });
      expect((await run(school.admin, saveGraph, { input: { courseId, skills } }))['saveSkillGraph']).toEqual(first);
      const fewer = (await run(school.admin, saveGraph, { input: { courseId, skills: skills.slice(0, 1) } }))[
        'saveSkillGraph'
      ];
      expect(fewer).toMatchObject({ course: { graphVersion: 2 }, skills: [{ id: root }] });
    });

    it('names the circle, the unknown prerequisite and the skill that is still practised', async () => {
      const listing =
        'query ($id: UUID!) { course(id: $id) { revision skills { id name description prerequisiteIds } } }';
      const { course } = await run(school.teacher, listing, { id: school.courseId });
      const save = async (skills: object[]) =>
        (await run(school.teacher, saveGraph, { input: { courseId: school.courseId, skills } }))['saveSkillGraph'];
      const [counting, adding, ...rest] = course.skills;

      const circular = [{ ...counting, prerequisiteIds: [adding.id] }, adding, ...rest];
      const circle = await save(circular);
      expect(circle).toMatchObject({ code: 'CYCLIC_PREREQUISITES' });
      expect(circle.message).toMatch(/Counting → Adding → Counting/);

      expect(await save([{ ...counting, prerequisiteIds: [newId()] }, adding, ...rest])).toMatchObject({
        code: 'INVALID_INPUT',
        issues: [{ path: 'skills.0.prerequisiteIds.0' }],
      });
      expect(await save([counting, counting, adding, ...rest])).toMatchObject({
        code: 'INVALID_INPUT',
        issues: [{ path: 'skills.1.id' }],
      });
      const dropped = await save([counting, ...rest.map((skill: object) => ({ ...skill, prerequisiteIds: [] }))]);
      expect(dropped).toMatchObject({ code: 'INVALID_INPUT' });
      expect(dropped.message).toMatch(/"Adding"/);
      expect((await run(school.teacher, listing, { id: school.courseId }))['course']).toEqual(course);
    });

    it('keeps the external keys of imported skills, and takes no skill from another course', async () => {
      const listing = 'query ($id: UUID!) { course(id: $id) { skills { id name description prerequisiteIds } } }';
      const { course } = await run(school.teacher, listing, { id: school.courseId });
      const skills = course.skills.map((skill: { name: string }) => ({ ...skill, name: `${skill.name}!` }));
      const saved = await run(school.teacher, saveGraph, { input: { courseId: school.courseId, skills } });
      expect(saved['saveSkillGraph'].skills[0]).toMatchObject({ name: 'Counting!', externalId: 'counting' });
      const { id: courseId } = (await run(school.admin, create, { input: aCourseInput() }))['createCourse'];
      const stolen = await run(school.admin, saveGraph, {
        input: { courseId, skills: [{ ...skills[0], prerequisiteIds: [] }] },
      });
      expect(stolen['saveSkillGraph']).toMatchObject({ code: 'ID_REUSED' });
    });

    it('is for teachers of the course', async () => {
      const input = { courseId: school.courseId, skills: [] };
      expect((await run(learner, saveGraph, { input }))['saveSkillGraph']).toMatchObject({ code: 'FORBIDDEN' });
      expect((await run(other.teacher, saveGraph, { input }))['saveSkillGraph']).toMatchObject({ code: 'NOT_FOUND' });
    });
  });
});
