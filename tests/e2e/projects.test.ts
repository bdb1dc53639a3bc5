import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import { ForgetFiles } from '#libs/grading';
import { dangerousSystemActor } from '#libs/identity';
import { ZipArchive } from '#libs/storage';
import { ask, newId } from '../support/api.js';
import { judge } from '../support/model-package.js';
import { ModelSchool, type Told } from '../support/model-school.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { importShapes } from '../support/training.js';
import { until } from '../support/until.js';
import { drawPicture, setAssignment, upload } from '../support/work.js';

/** Learners train models on images of a course; what these say of hidden images is graded. */
describe('projects', () => {
  let place: ModelSchool;
  let school: School;
  let other: School;
  let learner: Person;
  let datasetId: string;
  let testSet: string;
  /** The label of each image of the dataset, by its SHA-256. */
  let truths: Map<string, string>;

  beforeAll(async () => {
    place = await ModelSchool.open('project-school');
    ({ school, learner } = place);
    other = await foundSchool(place.api.app, 'other-project-school');
    datasetId = await importShapes(place.api, school, place.data);
    testSet = newId();
    await freeze({ id: testSet });
    const rows = await query<{ sha256: string; label: string }>(
      place.api.database.ownerUrl,
      'SELECT sha256, label FROM labelled_images WHERE dataset_id = $1',
      [datasetId],
    );
    truths = new Map(rows.map(({ sha256, label }) => [sha256, label]));
  }, 60_000);
  afterAll(() => place?.close());

  const freeze = (more: object = {}, person = school.teacher): Promise<Told> =>
    place.call(person, operations.createTestSet, { input: { id: newId(), datasetId, name: 'Shapes', ...more } });
  const accuracy = {
    id: 'accuracy',
    label: 'Shapes told right',
    measure: 'accuracy',
    floor: 0,
    target: 1,
    points: 10,
    skill: 'shapes',
    hints: { orient: 'Look at the table.', point: 'Which label is weakest?', show: 'Give it more examples.' },
  };
  const aProject = (...criteria: object[]) => ({
    kind: 'project',
    version: 1,
    testSet,
    criteria: [accuracy, ...criteria],
  });
  const aForm = (more: object = {}) => ({ kind: 'file', accepts: ['predictions'], ...more });
  const assign = async (more: Parameters<ModelSchool['assign']>[1] = {}, form = aForm()): Promise<string> => {
    const assignment = await place.assign(aProject(), { form, ...more });
    expect(assignment, JSON.stringify(assignment)).toMatchObject({ __typename: 'Assignment' });
    return assignment.id;
  };
  const fetchAs = ({ token }: Person, path: string, headers: Record<string, string> = {}) =>
    fetch(`${place.api.url}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
  /** What a learner gets for an assignment: its files by path. */
  const handOutOf = async (assignmentId: string): Promise<Map<string, Buffer>> => {
    const { handOut } = await place.call(learner, operations.assignment, { id: assignmentId });
    const file = join(place.data, `${newId()}.zip`);
    await writeFile(file, Buffer.from(await (await fetchAs(learner, handOut)).arrayBuffer()));
    const archive = await ZipArchive.open(file, 1_000);
    if (typeof archive === 'string') throw new Error(archive);
    const files = new Map<string, Buffer>();
    for (const { path } of archive.files) files.set(path, await archive.read(path));
    archive.close();
    return files;
  };
  /** The test images with their labels, from what is handed out and what the test knows. */
  const testImages = async (assignmentId: string) =>
    [...(await handOutOf(assignmentId))]
      .filter(([path]) => path.startsWith('test/'))
      .map(([path, bytes]) => ({
        example: path.slice('test/'.length),
        bytes,
        label: truths.get(createHash('sha256').update(bytes).digest('hex'))!,
      }));
  const tableOf = (rows: readonly { example: string; label: string }[]): Buffer =>
    Buffer.from(`example,label\n${rows.map(({ example, label }) => `${example},${label}\n`).join('')}`);
  const csv = { type: 'text/csv' };
  const zip = { type: 'application/zip' };
  const submit = async (assignmentId: string, file: Uint8Array, { type = 'text/csv', person = learner } = {}) => {
    const { id: fileId } = await upload(place.api.url, person.token, file, { type });
    const input = { id: newId(), assignmentId, marks: [], fileId, at: new Date().toISOString() };
    return { input, told: await place.call(person, operations.submitWork, { input }) };
  };

  it('hand out the images of a frozen dataset, and keep the labels of some', async () => {
    const id = await assign();
    const files = await handOutOf(id);
    expect([...files.keys()].slice(0, 3)).toEqual(['README.md', 'examples.csv', 'predictions.csv']);
    const shown = [...files].filter(([path]) => /^(training|validation)\//.test(path));
    const hidden = await testImages(id);
    expect(shown.length + hidden.length).toBe(truths.size);
    expect(hidden.every(({ label }) => label !== undefined)).toBe(true);
    const seen = new Set(shown.map(([, bytes]) => bytes.toString('base64')));
    expect(hidden.some(({ bytes }) => seen.has(bytes.toString('base64')))).toBe(false);
    // Neither the names nor the order of the test images tell their labels.
    expect(hidden.every(({ example }) => /^[0-9a-f]{16}\.jpg$/.test(example))).toBe(true);
    expect(hidden.map(({ example }) => example)).toEqual(hidden.map(({ example }) => example).sort());
    const listed = files.get('examples.csv')!.toString().trim().split('\r\n').slice(1);
    expect(listed).toHaveLength(shown.length);
    const part = await fetchAs(learner, `/assignments/${id}/hand-out.zip`, { range: 'bytes=0-3' });
    expect([
      part.status,
      Buffer.from(await part.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ]).toEqual([206, 'PK']);
  });

  it('hand nothing out to others, nor before they open, nor where there is nothing', async () => {
    const id = await assign();
    const later = await assign({ opensAt: new Date(Date.now() + 3_600_000).toISOString() });
    const stranger = await school.join('student', null);
    for (const [person, assignment] of [
      [stranger, id],
      [other.teacher, id],
      [other.admin, id],
      [learner, later],
    ] as const) {
      expect((await fetchAs(person, `/assignments/${assignment}/hand-out.zip`)).status).toBe(404);
    }
    expect((await fetch(`${place.api.url}/assignments/${id}/hand-out.zip`)).status).toBe(401);
    expect((await fetchAs(school.teacher, `/assignments/${later}/hand-out.zip`)).status).toBe(200);
  });

  it('freeze a dataset once, and for its teachers', async () => {
    expect(await freeze({ id: testSet })).toMatchObject({ id: testSet, labels: ['circle', 'square', 'triangle'] });
    expect(await freeze({ id: testSet, name: 'Other' })).toMatchObject({ code: 'ID_REUSED' });
    // Another split of the same images would tell what this one hides.
    expect(await freeze({ seed: 2 })).toMatchObject({ code: 'TAKEN' });
    expect(await freeze({}, learner)).toMatchObject({ code: 'FORBIDDEN' });
    const list = (person: Person) => place.call(person, operations.testSets, { courseId: school.courseId });
    expect((await list(school.teacher)).edges.map(({ node }: Told) => node.id)).toContain(testSet);
    for (const person of [other.teacher, other.admin, await school.join('teacher', null)]) {
      expect(await freeze({}, person)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await list(person)).toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await freeze({ datasetId: newId() })).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('are not made of works of learners, which other learners would get', async () => {
    const assignmentId = await setAssignment(place.api.url, school);
    const submissionId = await place.handIn(assignmentId, await drawPicture());
    const consent = { learnerId: learner.id, purpose: 'training', decision: 'granted', givenAs: 'student' };
    const record = { id: newId(), noticeVersion: '1', ...consent };
    await place.mustCall('ConsentRecord', learner, operations.recordConsent, { input: record });
    const dataset = {
      id: newId(),
      courseId: school.courseId,
      name: 'Works',
      description: 'Drawings of the course.',
      consentBasis: 'consent',
      licence: 'ours',
      splitBy: 'student',
    };
    await place.mustCall('TrainingDataset', school.teacher, operations.createTrainingDataset, { input: dataset });
    const images = [{ id: newId(), submissionId, label: 'drawing' }];
    await place.call(school.teacher, operations.labelImages, { input: { datasetId: dataset.id, images } });
    expect(await freeze({ datasetId: dataset.id })).toMatchObject({
      issues: [{ path: 'datasetId', message: expect.stringContaining('works of learners') }],
    });
    // A table is no picture that could be labelled.
    const { id: fileId } = await upload(place.api.url, school.teacher.token, tableOf([]), csv);
    const table = { id: newId(), fileId, label: 'table', group: 'ours' };
    const { outcomes } = await place.call(school.teacher, operations.labelImages, {
      input: { datasetId: dataset.id, images: [table] },
    });
    expect(outcomes).toMatchObject([{ outcome: 'refused', code: 'NOT_FOUND' }]);
  });

  it('are specified by what can be measured', async () => {
    const issuesOf = async (specification: object): Promise<string[]> =>
      ((await place.createActivity(specification, aForm())).issues ?? []).map(({ path }: { path: string }) => path);
    expect(await issuesOf({ ...aProject(), testSet: 'mine' })).toEqual(['content.key.specification.testSet']);
    expect(await issuesOf(aProject({ ...accuracy, id: 'x', floor: 1 }))).toEqual([
      'content.key.specification.criteria.1.target',
    ]);
    expect(await place.assign({ ...aProject(), testSet: newId() }, { form: aForm() })).toMatchObject({
      code: 'NOT_FOUND',
    });
    const recall = { ...accuracy, id: 'hexagons', measure: 'recall', of: 'hexagon' };
    expect(await place.assign(aProject(recall), { form: aForm() })).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'criteria.1.of', message: expect.stringContaining('circle, square, triangle') }],
    });
  });

  it('grade predictions by what they are right about, and say where they are weak', async () => {
    const id = await assign();
    const images = await testImages(id);
    const perfect = await place.graded(id, tableOf(images), csv);
    expect(perfect).toMatchObject({ state: 'graded', scores: [{ total: 10, maximum: 10, grader: 'project' }] });
    expect(perfect.scores[0]).toMatchObject({ report: { accuracy: 1, weakest: null, mostConfused: [] } });

    const guesses = images.map(({ example, label }) => ({ example, label: label === 'square' ? 'circle' : label }));
    const weak = await place.graded(id, tableOf([...guesses].reverse()), csv);
    const squares = images.filter(({ label }) => label === 'square').length;
    const reached = 1 - squares / images.length;
    const [score] = weak.scores;
    expect(score.total).toBeCloseTo(10 * reached, 3);
    expect(score.report).toMatchObject({
      labels: ['circle', 'square', 'triangle'],
      examples: images.length,
      weakest: 'square',
      mostConfused: [{ given: 'circle', instead: 'square', examples: squares, of: squares }],
    });
    expect(score.report.confusion[1]).toEqual([squares, 0, 0]);
    expect(score.criteria).toMatchObject([
      { error: 'below-target', hint: { key: 'below-target', parameters: { weakest: 'square', measure: 'accuracy' } } },
    ]);
    const hint = { id: newId(), submissionId: weak.id, criterionId: 'accuracy', at: new Date().toISOString() };
    expect(await place.call(learner, operations.requestWorkHint, { input: hint })).toMatchObject({
      step: 1,
      text: 'The measure has not reached its target. Look at the table.',
    });
    // Her table is hers and her teachers', to be saved and not shown.
    const mate = await school.join('student', 'learner');
    expect((await fetchAs(mate, weak.picture)).status).toBe(404);
    const table = await fetchAs(school.teacher, weak.picture);
    expect([table.headers.get('content-type'), table.headers.get('content-disposition')]).toEqual([
      'text/csv',
      'attachment',
    ]);
  });

  it('refuse a table that cannot be graded at once, row by row, and count no attempt', async () => {
    const id = await assign({}, aForm({ attempts: 2 }));
    const images = await testImages(id);
    const [first, second, ...rest] = images.map(({ example, label }) => ({ example, label }));
    const { told } = await submit(id, tableOf([first!, { ...second!, label: 'hexagon' }, first!, ...rest]));
    expect(told).toMatchObject({
      __typename: 'InvalidInput',
      issues: [
        { path: 'row 3, label', message: '"hexagon" is no label; they are circle, square, triangle' },
        { path: 'row 4, example', message: `"${first!.example}" stands here twice` },
      ],
    });
    for (const [file, type, status] of [
      [Buffer.from([0xff, 0xfe, 0x00]), 'text/csv', 400],
      [Buffer.from('no zip'), 'application/zip', 400],
      [Buffer.alloc(2_000_001, 0x61), 'text/csv', 413],
      [Buffer.from('example,label'), 'text/plain', 415],
    ] as const) {
      expect((await upload(place.api.url, learner.token, file, { type })).status, type).toBe(status);
    }
    const zipped = await submit(id, await place.desk.package(), zip);
    expect(zipped.told).toMatchObject({
      issues: [{ path: 'fileIds', message: expect.stringContaining('predictions') }],
    });
    const missing = { id: newId(), assignmentId: id, marks: [], at: new Date().toISOString() };
    expect(await place.call(learner, operations.submitWork, { input: missing })).toMatchObject({
      issues: [{ path: 'fileIds' }],
    });
    // Two attempts at once, where one is left: one is taken. A resend of it is no attempt.
    expect((await submit(id, tableOf(images))).told).toMatchObject({ __typename: 'SubmittedWork' });
    const both = await Promise.all([submit(id, tableOf(images)), submit(id, tableOf(images))]);
    const codes = both.map(({ told: { __typename, code } }) => code ?? __typename).sort();
    expect(codes).toEqual(['NO_MORE_ATTEMPTS', 'SubmittedWork']);
    const { input } = both.find(({ told: { __typename } }) => __typename === 'SubmittedWork')!;
    expect(await place.call(learner, operations.submitWork, { input })).toMatchObject({ resent: true });
    const mate = await school.join('student', 'learner');
    expect((await submit(id, tableOf(images), { person: mate })).told).toMatchObject({ __typename: 'SubmittedWork' });
  });

  it('tell nobody else what a table has to look like', async () => {
    const id = await assign();
    const stranger = await school.join('student', null);
    for (const person of [stranger, other.teacher, school.teacher]) {
      const { told } = await submit(id, Buffer.from('example,label\nx,y\n'), { person });
      expect(told.issues).toBeUndefined();
      expect(['NOT_FOUND', 'FORBIDDEN']).toContain(told.code);
    }
    const socket = await place.connect('/learn', stranger);
    const { id: fileId } = await upload(place.api.url, stranger.token, Buffer.from('example,label\nx,y\n'), csv);
    const request = { id: newId(), assignmentId: id, marks: [], fileId, at: Date.now() };
    expect(await ask(socket, '/learn', 'work.submit', request)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('have a package judge the hidden images, in the process that packages are verified in', async () => {
    const id = await assign({}, aForm({ accepts: ['package', 'predictions'], attempts: 1 }));
    const seed = 'a project';
    const bad = await place.graded(
      id,
      await place.desk.package({ seed, contents: (files) => void files.set('model.onnx', Buffer.from('?')) }),
      zip,
    );
    expect(bad).toMatchObject({ state: 'needs-review', failure: 'package-refused', scores: [] });
    const hers = await place.readSubmission(bad.id, learner);
    expect(hers).toMatchObject({ failure: null, failureDetail: expect.stringContaining('model cannot be read') });

    const graded = await place.graded(id, await place.desk.package({ seed }), zip);
    expect(graded, graded.failureDetail).toMatchObject({ state: 'graded', failure: null });
    const images = await testImages(id);
    const said = await Promise.all(images.map(({ bytes }) => judge(seed, bytes)));
    const right = said.filter(({ label }, index) => label === images[index]!.label).length;
    expect(graded.scores[0].report.accuracy).toBeCloseTo(right / images.length, 12);
    expect(graded.scores[0].total).toBeCloseTo((10 * right) / images.length, 3);
    // It was judged, and is no model of the course.
    expect(await query(place.api.database.ownerUrl, 'SELECT 1 FROM model_packages', [])).toEqual([]);
    expect((await submit(id, tableOf(images))).told).toMatchObject({ code: 'NO_MORE_ATTEMPTS' });
  });

  it('let go what is uploaded and handed in nowhere, and no more', async () => {
    const id = await assign();
    const table = tableOf(await testImages(id));
    const handedIn = await place.graded(id, table, csv);
    const again = await school.join('student', 'learner');
    const { id: loose } = await upload(place.api.url, again.token, Buffer.from('example,label\nloose,loose\n'), csv);
    const { id: same } = await upload(place.api.url, again.token, table, csv);
    const forget = () =>
      place.api.app.get(ForgetFiles, { strict: false }).execute(dangerousSystemActor(school.institutionId));
    expect(await forget()).toBe(0);
    const { ownerUrl } = place.api.database;
    await query(ownerUrl, `UPDATE files SET created_at = now() - interval '25 hours'`, []);
    expect(await forget()).toBeGreaterThan(0);
    for (const file of [loose, same]) expect((await fetchAs(again, `/files/${file}`)).status).toBe(404);
    expect((await fetchAs(learner, handedIn.picture)).status).toBe(200);
    // Nobody fills the disk with what she does not hand in.
    await query(ownerUrl, `UPDATE files SET bytes = 100000000 WHERE owner_id = $1`, [again.id]);
    await upload(place.api.url, again.token, Buffer.from('example,label\n1,1\n'), csv);
    await query(ownerUrl, `UPDATE files SET bytes = 100000000 WHERE owner_id = $1`, [again.id]);
    const full = await upload(place.api.url, again.token, Buffer.from('example,label\n2,2\n'), csv);
    expect([full.status, full.answer['code']]).toEqual([413, 'TOO_LARGE']);
  });

  it('that count show nothing before the teacher has settled them', async () => {
    const id = await assign({ stakes: 'graded' });
    const images = await testImages(id);
    const submissionId = await place.handIn(id, tableOf(images), csv);
    await until(async () => (await place.readSubmission(submissionId)).state === 'needs-review');
    expect(await place.readSubmission(submissionId, learner)).toMatchObject({ state: 'awaiting-teacher', scores: [] });
    await place.review(submissionId);
    expect(await place.readSubmission(submissionId, learner)).toMatchObject({
      state: 'reviewed',
      scores: [{ source: 'review', total: 10, report: { accuracy: 1 } }],
    });
  });
});
