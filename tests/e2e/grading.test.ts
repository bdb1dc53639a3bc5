import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import type { RunningPart } from '#libs/platform';
import { ask, connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { heard, type Heard } from '../support/heard.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { startTestWorker } from '../support/worker.js';
import {
  drawPicture,
  handInSettled,
  labelOf,
  markAt,
  outcome,
  rightMarks,
  send,
  setAssignment,
  swappedMarks,
  unsureMarks,
  upload,
} from '../support/work.js';

const submission = `query ($id: UUID!) { submission(id: $id) { id state failure picture learner { id name }
  assignment { id title activity { title form { image } } }
  scores { source sequence total maximum flags reason grader
    criteria { criterionId awarded points error regions hint { key parameters } overridden hintsTaken } } } }`;

const reviewQueue = `query ($courseId: UUID!, $first: Int!, $after: String) {
  reviewQueue(courseId: $courseId, first: $first, after: $after) {
    edges { node { id state learner { name } assignment { id } scores { total } } }
    pageInfo { hasNextPage endCursor } } }`;

const review = `mutation ($input: ReviewSubmissionInput!) { reviewSubmission(input: $input) { __typename
  ... on ReviewedSubmission { resent score { id source total reason } submission { id state scores { source } } }
  ... on InvalidInput { issues { path message } } ... on Refusal { code message } } }`;

describe('a labelled drawing, from handing in to review', () => {
  let api: TestApi;
  let worker: RunningPart;
  let school: School;
  let learner: Person;
  let practice: string;
  let graded: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    api = await startTestApi();
    worker = await startTestWorker(api.database);
    school = await foundSchool(api.app, 'drawing-school');
    learner = await school.join('student', 'learner');
    practice = await setAssignment(api.url, school);
    graded = await setAssignment(api.url, school, { stakes: 'graded' });
  }, 60_000);
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  const open = async (namespace: '/learn' | '/teach', token: string): Promise<Socket & { heard: Heard }> => {
    const socket = await connect(api.url, namespace, token);
    sockets.push(socket);
    return Object.assign(socket, { heard: heard(socket) });
  };
  const work = (assignmentId: string, marks: object[], more: object = {}) => ({
    id: newId(),
    assignmentId,
    marks: marks as typeof rightMarks,
    at: Date.now(),
    ...more,
  });
  const see = async (id: string, person: Person) =>
    (await graphql(api.url, submission, { token: person.token, variables: { id } })).data?.['submission'];

  it('scores it, says where and what is wrong, and lets the teacher have the last word', async () => {
    const learn = await open('/learn', learner.token);
    const teach = await open('/teach', school.teacher.token);
    const { courseId } = school;
    const watching = await mustAsk(teach, '/teach', 'course.watch', { courseId });
    const picture = await upload(api.url, learner.token, await drawPicture());
    expect(picture).toMatchObject({ status: 201, answer: { width: 200, height: 200, mediaType: 'image/png' } });

    const body = work(practice, unsureMarks, { fileId: picture.id });
    const submitted = await mustAsk(learn, '/learn', 'work.submit', body);
    expect(submitted).toMatchObject({ submissionId: body.id, state: 'queued', resent: false });
    const scored = { submissionId: body.id, total: 1, maximum: 2, courseId };
    expect(await learn.heard.next('score.deferred')).toMatchObject({ ...scored, state: 'needs-review' });
    expect(await teach.heard.next('submission.received')).toMatchObject({ submissionId: body.id });
    expect(await teach.heard.next('submission.awaits-review')).toMatchObject({ submissionId: body.id, total: 1 });

    const seen = await see(body.id, learner);
    expect(seen).toMatchObject({
      state: 'needs-review',
      picture: `/files/${picture.id}`,
      assignment: { activity: { form: { image: 'media/squares.png' } } },
    });
    const [left, right] = seen.scores[0].criteria;
    expect(left).toMatchObject({ criterionId: 'left', awarded: 1, error: null });
    expect(right).toMatchObject({ criterionId: 'right', awarded: 0, error: 'right-place-wrong-name' });
    expect(right.regions).toHaveLength(1);
    for (const [x, y] of right.regions[0]) expect(Math.hypot(x - 75, y - 50)).toBeLessThan(6);
    const hint = await mustAsk(learn, '/learn', 'work.hint', {
      id: newId(),
      submissionId: body.id,
      criterionId: 'right',
      at: Date.now(),
    });
    expect(hint).toMatchObject({ step: 1, steps: 3, text: 'The place is right, the name is not. Where is the right?' });
    expect((await see(body.id, learner)).scores[0].criteria[1].hintsTaken).toBe(1);

    const overrides = [{ criterionId: 'right', awarded: 0.5 }];
    const input = { id: newId(), submissionId: body.id, overrides, reason: 'Close enough.' };
    const settle = () => graphql(api.url, review, { token: school.teacher.token, variables: { input } });
    const reviewed = outcome(await settle(), 'reviewSubmission', 'ReviewedSubmission');
    expect(reviewed).toMatchObject({
      resent: false,
      score: { id: input.id, source: 'review', total: 1.5 },
      submission: { state: 'reviewed', scores: [{ source: 'automatic' }, { source: 'review' }] },
    });
    expect(await learn.heard.next('score.settled')).toMatchObject({
      source: 'review',
      state: 'reviewed',
      total: 1.5,
      scoreId: input.id,
    });
    expect(await teach.heard.next('submission.reviewed')).toMatchObject({ total: 1.5, reviewerId: school.teacher.id });
    expect((await see(body.id, learner)).scores.at(-1)).toMatchObject({ reason: 'Close enough.', total: 1.5 });

    expect(outcome(await settle(), 'reviewSubmission', 'ReviewedSubmission')).toMatchObject({ resent: true });
    input.reason = 'Something else.';
    expect((await settle()).data?.['reviewSubmission']).toMatchObject({ code: 'ID_REUSED' });
    const missed = await mustAsk(teach, '/teach', 'events.catch-up', { after: watching.cursor, courseId });
    expect(missed.events.map(({ type }) => type)).toEqual([
      'submission.received',
      'submission.awaits-review',
      'submission.reviewed',
    ]);
    const audits = await query(
      api.database.ownerUrl,
      `SELECT details FROM audit_events WHERE action = 'submission.reviewed'`,
    );
    expect(audits).toMatchObject([{ details: { scoreId: input.id, total: 1.5 } }]);
  });

  it('tells two swapped names from the rest, and is sure enough of it to need no teacher', async () => {
    const learn = await open('/learn', learner.token);
    const body = work(practice, swappedMarks);
    await mustAsk(learn, '/learn', 'work.submit', body);
    expect(await learn.heard.next('score.settled')).toMatchObject({ total: 0, state: 'graded' });
    const { criteria } = (await see(body.id, learner)).scores[0];
    expect(criteria).toMatchObject([
      { error: 'swapped', hint: { key: 'swap', parameters: { label: labelOf('left'), other: labelOf('right') } } },
      { error: 'swapped' },
    ]);
  });

  it('keeps from the learner where a part is until a hint has pointed at it', async () => {
    const newcomer = await school.join('student', 'learner');
    const learn = await open('/learn', newcomer.token);
    const body = work(practice, [markAt('left')]);
    await mustAsk(learn, '/learn', 'work.submit', body);
    await learn.heard.next('score.settled');
    const regions = async (who: Person) => (await see(body.id, who)).scores[0].criteria[1].regions;
    expect(await regions(newcomer)).toEqual([]);
    expect(await regions(school.teacher)).toHaveLength(1);
    const [id, at] = [newId(), Date.now() - 60_000];
    const hint = (criterionId: string, hintId = newId(), submissionId = body.id) =>
      ask(learn, '/learn', 'work.hint', { id: hintId, submissionId, criterionId, at });
    expect(await hint('right', id)).toMatchObject({ step: 1 });
    expect(await hint('right', id)).toMatchObject({ step: 1 });
    expect(await hint('left', id)).toMatchObject({ code: 'ID_REUSED' });
    expect(await hint('right')).toMatchObject({ step: 2, text: 'Look to the right.' });
    expect(await regions(newcomer)).toHaveLength(1);
    expect(await hint('right')).toMatchObject({ step: 3 });
    expect(await hint('right')).toMatchObject({ code: 'NO_MORE_HINTS' });
    expect(await hint('left')).toMatchObject({ code: 'NO_MORE_HINTS' });
    expect(await hint('nothing')).toMatchObject({ code: 'NOT_FOUND' });

    // On new work she is not told again where to look, and not shown the answer at once.
    const again = work(practice, [markAt('left')]);
    await mustAsk(learn, '/learn', 'work.submit', again);
    await learn.heard.next('score.settled');
    expect(await hint('right', newId(), again.id)).toMatchObject({ step: 2, text: 'Look to the right.' });
  });

  it('shows the learner what the teacher says of it, and where she has drawn', async () => {
    const handedIn = await handInSettled(api, learner, graded, swappedMarks);
    const comments = [
      { text: 'Read the names again.' },
      { text: 'This one is right.', criterionId: 'left', shape: { kind: 'box', x: 10, y: 20, width: 30, height: 60 } },
      {
        text: 'From here to there.',
        shape: {
          kind: 'stroke',
          points: [
            [25, 50],
            [50, 40, 12],
            [75, 50],
          ],
        },
      },
    ];
    const input = { id: newId(), submissionId: handedIn, comments };
    const settle = (changed: object = {}) =>
      graphql(api.url, review, { token: school.teacher.token, variables: { input: { ...input, ...changed } } });
    const wrong = [
      { text: 'x', criterionId: 'middle' },
      { text: 'x', shape: { kind: 'circle' } },
    ];
    for (const [comment, path] of [
      [wrong[0], 'comments.0.criterionId'],
      [wrong[1], 'comments.0.shape.kind'],
    ]) {
      const refused = (await settle({ comments: [comment] })).data!['reviewSubmission'];
      expect(refused).toMatchObject({ __typename: 'InvalidInput', issues: [{ path }] });
    }
    outcome(await settle(), 'reviewSubmission', 'ReviewedSubmission');
    const seen = await send(api, learner, operations.submission, { id: handedIn });
    expect(seen.scores).toMatchObject([
      { comments: [{ criterionId: null, shape: null, ...comments[0] }, comments[1], comments[2]] },
    ]);
    expect(outcome(await settle(), 'reviewSubmission', 'ReviewedSubmission')).toMatchObject({ resent: true });
    expect((await settle({ comments: [] })).data?.['reviewSubmission']).toMatchObject({ code: 'ID_REUSED' });
  });

  it('lets blank work pass by no means without a teacher', async () => {
    const learn = await open('/learn', learner.token);
    const body = work(practice, []);
    await mustAsk(learn, '/learn', 'work.submit', body);
    expect(await learn.heard.next('score.deferred')).toMatchObject({ total: 0, state: 'needs-review' });
    expect((await see(body.id, school.teacher)).scores[0].flags).toEqual(['blank']);
  });

  it('shows no automatic score of work that counts', async () => {
    const learn = await open('/learn', learner.token);
    const body = work(graded, rightMarks);
    await mustAsk(learn, '/learn', 'work.submit', body);
    expect(await learn.heard.next('score.deferred')).toMatchObject({
      total: null,
      maximum: 2,
      state: 'awaiting-teacher',
    });
    expect(await see(body.id, learner)).toMatchObject({ state: 'awaiting-teacher', scores: [] });
    expect(await see(body.id, school.teacher)).toMatchObject({ state: 'needs-review', scores: [{ total: 2 }] });
    const hint = { id: newId(), submissionId: body.id, criterionId: 'left', at: Date.now() };
    expect(await ask(learn, '/learn', 'work.hint', hint)).toMatchObject({ code: 'NOT_FOUND' });

    const input = { id: newId(), submissionId: body.id };
    const answer = await graphql(api.url, review, { token: school.teacher.token, variables: { input } });
    outcome(answer, 'reviewSubmission', 'ReviewedSubmission');
    expect(await learn.heard.next('score.settled')).toMatchObject({ total: 2, state: 'reviewed' });
    expect(await see(body.id, learner)).toMatchObject({ state: 'reviewed', scores: [{ source: 'review', total: 2 }] });
  });

  it('takes a resend for the same work, and another body under the same id for a conflict', async () => {
    const learn = await open('/learn', learner.token);
    const body = work(practice, rightMarks);
    const [first, second] = await Promise.all([
      mustAsk(learn, '/learn', 'work.submit', body),
      mustAsk(learn, '/learn', 'work.submit', body),
    ]);
    expect([first.resent, second.resent].sort()).toEqual([false, true]);
    const other = { ...body, marks: swappedMarks };
    expect(await ask(learn, '/learn', 'work.submit', other)).toMatchObject({ code: 'ID_REUSED' });
    await learn.heard.next('score.settled');
    const jobs = await query(api.database.ownerUrl, `SELECT id FROM pgboss.job WHERE data ->> 'submissionId' = $1`, [
      body.id,
    ]);
    expect(jobs).toHaveLength(1);
    const stranger = await school.join('student', 'learner');
    const theirs = await open('/learn', stranger.token);
    expect(await ask(theirs, '/learn', 'work.submit', body)).toMatchObject({ code: 'ID_REUSED' });
  });

  it('pages through what waits for review, of like works the longest waiting first, for teachers only', async () => {
    const read = (token: string, first: number, after: string | null = null) =>
      graphql(api.url, reviewQueue, { token, variables: { courseId: school.courseId, first, after } });
    const learn = await open('/learn', learner.token);
    const bodies = [0, 1, 2].map(() => work(practice, unsureMarks));
    for (const body of bodies) {
      await mustAsk(learn, '/learn', 'work.submit', body);
      await learn.heard.next('score.deferred');
    }
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const page: Record<string, any> = (await read(school.teacher.token, 2, after)).data!['reviewQueue']; // eslint-disable-line
      ids.push(...page['edges'].map(({ node }: { node: { id: string } }) => node.id));
      after = page['pageInfo'].hasNextPage ? page['pageInfo'].endCursor : null;
    } while (after !== null);
    const unsure = bodies.map(({ id }) => id);
    expect(ids.filter((id) => unsure.includes(id))).toEqual(unsure);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await read(learner.token, 2)).toMatchObject({ errors: [{ extensions: { code: 'FORBIDDEN' } }] });
    expect(await read(school.teacher.token, 2, 'bm9uc2Vuc2U')).toMatchObject({
      errors: [{ extensions: { code: 'INVALID_INPUT' } }],
    });
  });
});
