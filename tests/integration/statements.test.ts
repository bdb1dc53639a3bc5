import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphQLSchema } from 'graphql';
import { graphql, startTestApi, type TestApi } from '../support/api.js';
import { listFieldsIn, listFieldsOf, schemaOf } from '../support/schema.js';
import { foundSizedSchool, type SizedSchool } from '../support/sized-school.js';
import { statementsDuring } from '../support/statements.js';

interface Listing {
  readonly name: string;
  readonly as: 'teacher' | 'learner' | 'admin';
  readonly operation: string;
  readonly variables?: (school: SizedSchool) => Record<string, unknown>;
}

const learnerActivity =
  'activityId skillIds media { src captions { language } } form { kind options { id } items { id } }';
const ofCourse = ({ courseId }: SizedSchool) => ({ id: courseId });

/** Operations that list something. Together they ask for every list of the schema, but those below. */
const listings: readonly Listing[] = [
  {
    name: 'courses and what hangs on them',
    as: 'teacher',
    operation: `{ courses(first: 50) { edges { node { id
      skills { id prerequisiteIds }
      activities(first: 2) { edges { node { id current { skillIds content } } } }
      learnerActivities(first: 2) { edges { node { activityId } } }
      enrolments(first: 2) { edges { node { user { name } } } }
      myEnrolment { role } } } } }`,
  },
  {
    name: 'one course',
    as: 'teacher',
    operation: `query ($id: UUID!) { course(id: $id) { id
      skills { id prerequisiteIds }
      activities(first: 50) { edges { node { id current { skillIds content } } } }
      enrolments(first: 50) { edges { node { user { name } role } } } } }`,
    variables: ofCourse,
  },
  {
    name: 'activities as a learner sees them',
    as: 'learner',
    operation: `query ($id: UUID!) { course(id: $id) { learnerActivities(first: 50) { edges { node { ${learnerActivity} } } } } }`,
    variables: ofCourse,
  },
  { name: 'API keys', as: 'admin', operation: '{ apiKeys { id name } viewer { roles } }' },
  {
    name: 'consent and accommodations',
    as: 'admin',
    operation: `query ($id: UUID!) { consents(learnerId: $id, first: 50) { edges { node { id } } }
      consentStanding(learnerId: $id) { purpose } accommodations(learnerId: $id) { excludedModalities } }`,
    variables: ({ learner }) => ({ id: learner.id }),
  },
  {
    name: 'mastery',
    as: 'learner',
    operation: 'query ($id: UUID!) { mastery(courseId: $id) { name probability } }',
    variables: ofCourse,
  },
  {
    name: 'sessions and what comes next',
    as: 'learner',
    operation: `query ($id: UUID!, $session: UUID!) { sessions(courseId: $id, first: 50) { edges { node { id } } }
      nextActivity(sessionId: $session) { activity { ${learnerActivity} } } }`,
    variables: ({ courseId, sessionId }) => ({ id: courseId, session: sessionId }),
  },
  {
    name: 'assignments',
    as: 'teacher',
    operation: `query ($id: UUID!) { assignments(courseId: $id, first: 50) { edges { node { id activity { activityId } } } } }`,
    variables: ofCourse,
  },
  {
    name: 'work that was handed in',
    as: 'teacher',
    operation: `query ($id: UUID!) { submissions(courseId: $id, first: 50) { edges { node { id learner { name } assignment { title }
      scores { id criteria { markIds } } } } } }`,
    variables: ofCourse,
  },
  {
    name: 'users',
    as: 'admin',
    operation: '{ users(first: 50) { edges { node { id name source externalId } } } }',
  },
  {
    name: 'the review queue',
    as: 'teacher',
    operation: `query ($id: UUID!) { reviewQueue(courseId: $id, first: 50) { edges { node { id learner { name } assignment { title }
      scores { criteria { markIds regions } extras { region } flags } } } } }`,
    variables: ofCourse,
  },
];

/** Lists that are never a listing of rows, each with the reason. */
const heldByTheirParent: Record<string, string> = {
  'InvalidInput.issues': 'part of a refusal',
  'OpenedSession.mastery': 'computed from the learner’s one row and the catalogue',
  'RecordedResponse.mastery': 'computed from the learner’s one row and the catalogue',
  'SavedSkillGraph.skills': 'what a mutation has just stored',
  'UserAccount.roles': 'a column',
};

const sizes = { one: 1, many: 50 };

describe('the number of SQL statements does not grow with the length of a list', () => {
  let api: TestApi;
  let schema: GraphQLSchema;
  let one: SizedSchool;
  let many: SizedSchool;

  beforeAll(async () => {
    api = await startTestApi({ SOCKET_SWEEP_SECONDS: '300' });
    schema = schemaOf(api);
    one = await foundSizedSchool(api, 'school-of-one', sizes.one);
    many = await foundSizedSchool(api, 'school-of-many', sizes.many);
  }, 120_000);
  afterAll(() => api?.close());

  const run = async ({ as, operation, variables }: Listing, school: SizedSchool) => {
    const answer = await graphql(api.url, operation, { token: school[as].token, variables: variables?.(school) ?? {} });
    expect(answer.errors, JSON.stringify(answer.errors)).toBeUndefined();
    return answer.data!;
  };

  it.each(listings)('$name', async (listing) => {
    // What is kept in memory is loaded, and the operation compiled, before anything is counted.
    for (const school of [one, many, one, many]) await run(listing, school);
    const few = await countedDuring(() => run(listing, one));
    const lots = await countedDuring(() => run(listing, many));
    expect(few.length).toBeGreaterThan(1);
    const told = `of ${sizes.many}:\n${lots.join('\n')}\nof ${sizes.one}:\n${few.join('\n')}\n`;
    expect(lots.length, told).toBe(few.length);
    const [short, long] = [await run(listing, one), await run(listing, many)];
    expect(longestIn(long), 'the longest list').toBeGreaterThanOrEqual(sizes.many);
    expect(longestIn(short), 'the longest list').toBeLessThanOrEqual(4);
  });

  it('and no list of the schema is left out', () => {
    const asked = new Set(listings.flatMap(({ operation }) => listFieldsIn(schema, operation)));
    const lists = listFieldsOf(schema);
    for (const field of Object.keys(heldByTheirParent)) expect(lists).toContain(field);
    const forgotten = lists.filter((field) => !asked.has(field) && !(field in heldByTheirParent));
    expect(forgotten, 'ask for these in `listings`, or say why they are held by their parent').toEqual([]);
  });
});

/** The keys that verify tokens are read again now and then, by whoever comes then. */
async function countedDuring(work: () => Promise<unknown>): Promise<string[]> {
  return (await statementsDuring(work)).filter((statement) => !statement.includes('signing_keys'));
}

function longestIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Math.max(0, ...Object.values(value).map(longestIn));
  return Array.isArray(value) ? Math.max(value.length, inner) : inner;
}
