import { consentPurposes } from '#libs/governance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GraphQLSchema } from 'graphql';
import { graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
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
      consentStanding(learnerId: $id) { purpose } sensing(learnerId: $id) { mode } accommodations(learnerId: $id) { excludedModalities } }`,
    variables: ({ learner }) => ({ id: learner.id }),
  },
  {
    name: 'how a class was engaged',
    as: 'teacher',
    operation: `query ($id: UUID!) { classEngagement(courseId: $id, from: "2026-01-01T00:00:00Z", to: "2026-01-02T00:00:00Z") {
      at learners shares { label share } } }`,
    variables: ofCourse,
  },
  {
    name: 'models of a course, with their lives and gates',
    as: 'teacher',
    operation: `query ($id: UUID!) { models(courseId: $id, first: 50) { edges { node { state verified { labels mostConfused { given } }
      transitions { to } gate { isMet } mistakes { given picture } } } } }`,
    variables: ({ courseId: id }) => ({ id }),
  },
  {
    name: 'datasets of a course, with labels and images',
    as: 'teacher',
    operation: `query ($id: UUID!) { trainingDatasets(courseId: $id, first: 30) { edges { node { name labels { images boxes }
      images(first: 30) { edges { node { label boxes } } } } } } }`,
    variables: ofCourse,
  },
  {
    name: 'datasets of a course, with the zips that were uploaded for them',
    as: 'teacher',
    operation: `query ($id: UUID!) { trainingDatasets(courseId: $id, first: 10) { edges { node {
      imports(first: 50) { edges { node { state refusals { path } } } } } } } }`,
    variables: ofCourse,
  },
  {
    name: 'scans of an assignment, with what came of them',
    as: 'teacher',
    operation: `query ($id: UUID!) { assignment(id: $id) { scanBatches(first: 50) { edges { node { state refusals { path }
      works { submissionId } withoutPage { name } } } } } }`,
    variables: ({ assignmentId: id }) => ({ id }),
  },
  {
    name: 'pages of scans',
    as: 'teacher',
    operation: `query ($id: UUID!) { assignment(id: $id) { scanBatches(first: 3) { edges { node {
      pages { number learner { name } proposed { name } } } } } } }`,
    variables: ({ assignmentId: id }) => ({ id }),
  },
  {
    name: 'test sets of a course',
    as: 'teacher',
    operation: `query ($id: UUID!) { testSets(courseId: $id, first: 50) { edges { node { name labels } } } }`,
    variables: ofCourse,
  },
  {
    name: 'training runs of a course, with what they told',
    as: 'teacher',
    operation: `query ($id: UUID!) { trainingRuns(courseId: $id, first: 50) { edges { node { state progress { phase } } } } }`,
    variables: ofCourse,
  },
  {
    name: 'policies of a course',
    as: 'teacher',
    operation: 'query ($id: UUID!) { policies(courseId: $id) { policies { name version numbers } plan { salt } } }',
    variables: ofCourse,
  },
  {
    name: 'mastery',
    as: 'learner',
    operation: 'query ($id: UUID!) { mastery(courseId: $id) { name probability } }',
    variables: ofCourse,
  },
  {
    name: 'the map of a class',
    as: 'teacher',
    operation:
      'query ($id: UUID!) { skillMap(courseId: $id) { learners skills { name prerequisiteIds begun median } } }',
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
    operation: `query ($id: UUID!) { assignments(courseId: $id, first: 50) { edges { node { id open activity { activityId } extensions { dueAt } } } } }`,
    variables: ofCourse,
  },
  {
    name: 'work that was handed in',
    as: 'teacher',
    operation: `query ($id: UUID!) { submissions(courseId: $id, first: 50) { edges { node { id learner { name } assignment { title }
      scores { id criteria { markIds } } judgements { label } lookalikes { bits } regradeRequests { state }
      decisions { criteria { criterionId } certifications { bound } } } } } }`,
    variables: ofCourse,
  },
  {
    name: 'what programs are trusted with',
    as: 'teacher',
    operation: `query ($id: UUID!) { certifications(courseId: $id) { state audits } }`,
    variables: ofCourse,
  },
  {
    name: 'agreement on an assignment',
    as: 'teacher',
    operation: `query ($id: UUID!) { agreement(assignmentId: $id) { overall { ...all } criteria { label agreement { ...all } } } }
      fragment all on Agreement { levels confusion byVersion { name } byMonth { name } }`,
    variables: ({ assignmentId: id }) => ({ id }),
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
  {
    name: 'the review queue in groups',
    as: 'teacher',
    operation: `query ($id: UUID!) { reviewGroups(courseId: $id, first: 50) { edges { node { size assignment { title } flags
      findings { error } confirmable { scoreId } example { id learner { name } scores { total } } } } } }`,
    variables: ofCourse,
  },
];

/** Lists that are never a listing of rows, each with the reason. */
const heldByTheirParent: Record<string, string> = {
  'Agreement.reliability': 'ten bins, however many decisions there are',
  'ClassPeriod.shares': 'grouped by the database, a row for each label',
  'ControlWarning.ids': 'part of a warning',
  'CourseControls.bannedActivityIds': 'a column',
  'CourseControls.dueDates': 'a column',
  'CourseControls.pins': 'a column; those whom they are for are read at once',
  'CourseControls.skillOrder': 'a column',
  'CourseControls.warnings': 'computed from a column and the catalogue',
  'Decision.terms': 'a column',
  'ImageOutcome.issues': 'part of a refusal',
  'InvalidInput.issues': 'part of a refusal',
  'LabelledImages.outcomes': 'what a mutation has just done',
  'NotNow.issues': 'part of a refusal',
  'Sensing.limits': 'computed from a few columns',
  'SensingLimit.lacksConsentOf': 'learner and guardian at most',
  'OfferExplanation.terms': 'part of a column',
  'OpenedSession.mastery': 'computed from the learner’s one row and the catalogue',
  'PolicyPlan.arms': 'a column',
  'PreviewedGrade.criteria': 'made by a grader',
  'PreviewedGrade.extras': 'made by a grader',
  'PreviewedGrade.flags': 'made by a grader',
  'ProjectReport.byLabel': 'part of a column',
  'ProjectReport.confusion': 'part of a column',
  'ProjectReport.labels': 'part of a column',
  'ProjectReport.mostConfused': 'part of a column',
  'Query.dueReviews': 'computed from the learner’s one row and the catalogue',
  'Query.masteryHistory': 'one statement, cut at its latest points',
  'Query.previewGrade': 'five works at most',
  'Recommendation.alternatives': 'held by one decision and the catalogue',
  'RecordedResponse.mastery': 'computed from the learner’s one row and the catalogue',
  'RegradePreview.changes': 'twenty at most, made by a grader',
  'ReviewOutcomes.outcomes': 'what a mutation has just done',
  'SavedSkillGraph.skills': 'what a mutation has just stored',
  'ScanOutcomes.outcomes': 'what a mutation has just done',
  'Score.comments': 'a column',
  'Submission.pictures': 'read with the work, at most eight',
  'UserAccount.roles': 'a column',
};

/** What is there to be changed. */
interface ChangeIds {
  readonly skillIds: readonly string[];
  readonly exerciseId: string;
  readonly waitingId: string;
}

interface Change {
  readonly name: string;
  readonly as: 'teacher' | 'learner';
  readonly operation: string;
  readonly input: (school: SizedSchool, ids: ChangeIds) => object;
  /** Statements that it takes, but for BEGIN and COMMIT, in whatever school. */
  readonly of: number;
}

const now = (): string => new Date().toISOString();
let saved = 0;

/** Operations that change something, with what they cost. */
const changes: readonly Change[] = [
  {
    name: 'opening a session',
    as: 'learner',
    operation:
      'mutation ($input: OpenSessionInput!) { openSession(input: $input) { ... on Refusal { code message } } }',
    input: ({ courseId }) => ({ id: newId(), courseId, at: now() }),
    of: 4,
  },
  {
    name: 'recording a response',
    as: 'learner',
    operation:
      'mutation ($input: RecordResponseInput!) { recordResponse(input: $input) { ... on Refusal { code message } } }',
    input: ({ sessionId }, { exerciseId }) => ({
      id: newId(),
      sessionId,
      activityId: exerciseId,
      activityVersion: 1,
      answer: { order: ['a', 'b'] },
      durationMs: 1_000,
      at: now(),
    }),
    of: 2,
  },
  {
    name: 'handing work in',
    as: 'learner',
    operation: 'mutation ($input: SubmitWorkInput!) { submitWork(input: $input) { ... on Refusal { code message } } }',
    input: ({ assignmentId }) => ({ id: newId(), assignmentId, marks: [], at: now() }),
    of: 9,
  },
  {
    name: 'reviewing work',
    as: 'teacher',
    operation:
      'mutation ($input: ReviewSubmissionInput!) { reviewSubmission(input: $input) { ... on Refusal { code message } } }',
    input: ({ submissionId }) => ({ id: newId(), submissionId, overrides: [] }),
    of: 22,
  },
  {
    name: 'saving the skill graph',
    as: 'teacher',
    operation:
      'mutation ($input: SaveSkillGraphInput!) { saveSkillGraph(input: $input) { ... on Refusal { code message } } }',
    input: ({ courseId }, { skillIds }) => ({
      courseId,
      skills: skillIds.map((id, index) => ({
        id,
        name: `Skill ${index}, saved ${saved++}`,
        description: 'One of many.',
        prerequisiteIds: skillIds.slice(0, index).slice(-1),
      })),
    }),
    of: 19,
  },
  {
    name: 'creating an activity',
    as: 'teacher',
    operation:
      'mutation ($input: CreateActivityInput!) { createActivity(input: $input) { ... on Refusal { code message } } }',
    input: ({ courseId }, { skillIds }) => ({
      id: newId(),
      courseId,
      kind: 'exercise',
      modality: 'text',
      language: 'en',
      difficulty: 0,
      minutes: 1,
      skillIds: skillIds.slice(0, 6),
      content: { title: 'One', body: 'How many?', form: { kind: 'number' }, key: { kind: 'number', value: 1 } },
    }),
    of: 16,
  },
];

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
    expect(longestIn(short), 'the longest list').toBeLessThanOrEqual(consentPurposes.length);
  });

  it.each(changes)('$name', async ({ as, operation, input, of }) => {
    const cost = async (school: SizedSchool) => {
      const variables = { input: input(school, await idsIn(school)) };
      const counted = await countedDuring(async () => {
        const answer = await graphql(api.url, operation, { token: school[as].token, variables });
        const outcome = Object.values(answer.data ?? {})[0] as { code?: string; message?: string };
        expect(answer.errors ?? outcome.code, JSON.stringify(answer)).toBeUndefined();
      });
      return counted.filter((statement) => !/^(BEGIN|COMMIT)/.test(statement));
    };
    for (const school of [one, many]) await cost(school);
    const [few, lots] = [await cost(one), await cost(many)];
    const told = `of ${sizes.many}:\n${lots.join('\n')}\nof ${sizes.one}:\n${few.join('\n')}\n`;
    expect([few.length, lots.length], told).toEqual([of, of]);
  });

  const idsIn = async ({ institutionId, courseId }: SizedSchool): Promise<ChangeIds> => {
    const ids = async (table: string, where: string, order: string) =>
      (
        await query<{ id: string }>(
          api.database.ownerUrl,
          `SELECT id FROM ${table} WHERE institution_id = $1 AND course_id = $2 ${where} ORDER BY ${order}`,
          [institutionId, courseId],
        )
      ).map(({ id }) => id);
    return {
      skillIds: await ids('skills', '', 'position'),
      exerciseId: (await ids('activities', `AND kind = 'exercise'`, 'number'))[0]!,
      waitingId: (await ids('submissions', `AND state = 'needs-review'`, 'id'))[0]!,
    };
  };

  it('and no list of the schema is left out', () => {
    const asked = new Set(listings.flatMap(({ operation }) => listFieldsIn(schema, operation)));
    const lists = listFieldsOf(schema);
    for (const field of Object.keys(heldByTheirParent)) expect(lists).toContain(field);
    const forgotten = lists.filter((field) => !asked.has(field) && !(field in heldByTheirParent));
    expect(forgotten, 'ask for these in `listings`, or say why they are held by their parent').toEqual([]);
  });
});

/** Now and then, whoever asks: the keys that verify tokens are read again, processes tell that they live, and tidy up. */
const inBetween = /signing_keys|pg_notify|pg_locks|socket_io_attachments/;

async function countedDuring(work: () => Promise<unknown>): Promise<string[]> {
  return (await statementsDuring(work)).filter((statement) => !inBetween.test(statement));
}

/** The lines of a gate are as many whatever there is. */
const ofOneLength = new Set(['gate']);

function longestIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const growing = Object.entries(value).filter(([name]) => !ofOneLength.has(name));
  const inner = Math.max(0, ...growing.map(([, each]) => longestIn(each)));
  return Array.isArray(value) ? Math.max(value.length, inner) : inner;
}
