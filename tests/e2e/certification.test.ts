import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { certificationNumbers, GradeSubmission, isDrawnForAudit } from '#libs/grading';
import { dangerousSystemActor } from '#libs/identity';
import type { RunningPart } from '#libs/platform';
import { connect, graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { heard } from '../support/heard.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { until } from '../support/until.js';
import { startTestWorker } from '../support/worker.js';
import { outcome, rightMarks, setAssignment, swappedMarks, unsureMarks } from '../support/work.js';

const submission = `query ($id: UUID!) { submission(id: $id) { state
  scores { id source total criteria { criterionId awarded confidence } }
  decisions { scoreId outcome reason actor specificationHash criteria { criterionId criterionType confidence calibrated }
    certifications { criterionType state threshold bound audits errors } } } }`;

const stateOf = 'query ($id: UUID!) { submission(id: $id) { state } }';

const certifications = `query ($courseId: UUID!) { certifications(courseId: $courseId) {
  kind criterionType grader graderVersion modelId state audits errors threshold boundAudits boundWorks boundErrors bound
  coverage hasDrifted auditsNeeded } }`;

const agreement = `query ($assignmentId: UUID!) { agreement(assignmentId: $assignmentId) { works
  overall { ...numbers reliabilityPlot confusionPlot } criteria { criterionId label agreement { ...numbers } } } }
  fragment numbers on Agreement { decisions exact adjacent kappa weightedKappa { value low high } confidenceError
    calibrationError coverage levels confusion reliability { from count confidence exact } byVersion { name decisions exact }
    byMonth { name decisions exact } }`;

const submitWork = `mutation ($input: SubmitWorkInput!) { submitWork(input: $input) { __typename
  ... on InvalidInput { issues { path message } } ... on Refusal { code message } } }`;

const review = `mutation ($input: ReviewSubmissionInput!) { reviewSubmission(input: $input) { __typename
  ... on InvalidInput { issues { path message } } ... on Refusal { code message } } }`;

const update = `mutation ($input: UpdateAssignmentInput!) { updateAssignment(input: $input) { __typename
  ... on Assignment { release } ... on Refusal { code message } } }`;

const day = '2026-11-27T08:00:00Z';

describe('graded work that a program may release', () => {
  let api: TestApi;
  let worker: RunningPart;
  let school: School;
  let learners: Person[];
  let assignmentId: string;
  let works = 0;

  beforeAll(async () => {
    api = await startTestApi();
    worker = await startTestWorker(api.database);
    school = await foundSchool(api.app, 'trusting-school');
    learners = [];
    while (learners.length < 6) learners.push(await school.join('student', 'learner'));
    assignmentId = await setAssignment(api.url, school, { stakes: 'graded', release: 'certified' });
  }, 60_000);
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  const ask = async (query: string, variables: Record<string, unknown>, person = school.teacher) => {
    const answer = await graphql(api.url, query, { token: person.token, variables });
    if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
    return answer.data!;
  };
  const see = async (id: string, person = school.teacher) => (await ask(submission, { id }, person))['submission'];
  const authorOf = (work: number): Person => learners[work % learners.length]!;
  /** Hands work in, and waits until a program has scored it. */
  const grade = async (marks: object[] = rightMarks, to = assignmentId) => {
    const id = newId();
    const author = authorOf(++works);
    const input = { id, assignmentId: to, marks, at: day };
    outcome(
      await graphql(api.url, submitWork, { token: author.token, variables: { input } }),
      'submitWork',
      'SubmittedWork',
    );
    await until(async () => (await ask(stateOf, { id }))['submission'].state !== 'queued', 10);
    return { id, author, seen: await see(id) };
  };
  const settle = async (submissionId: string, overrides: readonly { criterionId: string; awarded: number }[] = []) => {
    const reason = overrides.length === 0 ? null : 'I see it otherwise.';
    const input = { id: newId(), submissionId, overrides, reason };
    outcome(
      await graphql(api.url, review, { token: school.teacher.token, variables: { input } }),
      'reviewSubmission',
      'ReviewedSubmission',
    );
  };
  const standing = async () => (await ask(certifications, { courseId: school.courseId }))['certifications'];

  it('waits for the teacher, who sees how many audits it still takes, until enough of them agree', async () => {
    expect(await standing()).toEqual([]);
    const first = await grade();
    expect(first.seen).toMatchObject({
      state: 'needs-review',
      decisions: [
        {
          scoreId: first.seen.scores[0].id,
          outcome: 'deferred',
          reason: 'uncertified',
          actor: null,
          specificationHash: expect.stringMatching(/^[0-9a-f]{64}$/),
          criteria: [
            { criterionId: 'left', criterionType: 'part', confidence: 0.98, calibrated: null },
            { criterionId: 'right', criterionType: 'part', confidence: 0.98, calibrated: null },
          ],
          certifications: [{ criterionType: 'part', state: 'provisional', threshold: null, bound: 1, audits: 0 }],
        },
      ],
    });
    expect(await see(first.id, first.author)).toMatchObject({ state: 'awaiting-teacher', scores: [], decisions: [] });
    const pool = { kind: 'labelled-parts', criterionType: 'part', grader: 'labelled-parts', modelId: null };
    expect(await standing()).toMatchObject([{ ...pool, state: 'provisional', audits: 0, auditsNeeded: 224 }]);

    await settle(first.id);
    let [now] = await standing();
    expect(now).toMatchObject({ ...pool, audits: 2, errors: 0 });
    for (let left = now.auditsNeeded; now.state !== 'auto-release'; [now] = await standing()) {
      expect(now.auditsNeeded).toBeLessThanOrEqual(left);
      left = now.auditsNeeded;
      // Each work is two audits; she looks again when about half are done.
      for (let work = 0; work < left / 4; work++) {
        const { id, seen } = await grade();
        expect(seen).toMatchObject({ state: 'needs-review', decisions: [{ reason: 'uncertified' }] });
        await settle(id);
      }
    }
    expect(now).toMatchObject({ state: 'auto-release', errors: 0, threshold: 0.98, coverage: 1, auditsNeeded: 0 });
    expect(now.boundAudits).toBeGreaterThanOrEqual(149);
    expect(now.bound).toBeLessThanOrEqual(certificationNumbers.mostErrors);
  }, 240_000);

  it('goes out by itself when it is certain, but for what is drawn for an audit', async () => {
    const author = authorOf(works + 1);
    const socket = await connect(api.url, '/learn', author.token);
    const told = heard(socket);
    const seen: { state: string; decisions: { reason: string | null }[]; scores: { id: string }[] }[] = [];
    const countOf = (state: string): number => seen.filter((each) => each.state === state).length;
    while (countOf('certified') === 0 || countOf('needs-review') === 0) {
      const work = await grade();
      seen.push(work.seen);
      const isDrawn = isDrawnForAudit(work.seen.scores[0].id);
      const expected = isDrawn
        ? { state: 'needs-review', decisions: [{ outcome: 'deferred', reason: 'sampled' }] }
        : { state: 'certified', decisions: [{ outcome: 'released', reason: null }] };
      expect(work.seen).toMatchObject(expected);
      const [{ criteria, certifications: cited }] = work.seen.decisions;
      expect(cited).toMatchObject([{ criterionType: 'part', state: 'auto-release', threshold: 0.98, errors: 0 }]);
      expect(criteria[0].calibrated).toBeGreaterThan(0.95);
      const hers = await see(work.id, work.author);
      if (isDrawn) expect(hers).toMatchObject({ state: 'awaiting-teacher', scores: [] });
      else
        expect(hers).toMatchObject({ state: 'certified', scores: [{ source: 'automatic', total: 2 }], decisions: [] });
      if (isDrawn) await settle(work.id);
    }
    const type = seen[0]!.state === 'certified' ? 'score.settled' : 'score.deferred';
    expect(await told.next(type)).toMatchObject({
      state: type === 'score.settled' ? 'certified' : 'awaiting-teacher',
      total: type === 'score.settled' ? 2 : null,
    });
    socket.close();
  }, 120_000);

  it('waits where one criterion is less sure, where the work is blank, and where the assignment says so', async () => {
    const unsure = await grade(unsureMarks);
    expect(unsure.seen).toMatchObject({
      state: 'needs-review',
      decisions: [{ outcome: 'deferred', reason: 'unsure' }],
    });
    expect(await see(unsure.id, unsure.author)).toMatchObject({ state: 'awaiting-teacher', scores: [] });
    // Sure, but less than any that was audited.
    expect((await grade(swappedMarks)).seen).toMatchObject({
      state: 'needs-review',
      decisions: [{ reason: 'unsure' }],
    });
    expect((await grade([])).seen).toMatchObject({ state: 'needs-review', decisions: [{ reason: 'flagged' }] });
    const closed = await setAssignment(api.url, school, { stakes: 'graded' });
    expect((await grade(rightMarks, closed)).seen).toMatchObject({
      state: 'needs-review',
      decisions: [{ reason: 'left-to-teacher' }],
    });
    await ask(update, { input: { id: closed, release: 'certified' } });
    const open = (await grade(rightMarks, closed)).seen;
    expect(open.decisions[0].reason).toBe(isDrawnForAudit(open.scores[0].id) ? 'sampled' : null);
    const practice = await setAssignment(api.url, school, { release: 'certified' });
    expect((await grade(rightMarks, practice)).seen).toMatchObject({
      state: 'graded',
      decisions: [{ outcome: 'shown', reason: null, certifications: [] }],
    });
    expect((await grade(unsureMarks, practice)).seen).toMatchObject({ state: 'needs-review' });
  });

  it('is trusted in one institution only', async () => {
    const other = await foundSchool(api.app, 'distrusting-school');
    const learner = await other.join('student', 'learner');
    const to = await setAssignment(api.url, other, { stakes: 'graded', release: 'certified' });
    const id = newId();
    const input = { id, assignmentId: to, marks: rightMarks, at: day };
    await graphql(api.url, submitWork, { token: learner.token, variables: { input } });
    await until(async () => (await see(id, other.teacher)).state !== 'queued');
    expect(await see(id, other.teacher)).toMatchObject({
      state: 'needs-review',
      decisions: [{ reason: 'uncertified' }],
    });
    const [own] = (await ask(certifications, { courseId: other.courseId }, other.teacher))['certifications'];
    expect(own).toMatchObject({ state: 'provisional', audits: 0 });
    for (const [query, variables] of [
      [certifications, { courseId: school.courseId }],
      [agreement, { assignmentId }],
    ] as const) {
      const refused = await graphql(api.url, query, { token: other.teacher.token, variables });
      expect(refused.errors?.[0]?.extensions?.code).toBe('NOT_FOUND');
      const learners_ = await graphql(api.url, query, { token: learners[0]!.token, variables });
      expect(learners_.errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    }
  });

  it('does not count what the teacher looked at of her own accord, and counts what she says last', async () => {
    const [before] = await standing();
    let released = await grade();
    while (released.seen.state !== 'certified') released = await grade();
    await settle(released.id, [{ criterionId: 'left', awarded: 0 }]);
    expect(await see(released.id, released.author)).toMatchObject({
      state: 'reviewed',
      scores: [{ source: 'review', total: 1 }],
    });
    expect((await standing())[0]).toMatchObject({ audits: before.audits, errors: before.errors });

    const asked = await grade(unsureMarks);
    await settle(asked.id, [{ criterionId: 'right', awarded: 0 }]);
    expect((await standing())[0]).toMatchObject({ audits: before.audits + 2, errors: before.errors });
    // Were there no error among what the program is unsure of, the threshold might come down to it.
    await settle(asked.id, [{ criterionId: 'right', awarded: 1 }]);
    expect((await standing())[0]).toMatchObject({ audits: before.audits + 2, errors: before.errors + 1 });
    expect((await see(asked.id)).decisions).toMatchObject([
      { outcome: 'deferred', reason: 'unsure', actor: null },
      { outcome: 'reviewed', reason: null, actor: expect.any(String) },
      { outcome: 'reviewed', reason: null },
    ]);
  });

  it('decides once, though several grade and several review the same work at the same time', async () => {
    const [before] = await standing();
    const work = await grade(unsureMarks);
    const system = dangerousSystemActor(school.institutionId);
    const graders = [1, 2, 3].map(() => api.app.get(GradeSubmission).execute(system, work.id));
    expect(await Promise.all(graders)).toEqual([1, 2, 3].map(() => ({ kind: 'already-graded' })));
    // Sent by one who waits for the work, and by the worker.
    const id = newId();
    const input = { id, assignmentId, marks: unsureMarks, at: day };
    await ask(submitWork, { input }, work.author);
    await Promise.all([1, 2, 3].map(() => api.app.get(GradeSubmission).execute(system, id)));
    expect(await see(id)).toMatchObject({ state: 'needs-review', scores: [{}], decisions: [{ reason: 'unsure' }] });

    await Promise.all([work.id, work.id, id, id].map((each) => settle(each)));
    const [after] = await standing();
    expect([after.audits, after.errors]).toEqual([before.audits + 4, before.errors]);
    const { scores, decisions } = await see(id);
    expect(decisions.map(({ scoreId }: { scoreId: string }) => scoreId)).toEqual(
      scores.map((score: { id: string }) => score.id),
    );
  });

  it('shows how program and teacher agree, in numbers and as pictures', async () => {
    const found = (await ask(agreement, { assignmentId }))['agreement'];
    expect(found.works).toBeGreaterThan(100);
    expect(found.criteria.map(({ label }: { label: string }) => label)).toEqual(['left square', 'right square']);
    const [left, right] = found.criteria.map(({ agreement: each }: { agreement: unknown }) => each);
    expect(left).toMatchObject({ decisions: found.works, levels: [0, 1], adjacent: null });
    // One left square and one right one were seen otherwise, all others as the program did.
    expect(left.exact).toBeCloseTo(1 - 1 / found.works, 10);
    expect(right.exact).toBeCloseTo(1 - 1 / found.works, 10);
    expect(right.kappa).toBeGreaterThan(0.7);
    expect(right).toMatchObject({ weightedKappa: { value: expect.closeTo(right.kappa, 10) }, coverage: 1 });
    expect(found.overall).toMatchObject({
      decisions: 2 * found.works,
      byVersion: [{ name: '1', decisions: 2 * found.works }],
      reliability: expect.arrayContaining([expect.objectContaining({ from: 0.9 })]),
    });
    // All were right, and few audits make nobody certain.
    expect(found.overall.calibrationError).toBeLessThan(0.2);
    expect(found.overall.reliabilityPlot).toMatch(/^<svg [^]*<circle/);
    expect(found.overall.confusionPlot).toMatch(/^<svg [^]*<rect/);
  });

  it('loses its certificate when the teacher sees otherwise, and nothing goes out any more', async () => {
    // Those that are drawn come seldom, so she asks for all of them again.
    await ask(update, { input: { id: assignmentId, release: 'teacher' } });
    for (let wrong = 0; (await standing())[0].state === 'auto-release'; wrong++) {
      expect(wrong).toBeLessThan(12);
      await settle((await grade()).id, [{ criterionId: 'left', awarded: 0 }]);
    }
    await ask(update, { input: { id: assignmentId, release: 'certified' } });
    const [now] = await standing();
    expect(now).toMatchObject({ state: 'audited' });
    expect(now.auditsNeeded).toBeGreaterThan(0);
    expect((await grade()).seen).toMatchObject({ state: 'needs-review', decisions: [{ reason: 'uncertified' }] });
  });
});
