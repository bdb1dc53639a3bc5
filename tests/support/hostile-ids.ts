import { fringeAndBand } from '#libs/recommendation';
import { dangerousSystemActor, ManageApiKeys } from '#libs/identity';
import { graphql, newId, type TestApi } from './api.js';
import { aSpecification } from './course.js';
import type { Place, RootOperation, Samples } from './hostile-graphql.js';
import { query } from './postgres-client.js';
import { expectOk, type Person } from './school.js';
import type { SizedSchool } from './sized-school.js';

/** On any picture. */
const anOutline = [
  [1, 1],
  [20, 1],
  [20, 20],
];

/** Ids in inputs that the caller makes; everywhere else an id names what is there. */
const isMadeByCaller = ({ path, description }: Place, operation: RootOperation): boolean =>
  path.at(-1) === 'id' &&
  path[0] === 'input' &&
  (description.startsWith('Made by you') ||
    ['recordInteraction', 'requestHint', 'saveSkillGraph'].includes(operation.name));

const policy = { name: fringeAndBand.name, version: fringeAndBand.version };

/** Valid values by name, so that what is refused is refused for what is wrong with it. */
export const samples: Samples = {
  role: 'learner',
  roles: ['student'],
  'users role': 'student',
  purpose: 'research',
  decision: 'granted',
  givenAs: 'guardian',
  kind: 'exercise',
  'recordInteraction kind': 'activity-shown',
  modality: 'text',
  language: 'en',
  masteryThreshold: 0.8,
  reaction: 'accepted',
  stakes: 'practice',
  release: 'certified',
  email: 'nobody@nowhere.test',
  password: 'a long enough password',
  present: 'not the present password',
  next: 'a long enough password',
  after: null,
  reason: null,
  source: null,
  externalId: null,
  expiresAt: null,
  opensAt: null,
  dueAt: null,
  correct: null,
  fileId: null,
  'submitWork fileIds': [],
  excludedModalities: 'audio',
  extraTime: 1.5,
  keyboardOnly: true,
  noDrawing: true,
  screenReader: true,
  'setSensingCeiling scope': 'course',
  'setSensingCeiling mode': 'off',
  'setPresenceWatch on': true,
  criterionId: 'left',
  overrides: [],
  'correctScanPages kind': 'work',
  position: 1,
  turn: 0,
  matchBy: 'order',
  pagesPerLearner: 1,
  hold: true,
  'withdrawScans reason': 'x',
  'declineRegrade reason': 'x',
  'requestRegrade reason': 'x',
  comments: null,
  shape: null,
  marks: [],
  'previewGrade specification': aSpecification,
  outlines: [anOutline],
  until: null,
  on: '2026-12-24',
  'createTrainingDataset name': 'Shapes',
  'startTrainingRun name': 'Shapes',
  'createTestSet name': 'Shapes',
  seed: null,
  engine: 'keras-jax',
  backbone: 'tiny-convnet',
  weights: null,
  abstainBelow: null,
  numbers: null,
  afterLine: 0,
  consentBasis: 'generated',
  licence: 'CC0-1.0',
  isSynthetic: true,
  splitBy: 'image',
  'createTrainingDataset task': 'image-classification',
  boxes: null,
  attributes: {},
  group: null,
  'moveModel to': 'retired',
  'moveModel reason': 'x',
  'rollBackModel name': 'Shapes',
  'rollBackModel reason': 'x',
  'setCourseControls version': 0,
  answer: { choice: 'a' },
  base: policy,
  changes: { epsilon: 0.2 },
  plan: { arms: [{ policy, share: 1 }], salt: 'x', notice: true, startsAt: '2026-01-01T00:00:00Z', endsAt: null },
  content: {
    title: 'One',
    body: 'How many?',
    form: { kind: 'number' },
    key: { kind: 'number', value: 1 },
  },
};

/** Ids by the names under which operations ask for them. */
export type Ids = Readonly<Record<string, string>>;

/** Whether an id in this place names what is there, rather than what the caller makes. */
export function namesSomething(place: Place, operation: RootOperation): boolean {
  const type = String(place.type).replaceAll(/[[\]!]/g, '');
  const isList = String(place.type).includes('[');
  return type === 'UUID' && !isList && !isMadeByCaller(place, operation);
}

/** The samples with the ids of an institution, by the names under which an operation asks for them. */
export function samplesFor(operation: RootOperation, ids: Ids): Samples {
  const named = operation.places.filter((place) => namesSomething(place, operation));
  const aSkill = { id: ids['skillIds'], name: 'x', description: 'x', prerequisiteIds: [] };
  return {
    ...samples,
    ...Object.fromEntries(named.map((place) => [place.name, idOf(place, operation, ids)])),
    'saveSkillGraph skills': [aSkill],
    'previewGrade works': [{ submissionId: ids['submissionId'] }],
    'pixelClassifier pictures': [{ submissionId: ids['submissionId'], outlines: [anOutline] }],
    'setCourseControls dueDates': [{ skillId: ids['skillId'], on: '2026-12-24' }],
  };
}

/** The id that an operation takes in a place. */
export function idOf({ name, path }: Place, operation: RootOperation, ids: Ids): string {
  const id = ids[`${operation.name} ${path.join('.')}`] ?? ids[name];
  if (id === undefined) throw new Error(`Say in idsOf which id ${operation.name} takes as ${path.join('.')}.`);
  return id;
}

/** What there is in an institution, by the names under which operations ask for it. */
export async function idsOf({ database }: TestApi, school: SizedSchool): Promise<Ids> {
  const { institutionId, courseId, sessionId, assignmentId, submissionId, learner } = school;
  const [fileId, interventionId] = [newId(), newId()];
  await query(
    database.ownerUrl,
    `INSERT INTO files (institution_id, id, owner_id, sha256, media_type, bytes, width, height)
     VALUES ($1, $2, $3, '', 'image/png', 1, 1, 1)`,
    [institutionId, fileId, learner.id],
  );
  const one = async (table: string, order = 'id'): Promise<string> => {
    const sql = `SELECT id FROM ${table} WHERE institution_id = $1 ORDER BY ${order} LIMIT 1`;
    return (await query<{ id: string }>(database.ownerUrl, sql, [institutionId]))[0]!.id;
  };
  const [activityId, skillId, apiKeyId] = [
    await one('activities', `course_id <> '${courseId}', number`),
    await one('skills', `course_id <> '${courseId}', id`),
    await one('api_keys'),
  ];
  const about = { skillId, forSkillId: skillId, masteryBefore: 0.4, otherModality: false };
  const reason = { code: 'explain-skill', trigger: 'confused', ...about };
  await query(
    database.ownerUrl,
    `INSERT INTO interventions (institution_id, id, learner_id, course_id, session_id, trigger, activity_id,
                                activity_version, reason, sequence, offered_at)
     VALUES ($1, $2, $3, $4, $5, 'confused', $6, 1, $7, 1, now())`,
    [institutionId, interventionId, learner.id, courseId, sessionId, activityId, JSON.stringify(reason)],
  );
  const scoreId = await one('scores', `submission_id <> '${submissionId}', sequence DESC`);
  return {
    courseId,
    scoreId,
    reviewId: scoreId,
    requestId: await one('regrade_requests', `submission_id <> '${submissionId}'`),
    sessionId,
    assignmentId,
    submissionId,
    fileId,
    fileIds: fileId,
    interventionId,
    activityId,
    skillId,
    'setSensingCeiling input.subjectId': school.courseId,
    skillIds: skillId,
    bannedActivityIds: activityId,
    skillOrder: skillId,
    prerequisiteIds: skillId,
    learnerId: learner.id,
    learnerIds: learner.id,
    userId: learner.id,
    'activity id': activityId,
    'assignment id': assignmentId,
    'closeAssignment id': assignmentId,
    'createAssignment input.activityId': await one(
      'activities',
      `course_id <> '${courseId}', kind = 'visual-assignment' DESC`,
    ),
    modelId: await one('model_packages', 'version'),
    'model id': await one('model_packages', 'version'),
    datasetId: await one('training_datasets', 'created_at'),
    'trainingDataset id': await one('training_datasets', 'created_at'),
    'datasetImport id': await one('dataset_imports', 'created_at'),
    imageIds: await one('labelled_images', 'labelled_at'),
    batchId: await one('scan_batches', 'created_at'),
    pageId: await one('scan_pages', 'number'),
    'scanBatch id': await one('scan_batches', 'created_at'),
    'trainingRun id': await one('training_runs', 'created_at'),
    'renewTrainingCode id': await one('training_runs', 'created_at'),
    'cancelTrainingRun id': await one('training_runs', 'created_at'),
    'course id': courseId,
    'decision id': await one('decisions'),
    'revokeApiKey id': apiKeyId,
    'offer id': interventionId,
    'session id': sessionId,
    'submission id': submissionId,
    'user id': learner.id,
    'updateAssignment input.id': assignmentId,
  };
}

/** A service of a school, signed in. */
export async function serviceOf(api: TestApi, { institutionId }: SizedSchool): Promise<Pick<Person, 'token'>> {
  const keys = api.app.get(ManageApiKeys, { strict: false });
  const created = expectOk(await keys.create(dangerousSystemActor(institutionId), { name: 'LMS', expiresAt: null }));
  const { data } = await graphql(
    api.url,
    'mutation ($key: String!) { exchangeApiKey(apiKey: $key) { ... on Tokens { accessToken } } }',
    { variables: { key: created.secret } },
  );
  return { token: data!['exchangeApiKey'].accessToken as string };
}

/** A teacher of the institution who teaches a course of her own, and takes no part in the one that all ids are of. */
export async function teacherOfAnotherCourse(api: TestApi, school: SizedSchool): Promise<Person> {
  const person = await school.join('teacher', null);
  const input = { id: newId(), title: 'Another', description: 'Her own.', language: 'en', masteryThreshold: 0.8 };
  const { data, errors } = await graphql(
    api.url,
    'mutation ($input: CreateCourseInput!) { createCourse(input: $input) { __typename } }',
    { token: person.token, variables: { input } },
  );
  if (data?.['createCourse'].__typename !== 'Course') throw new Error(JSON.stringify({ data, errors }));
  return person;
}
