import type { INestApplicationContext } from '@nestjs/common';
import { dangerousSystemActor, ManageApiKeys } from '#libs/identity';
import { ImportCourse, ManageEnrolments, type CourseFolder } from '#libs/learning';
import type { TestApi } from './api.js';
import { graphql, newId } from './api.js';
import { drawingParts, onePixel } from './course.js';
import { query } from './postgres-client.js';
import { expectOk, foundSchool, type Person, type School } from './school.js';

/** A school in which every list has the same length. */
export interface SizedSchool extends School {
  readonly learner: Person;
  readonly sessionId: string;
  readonly assignmentId: string;
  readonly submissionId: string;
}

/** Founds a school in which there are `size` of everything that is listed. */
export async function foundSizedSchool(api: TestApi, slug: string, size: number): Promise<SizedSchool> {
  const context = api.app;
  const school = await foundSchool(context, slug, aFolder('main', size));
  const learner = await school.join('student', 'learner');
  await addCourses(context, school, size);
  await addRows(api.database.ownerUrl, school, learner, size);
  const keys = context.get(ManageApiKeys, { strict: false });
  const system = dangerousSystemActor(school.institutionId);
  for (let i = 0; i < size; i++) expectOk(await keys.create(system, { name: `key ${i}`, expiresAt: null }));
  const sessionId = newId();
  const opened = await graphql(
    api.url,
    'mutation ($input: OpenSessionInput!) { openSession(input: $input) { __typename } }',
    {
      token: learner.token,
      variables: { input: { id: sessionId, courseId: school.courseId, at: new Date().toISOString() } },
    },
  );
  if (opened.data?.['openSession'].__typename !== 'OpenedSession') throw new Error(JSON.stringify(opened));
  const one = async (table: string): Promise<string> =>
    (
      await query<{ id: string }>(
        api.database.ownerUrl,
        `SELECT id FROM ${table} WHERE institution_id = $1 ORDER BY id LIMIT 1`,
        [school.institutionId],
      )
    )[0]!.id;
  return {
    ...school,
    learner,
    sessionId,
    assignmentId: await one('assignments'),
    submissionId: await one('submissions'),
  };
}

/** The teacher's other courses. */
async function addCourses(context: INestApplicationContext, school: School, size: number): Promise<void> {
  const system = dangerousSystemActor(school.institutionId);
  for (let i = 1; i < size; i++) {
    const { courseId } = expectOk(
      await context.get(ImportCourse, { strict: false }).execute(system, 'tests', aFolder(`side-${i}`, 1)),
    );
    const input = { courseId, userId: school.teacher.id, role: 'teacher' as const };
    expectOk(await context.get(ManageEnrolments, { strict: false }).enrol(system, input));
  }
}

/** What people did, written as rows: reading is what is measured. */
async function addRows(url: string, { institutionId, courseId }: School, learner: Person, size: number): Promise<void> {
  const at = [institutionId, courseId, learner.id, size];
  const [person] = await query<{ pseudonym: string }>(url, 'SELECT pseudonym FROM users WHERE id = $1', [learner.id]);
  const run = (sql: string, values: unknown[] = at) => query(url, sql, values);
  // The teacher and the learner are there already.
  await run(
    `WITH people AS (
       INSERT INTO users (institution_id, id, pseudonym, name, roles)
       SELECT $1::uuid, gen_random_uuid(), gen_random_uuid(), 'learner ' || n, '{student}'
       FROM generate_series(3, $3::int) n RETURNING id)
     INSERT INTO enrolments (institution_id, course_id, user_id, role) SELECT $1::uuid, $2::uuid, id, 'learner' FROM people`,
    [institutionId, courseId, size],
  );
  await run(
    `INSERT INTO learning_sessions (institution_id, id, course_id, learner_id, device_at, opened_at)
     SELECT $1::uuid, gen_random_uuid(), $2::uuid, $3::uuid, now(), now() - n * interval '1 hour'
     FROM generate_series(2, $4::int) n`,
  );
  await run(
    `INSERT INTO assignments (institution_id, id, course_id, activity_id, activity_version, title, created_at)
     SELECT $1::uuid, gen_random_uuid(), $2::uuid, a.id, a.version, 'Drawing ' || n, now() - n * interval '1 hour'
     FROM generate_series(1, $3::int) n, activities a
     WHERE a.institution_id = $1 AND a.course_id = $2 AND a.kind = 'visual-assignment'`,
    [institutionId, courseId, size],
  );
  await run(
    `INSERT INTO extensions (institution_id, assignment_id, learner_id, due_at, granted_by, granted_at)
     SELECT institution_id, id, $2::uuid, now(), gen_random_uuid(), now() FROM assignments WHERE institution_id = $1`,
    [institutionId, learner.id],
  );
  await run(
    `INSERT INTO submissions (institution_id, id, assignment_id, course_id, learner_id, marks, state, body_hash, device_at, received_at)
     SELECT $1::uuid, gen_random_uuid(), s.id, $2::uuid, u.user_id, '[]', 'needs-review', '\\x00', now(), now() - s.n * interval '1 hour'
     FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM assignments WHERE institution_id = $1) s
     JOIN (SELECT user_id, row_number() OVER (ORDER BY user_id) AS n FROM enrolments
           WHERE institution_id = $1 AND course_id = $2 AND role = 'learner') u
       ON u.n = CASE WHEN s.n < $4::int THEN s.n ELSE 1 END AND $3::uuid IS NOT NULL`,
  );
  await run(
    `INSERT INTO scores (institution_id, id, submission_id, pseudonym, sequence, source, activity_id, activity_version, grader_name,
                         grader_version, total, maximum, confidence, criteria, extras, flags, scored_at)
     SELECT s.institution_id, gen_random_uuid(), s.id, u.pseudonym, n, 'automatic', a.activity_id, a.activity_version,
            'labelled-parts', 1, 0, 1, 0.5, $2::jsonb, '[]', '{}', now()
     FROM submissions s
     JOIN users u ON u.institution_id = s.institution_id AND u.id = s.learner_id
     JOIN assignments a ON a.institution_id = s.institution_id AND a.id = s.assignment_id,
     generate_series(1, 2) n
     WHERE s.institution_id = $1`,
    [institutionId, JSON.stringify([aCriterion])],
  );
  await run(
    `INSERT INTO regrade_requests (institution_id, id, submission_id, score_id, pseudonym, reason, body_hash, requested_at)
     SELECT institution_id, gen_random_uuid(), submission_id, id, pseudonym, 'tests', '\\x00', now() FROM scores
     WHERE institution_id = $1`,
    [institutionId],
  );
  await run(
    `INSERT INTO model_judgements (institution_id, submission_id, model_id, criterion_id, label, probability, awarded, judged_at)
     SELECT institution_id, id, gen_random_uuid(), 'class', 'circle', 0.9, 1, now() FROM submissions, generate_series(1, 2)
     WHERE institution_id = $1`,
    [institutionId],
  );
  await run(
    `INSERT INTO grading_decisions (institution_id, score_id, submission_id, pseudonym, course_id, activity_id, activity_version,
                                    specification_hash, kind, grader_name, grader_version, outcome, reason, criteria,
                                    certifications, decided_at)
     SELECT s.institution_id, s.id, s.submission_id, s.pseudonym, $2::uuid, s.activity_id, s.activity_version, '\\x00',
            'labelled-parts', 'labelled-parts', row_number() OVER (ORDER BY s.id), 'deferred', 'uncertified', $3::jsonb,
            $4::jsonb, now()
     FROM scores s WHERE s.institution_id = $1`,
    [institutionId, courseId, JSON.stringify([aSureCriterion]), JSON.stringify([aCertification])],
  );
  await run(
    `INSERT INTO criterion_audits (institution_id, submission_id, criterion_id, sequence, assignment_id, kind, criterion_type,
                                   grader_name, grader_version, points, given, awarded, confidence, is_asked, decided_at)
     SELECT institution_id, gen_random_uuid(), criterion, 3, id, 'labelled-parts', 'part', 'labelled-parts', n, 1, 0, n % 2,
            0.5, true, now() - n * interval '40 days'
     FROM (SELECT institution_id, id FROM assignments WHERE institution_id = $1 ORDER BY id LIMIT 1) assignment,
          unnest('{left,right}'::text[]) criterion, generate_series(1, $2::int) n`,
    [institutionId, size],
  );
  // A pin for everybody who takes part; it has ended, so that it chooses nothing.
  await run(
    `UPDATE courses c SET revision = revision + 1, controls_version = 1, controls = jsonb_build_object(
       'version', 1, 'banned', '[]'::jsonb, 'order', '[]'::jsonb, 'due', '[]'::jsonb, 'masteryThreshold', NULL,
       'pinned', (SELECT jsonb_agg(jsonb_build_object('forLearner', u.pseudonym, 'until', 0, 'activityId',
                    (SELECT min(a.id::text) FROM activities a WHERE a.course_id = c.id)))
                  FROM users u JOIN enrolments e ON e.institution_id = u.institution_id AND e.user_id = u.id
                  WHERE e.institution_id = c.institution_id AND e.course_id = c.id))
     WHERE institution_id = $1::uuid AND id = $2::uuid`,
    [institutionId, courseId],
  );
  await run(
    `INSERT INTO consent_records (institution_id, id, pseudonym, purpose, decision, given_as, notice_version, recorded_at)
     SELECT $1::uuid, gen_random_uuid(), $2::uuid, 'research', 'granted', 'student', '1', now() - n * interval '1 hour'
     FROM generate_series(1, $3::int) n`,
    [institutionId, person!.pseudonym, size],
  );
  // Five learners in each period of a day: what is told of is a group.
  await run(
    `INSERT INTO engagement_estimates (institution_id, course_id, period, pseudonym, label, confidence, at)
     SELECT $1::uuid, $2::uuid, '2026-01-01T00:00:00Z'::timestamptz + n * interval '5 minutes', gen_random_uuid(), 'engaged', 0.6, now()
     FROM generate_series(1, $3::int) n, generate_series(1, 5)`,
    [institutionId, courseId, size],
  );
  await run(
    `INSERT INTO policies (institution_id, course_id, name, version, base_name, base_version, changes, created_at, created_by)
     SELECT $1::uuid, $2::uuid, 'tried', n, 'outer-fringe-success-band', 2, '{"epsilon": 0.2}', now(), $3::uuid
     FROM generate_series(1, $4::int) n`,
  );
  // One is active, the others in shadow beside it.
  await run(
    `WITH models AS (
       INSERT INTO model_packages (institution_id, id, course_id, sha256, bytes, state, name, version, task, manifest,
                                   verification, uploaded_at)
       SELECT $1::uuid, gen_random_uuid(), $2::uuid, n::text, 1, CASE n WHEN 1 THEN 'active' ELSE 'shadow' END, 'Shapes', n,
              'image-classification', $4::jsonb, $5::jsonb, now() - n * interval '1 hour'
       FROM generate_series(1, $3::int) n RETURNING institution_id, id, course_id, state),
     transitions AS (
       INSERT INTO model_transitions (institution_id, model_id, sequence, to_state, actor, reason, at)
       SELECT institution_id, id, 1, state, gen_random_uuid(), 'tests', now() FROM models)
     INSERT INTO model_pointers (institution_id, course_id, name, active_id)
     SELECT institution_id, course_id, 'Shapes', id FROM models WHERE state = 'active'`,
    [institutionId, courseId, size, JSON.stringify(aManifest), JSON.stringify(aVerification)],
  );
  await run(
    `WITH datasets AS (
       INSERT INTO training_datasets (institution_id, id, course_id, name, description, consent_basis, licence, is_synthetic,
                                      split_by, created_by, created_at)
       SELECT $1::uuid, gen_random_uuid(), $2::uuid, 'Shapes ' || n, 'Shapes', 'generated', 'CC0-1.0', true, 'image',
              gen_random_uuid(), now() - n * interval '1 hour'
       FROM generate_series(1, $3::int) n RETURNING institution_id, id)
     INSERT INTO labelled_images (institution_id, id, dataset_id, sha256, media_type, label, attributes, labelled_by, labelled_at)
     SELECT institution_id, gen_random_uuid(), id, n::text, 'image/png', 'label ' || n, '{}', gen_random_uuid(),
            now() - n * interval '1 hour'
     FROM datasets, generate_series(1, $3::int) n`,
    [institutionId, courseId, size],
  );
  await run(
    `INSERT INTO test_sets (institution_id, id, course_id, dataset_id, name, seed, labels, examples, sha256, hand_out_sha256,
                            hand_out_bytes, created_by, created_at)
     SELECT $1::uuid, gen_random_uuid(), $2::uuid, id, 'Shapes ' || n, n, '{left,right}', '{"training": 8, "validation": 2, "test": 2}', md5(n::text), md5(n::text), 1,
            gen_random_uuid(), now() - n * interval '1 hour'
     FROM (SELECT id, row_number() OVER (ORDER BY created_at) AS n FROM training_datasets WHERE institution_id = $1) datasets`,
    [institutionId, courseId],
  );
  await run(
    `INSERT INTO dataset_imports (institution_id, id, dataset_id, sha256, bytes, state, files, added, relabelled, unchanged,
                                  refused, refusals, created_by, created_at)
     SELECT institution_id, gen_random_uuid(), id, n::text, 1, 'done', 1, 0, 0, 0, 1,
            '[{"path": "a/1.txt", "code": "UNSUPPORTED_IMAGE", "message": "tests"}]', gen_random_uuid(),
            now() - n * interval '1 hour'
     FROM training_datasets, generate_series(1, $2::int) n WHERE institution_id = $1`,
    [institutionId, size],
  );
  await run(
    `WITH batches AS (
       INSERT INTO scan_batches (institution_id, id, assignment_id, sha256, bytes, format, match_by, pages_per_learner, state,
                                 found, taken, refused, refusals, created_by, body_hash, created_at, ended_at)
       SELECT $1::uuid, gen_random_uuid(), a.id, n::text, 1, 'zip', 'names', 1, 'ready', $3::int + 1, $3::int, 1,
              '[{"path": "a.txt", "code": "UNSUPPORTED_IMAGE", "message": "tests"}]', gen_random_uuid(), '\\x00',
              now() - n * interval '1 hour', now()
       FROM (SELECT min(id::text)::uuid AS id FROM assignments WHERE institution_id = $1) a, generate_series(1, $3::int) n
       RETURNING institution_id, id),
     pages AS (
       INSERT INTO scan_pages (institution_id, id, batch_id, number, sha256, came_sha256, media_type, bytes, width, height, kind,
                               turn, position, learner_id)
       SELECT institution_id, gen_random_uuid(), id, n, '', '', 'image/png', 1, 1, 1, 'work', 0, n, $2::uuid
       FROM batches, generate_series(1, $3::int) n),
     decisions AS (
       INSERT INTO scan_decisions (institution_id, id, batch_id, kind, pseudonym, body_hash, decided_at)
       SELECT institution_id, gen_random_uuid(), id, 'publish', gen_random_uuid(), '\\x00', now()
       FROM batches, generate_series(1, $3::int) RETURNING institution_id, id, batch_id),
     decided AS (SELECT *, row_number() OVER (ORDER BY id) AS n FROM decisions),
     works AS (SELECT id, row_number() OVER (ORDER BY id) AS n FROM submissions WHERE institution_id = $1)
     INSERT INTO scan_works (institution_id, submission_id, batch_id, learner_id, published_by)
     SELECT d.institution_id, w.id, d.batch_id, $2::uuid, d.id FROM works w JOIN decided d ON d.n = w.n`,
    [institutionId, learner.id, size],
  );
  await run(
    `WITH runs AS (
       INSERT INTO training_runs (institution_id, id, course_id, dataset_id, name, engine, backbone, weights, numbers, state,
                                  code_hash, code_expires_at, created_by, created_at)
       SELECT $1::uuid, gen_random_uuid(), $2::uuid, (SELECT min(id::text)::uuid FROM training_datasets WHERE institution_id = $1),
              'Shapes', 'keras-jax', 'tiny-convnet', '"none"', '{}', 'waiting', decode(md5(n::text), 'hex'),
              now() + interval '1 day', gen_random_uuid(), now() - n * interval '1 hour'
       FROM generate_series(1, $3::int) n RETURNING institution_id, id)
     INSERT INTO training_progress (institution_id, run_id, sequence, phase, epoch, epochs, metrics, at, received_at)
     SELECT institution_id, id, n, 'all', n, $3::int, '{"loss": 1}', now(), now() FROM runs, generate_series(1, $3::int) n`,
    [institutionId, courseId, size],
  );
}

/** What a gate reads of a manifest. */
const aManifest = {
  task: 'image-classification',
  format: 'onnx',
  labels: ['left', 'right'],
  metrics: {
    split: 'test',
    examples: 60,
    groups: 60,
    overall: { accuracy: 0.9, ece: 0.03 },
    perClass: [],
    perGroup: [],
  },
  dataset: { isSynthetic: true, consentBasis: 'generated', splitBy: 'image' },
};
const aVerification = {
  golden: { tensor: 0, picture: 0, right: 1, labelled: 1 },
  runtime: 'tests',
  latency: { median: 1, p95: 1 },
  memory: 1,
};

const aCriterion = {
  criterionId: 'left',
  label: 'left square',
  points: 1,
  awarded: 0,
  confidence: 0.5,
  error: 'missing',
  evidence: { markIds: [], regions: [] },
  hint: null,
  overridden: false,
};

const aSureCriterion = { criterionId: 'left', criterionType: 'part', confidence: 0.5, calibrated: null };
const aCertification = {
  criterionType: 'part',
  state: 'provisional',
  audits: 0,
  errors: 0,
  threshold: null,
  bounded: { audits: 0, works: 0, errors: 0 },
  bound: 1,
  hasDrifted: false,
};

/** Stands in everything of an activity that a learner must not see before she has earned it. */
export const forTeachersOnly = 'for teachers only';

const aSpecification = {
  kind: 'labelled-parts',
  version: 1,
  image: { width: 100, height: 100 },
  tolerance: 0.03,
  parts: drawingParts.map(({ id, label, polygon }) => ({
    id,
    label,
    synonyms: [`${forTeachersOnly} ${id}`],
    polygons: [polygon],
    points: 1,
    skill: 'skill-0',
    hints: { orient: forTeachersOnly, point: forTeachersOnly, show: forTeachersOnly },
  })),
  confusable: [],
};

/** A course with `size` skills, as many exercises, and a drawing where it is the main one. */
function aFolder(externalId: string, size: number): CourseFolder {
  const skills = Array.from({ length: size }, (_, index) => ({
    externalId: `skill-${index}`,
    name: `Skill ${index}`,
    description: 'One of many.',
    prerequisites: index === 0 ? [] : [`skill-${index - 1}`],
  }));
  const common = { language: 'en', difficulty: 0, minutes: 1 };
  const exercises = skills.map(({ externalId: skill }, index) => ({
    ...common,
    externalId: `exercise-${index}`,
    title: `Exercise ${index}`,
    kind: 'exercise',
    modality: 'text',
    skills: [skill],
    media: [{ src: 'media/one.png', alternativeText: 'one' }],
    form: { kind: 'order', items: ['a', 'b'].map((id) => ({ id, text: id })) },
    key: { kind: 'order', correct: ['a', 'b'] },
    hints: [forTeachersOnly],
    feedback: { right: forTeachersOnly, wrong: forTeachersOnly },
    misconceptions: [{ id: 'swapped', answer: ['b', 'a'], feedback: forTeachersOnly }],
    translations: { de: { title: 'Aufgabe', body: 'Was?', hints: [forTeachersOnly] } },
  }));
  const drawing = {
    ...common,
    externalId: 'drawing',
    title: 'A drawing',
    kind: 'visual-assignment',
    modality: 'drawing',
    skills: ['skill-0'],
    form: { kind: 'marks', image: 'media/one.png' },
    key: { kind: 'marks', specification: aSpecification },
  };
  const activities = externalId === 'main' ? [...exercises, drawing] : exercises;
  return {
    course: {
      externalId,
      title: externalId,
      description: 'Made for tests.',
      language: 'en',
      masteryThreshold: 0.85,
      licence: 'CC0',
    },
    skills,
    activities: activities.map((head) => ({ file: `${head.externalId}.md`, head, body: 'About it.' })),
    pictures: [{ name: 'one.png', bytes: onePixel }],
  };
}
