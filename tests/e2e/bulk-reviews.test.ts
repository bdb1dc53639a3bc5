import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { operations, type ReviewOutcome, type SubmissionView } from '#libs/client';
import type { RunningPart } from '#libs/platform';
import { connect, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { heard, type Heard } from '../support/heard.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { startTestWorker } from '../support/worker.js';
import { handInSettled, rightMarks, send, setAssignment, swappedMarks, unsureMarks } from '../support/work.js';

describe('reviewing many works at once, and taking reviews back', () => {
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
    school = await foundSchool(api.app, 'bulk-school');
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

  const see = (id: string, by: Person = school.teacher): Promise<SubmissionView> =>
    send(api, by, operations.submission, { id });
  const handIn = async (assignmentId: string, marks: readonly object[] = rightMarks): Promise<SubmissionView> =>
    see(await handInSettled(api, learner, assignmentId, marks));
  const confirmationOf = ({ id, scores }: SubmissionView) => ({
    id: newId(),
    submissionId: id,
    scoreId: scores.at(-1)!.id,
  });
  type Confirmation = ReturnType<typeof confirmationOf>;
  const confirm = async (confirmations: readonly Confirmation[], by = school.teacher) => {
    const input = { courseId: school.courseId, confirmations };
    return send(api, by, operations.confirmReviews, { input });
  };
  const withdraw = async (
    withdrawals: readonly { id: string; submissionId: string; reviewId: string }[],
    by = school.teacher,
    reason: string | null = null,
  ) => send(api, by, operations.withdrawReviews, { input: { courseId: school.courseId, withdrawals, reason } });
  const codes = ({ outcomes }: { outcomes: readonly ReviewOutcome[] }) => outcomes.map(({ code }) => code);
  const undoOf = ({ id, submissionId }: Confirmation) => ({ id: newId(), submissionId, reviewId: id });
  const listen = async (namespace: '/learn' | '/teach', { token }: Person): Promise<Heard> => {
    const socket = await connect(api.url, namespace, token);
    sockets.push(socket);
    if (namespace === '/teach') await mustAsk(socket, '/teach', 'course.watch', { courseId: school.courseId });
    return heard(socket);
  };

  it('confirms scores as they are, once, however often it is sent', async () => {
    const works = [await handIn(graded), await handIn(graded, swappedMarks), await handIn(practice, unsureMarks)];
    const sent = works.map(confirmationOf);
    const [first, second] = await Promise.all([confirm(sent), confirm(sent)]);
    expect([...codes(first), ...codes(second)]).toEqual(Array(6).fill(null));
    const resent = [first, second].flatMap(({ outcomes }) => outcomes.map((each) => each.resent));
    expect(resent.filter(Boolean)).toHaveLength(3);
    expect((await confirm(sent)).outcomes.every((each) => each.resent)).toBe(true);
    const seen = await Promise.all(works.map(({ id }) => see(id, learner)));
    expect(seen).toMatchObject([
      { state: 'reviewed', scores: [{ source: 'review', total: 2 }] },
      { state: 'reviewed', scores: [{ source: 'review', total: 0 }] },
      { state: 'reviewed', scores: [{ source: 'automatic' }, { source: 'review', total: 1 }] },
    ]);
  });

  it('refuses row by row what the teacher has not seen, and does the rest', async () => {
    const [stale, fine, foreign] = [await handIn(graded), await handIn(graded), newId()];
    const seen = confirmationOf(stale);
    expect(codes(await confirm([confirmationOf(stale)]))).toEqual([null]);
    const unscored = await handIn(graded);
    await query(api.database.ownerUrl, 'DELETE FROM scores WHERE submission_id = $1', [unscored.id]);
    const rows = [
      seen,
      { ...seen, id: newId(), submissionId: foreign },
      confirmationOf(unscored),
      confirmationOf(fine),
    ];
    expect(codes(await confirm(rows))).toEqual(['CHANGED_SINCE', 'NOT_FOUND', 'WRONG_STATE', null]);
    const other = { ...rows[3]!, submissionId: stale.id };
    expect(codes(await confirm([other]))).toEqual(['ID_REUSED']);
  });

  it('takes reviews back: the earlier score stands again, and work that counts awaits the teacher', async () => {
    const [counts, plays] = [await handIn(graded), await handIn(practice, swappedMarks)];
    const sent = [counts, plays].map(confirmationOf);
    await confirm(sent);
    const [learn, teach] = [await listen('/learn', learner), await listen('/teach', school.teacher)];
    const undo = sent.map(undoOf);
    expect(codes(await withdraw(undo, school.teacher, 'Too soon.'))).toEqual([null, null]);
    expect(await see(counts.id, learner)).toMatchObject({ state: 'awaiting-teacher', scores: [] });
    expect(await see(counts.id)).toMatchObject({
      state: 'needs-review',
      scores: [
        { source: 'automatic', withdrawn: false },
        { source: 'review', withdrawn: true },
        { source: 'withdrawal', total: 2, withdrawn: false },
      ],
    });
    expect(await see(plays.id, learner)).toMatchObject({
      state: 'graded',
      scores: [{ source: 'automatic', total: 0 }],
    });
    expect(await teach.next('review.withdrawn')).toMatchObject({ scoreId: sent[0]!.id, submissionId: counts.id });
    expect(await teach.next('submission.awaits-review')).toMatchObject({ submissionId: counts.id, total: 2 });
    expect(await learn.next('score.deferred')).toMatchObject({ submissionId: counts.id, state: 'awaiting-teacher' });
    expect(await learn.next('score.settled')).toMatchObject({ submissionId: plays.id, source: 'automatic', total: 0 });
    const queue = await send(api, school.teacher, operations.reviewQueue, {
      courseId: school.courseId,
      first: 100,
      after: null,
    });
    expect(queue.edges.map(({ node }) => node.id)).toContain(counts.id);

    // The same again changes nothing; another withdrawal of it finds nothing that stands.
    const again = await withdraw(undo, school.teacher, 'Too soon.');
    expect(again.outcomes).toMatchObject([{ resent: true }, { resent: true }]);
    expect(codes(await withdraw(undo, school.teacher, 'Otherwise.'))).toEqual(['ID_REUSED', 'ID_REUSED']);
    expect(codes(await withdraw(sent.map(undoOf)))).toEqual(['CHANGED_SINCE', 'CHANGED_SINCE']);
    const audits = await query<{ details: { reason: string } }>(
      api.database.ownerUrl,
      `SELECT details FROM audit_events WHERE action = 'review.withdrawn' AND object_id = $1`,
      [counts.id],
    );
    expect(audits).toMatchObject([{ details: { reviewId: sent[0]!.id, total: 2, reason: 'Too soon.' } }]);
    // And it can be settled anew: the automatic score is what a review starts from.
    const anew = { ...confirmationOf(counts), scoreId: counts.scores[0]!.id };
    expect(codes(await confirm([anew]))).toEqual([null]);
  });

  it('lets the review before stand again where there was one, and nothing where there was no score', async () => {
    const work = await handIn(graded);
    const review = async (submissionId: string, awarded: number): Promise<string> => {
      const overrides = [{ criterionId: 'left', awarded }];
      const input = { id: newId(), submissionId, overrides, reason: 'As I see it.' };
      expect(await send(api, school.teacher, operations.reviewSubmission, { input })).toMatchObject({ resent: false });
      return input.id;
    };
    await review(work.id, 0.5);
    const second = await review(work.id, 0);
    expect(codes(await withdraw([{ id: newId(), submissionId: work.id, reviewId: second }]))).toEqual([null]);
    expect(await see(work.id, learner)).toMatchObject({ state: 'reviewed', scores: [{ total: 1.5 }] });

    const unscored = await handIn(graded);
    await query(api.database.ownerUrl, 'DELETE FROM scores WHERE submission_id = $1', [unscored.id]);
    const only = await review(unscored.id, 1);
    expect(codes(await withdraw([{ id: newId(), submissionId: unscored.id, reviewId: only }]))).toEqual([null]);
    expect(await see(unscored.id, learner)).toMatchObject({ state: 'awaiting-teacher', scores: [] });
    expect(await review(unscored.id, 0.25)).toBeDefined();
    expect(await see(unscored.id, learner)).toMatchObject({ state: 'reviewed', scores: [{ total: 0.25 }] });
  });

  it('is for the teachers of the course', async () => {
    const sent = [confirmationOf(await handIn(graded))];
    const stranger = (await foundSchool(api.app, 'not-bulk-school')).teacher;
    expect(await confirm(sent, learner)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await confirm(sent, stranger)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await withdraw(sent.map(undoOf), learner)).toMatchObject({ code: 'FORBIDDEN' });
    expect(await withdraw(sent.map(undoOf), stranger)).toMatchObject({ code: 'NOT_FOUND' });
  });
});
