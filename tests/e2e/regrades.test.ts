import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { operations, type SubmissionDetails } from '#libs/client';
import type { RunningPart } from '#libs/platform';
import { connect, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { heard, type Heard } from '../support/heard.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { startTestWorker } from '../support/worker.js';
import { handInSettled, send, setAssignment, swappedMarks } from '../support/work.js';

describe('asking for a score to be looked at again', () => {
  let api: TestApi;
  let worker: RunningPart;
  let school: School;
  let learner: Person;
  let practice: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    api = await startTestApi();
    worker = await startTestWorker(api.database);
    school = await foundSchool(api.app, 'asking-school');
    learner = await school.join('student', 'learner');
    practice = await setAssignment(api.url, school);
  }, 60_000);
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  const see = (id: string, by: Person = learner): Promise<SubmissionDetails> =>
    send(api, by, operations.submission, { id });
  const handIn = async (): Promise<SubmissionDetails> => see(await handInSettled(api, learner, practice, swappedMarks));
  const aboutLast = ({ id, scores }: SubmissionDetails, reason = 'I meant the other one.') => ({
    id: newId(),
    submissionId: id,
    scoreId: scores.at(-1)!.id,
    reason,
  });
  const request = (input: ReturnType<typeof aboutLast>, by = learner) =>
    send(api, by, operations.requestRegrade, { input });
  const decline = (requestId: string, reason: string, by = school.teacher) =>
    send(api, by, operations.declineRegrade, { input: { requestId, reason } });
  const reviewAs = async (submissionId: string, awarded: number): Promise<string> => {
    const input = { id: newId(), submissionId, overrides: [{ criterionId: 'left', awarded }], reason: 'Looked again.' };
    expect(await send(api, school.teacher, operations.reviewSubmission, { input })).toMatchObject({ resent: false });
    return input.id;
  };
  const queued = async (): Promise<string[]> => {
    const page = { courseId: school.courseId, first: 100, after: null };
    return (await send(api, school.teacher, operations.reviewQueue, page)).edges.map(({ node }) => node.id);
  };
  const listen = async (namespace: '/learn' | '/teach', { token }: Person): Promise<Heard> => {
    const socket = await connect(api.url, namespace, token);
    sockets.push(socket);
    if (namespace === '/teach') await mustAsk(socket, '/teach', 'course.watch', { courseId: school.courseId });
    return heard(socket);
  };

  it('brings the work to the teacher, whose review answers', async () => {
    const work = await handIn();
    expect(await queued()).not.toContain(work.id);
    const [learn, teach] = [await listen('/learn', learner), await listen('/teach', school.teacher)];
    const input = aboutLast(work);
    expect(await request(input)).toMatchObject({ __typename: 'RegradeRequest', id: input.id, state: 'open' });
    const told = { submissionId: work.id, requestId: input.id };
    expect(await teach.next('regrade.requested')).toMatchObject({ ...told, scoreId: input.scoreId });
    expect(await queued()).toContain(work.id);
    expect(await see(work.id, school.teacher)).toMatchObject({
      regradeRequests: [{ state: 'open', reason: input.reason }],
    });
    // The same again is the same request; another one about this score is refused.
    expect(await request(input)).toMatchObject({ id: input.id });
    expect(await request({ ...input, reason: 'Otherwise.' })).toMatchObject({ code: 'ID_REUSED' });
    expect(await request({ ...input, id: newId() })).toMatchObject({ code: 'WRONG_STATE' });
    expect(teach.waiting('regrade.requested')).toBe(0);

    const confirmation = { id: newId(), submissionId: work.id, scoreId: input.scoreId };
    const confirmed = await send(api, school.teacher, operations.confirmReviews, {
      input: { courseId: school.courseId, confirmations: [confirmation] },
    });
    expect(confirmed.outcomes).toMatchObject([{ code: 'WRONG_STATE' }]);

    const review = await reviewAs(work.id, 1);
    expect(await learn.next('regrade.closed')).toMatchObject({ ...told, state: 'answered' });
    expect(await see(work.id)).toMatchObject({ regradeRequests: [{ state: 'answered', answer: null }] });
    expect(await queued()).not.toContain(work.id);
    expect(await request({ ...input, id: newId() })).toMatchObject({ code: 'CHANGED_SINCE' });

    // A review that is taken back has answered nothing.
    await send(api, school.teacher, operations.withdrawReviews, {
      input: { courseId: school.courseId, withdrawals: [{ id: newId(), submissionId: work.id, reviewId: review }] },
    });
    expect(await see(work.id)).toMatchObject({ regradeRequests: [{ state: 'open' }] });
    expect(await queued()).toContain(work.id);
  });

  it('is declined for a reason, which the learner reads', async () => {
    const work = await handIn();
    const input = aboutLast(work);
    await request(input);
    const learn = await listen('/learn', learner);
    expect(await decline(input.id, 'Left is left.')).toMatchObject({ state: 'declined', answer: 'Left is left.' });
    expect(await decline(input.id, 'Left is left.')).toMatchObject({ state: 'declined' });
    expect(await decline(input.id, 'Something else.')).toMatchObject({ code: 'WRONG_STATE' });
    expect(await learn.next('regrade.closed')).toMatchObject({ requestId: input.id, state: 'declined' });
    expect(learn.waiting('regrade.closed')).toBe(0);
    const seen = await see(work.id);
    expect(seen).toMatchObject({ state: 'graded', regradeRequests: [{ state: 'declined', answer: 'Left is left.' }] });
    expect(seen.scores).toHaveLength(1);
    expect(await queued()).not.toContain(work.id);
    const audits = await query(
      api.database.ownerUrl,
      `SELECT details FROM audit_events WHERE action = 'regrade.declined' AND object_id = $1`,
      [work.id],
    );
    expect(audits).toMatchObject([{ details: { requestId: input.id, reason: 'Left is left.' } }]);
    // A score that came since can be asked about again.
    await reviewAs(work.id, 0.5);
    expect(await request(aboutLast(await see(work.id)))).toMatchObject({ state: 'open' });
  });

  it('is for the one whose work it is, about a score that she sees', async () => {
    const graded = await setAssignment(api.url, school, { stakes: 'graded' });
    const hidden = await see(await handInSettled(api, learner, graded, swappedMarks), school.teacher);
    expect(await request(aboutLast(hidden))).toMatchObject({ code: 'NOT_FOUND' });
    const work = await handIn();
    const mate = await school.join('student', 'learner');
    const stranger = (await foundSchool(api.app, 'not-asking-school')).teacher;
    for (const somebody of [mate, school.teacher, stranger]) {
      expect(await request(aboutLast(work), somebody)).toMatchObject({ code: 'NOT_FOUND' });
    }
    const input = aboutLast(work);
    await request(input);
    expect(await decline(input.id, 'No.', learner)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await decline(input.id, 'No.', stranger)).toMatchObject({ code: 'NOT_FOUND' });
  });
});
