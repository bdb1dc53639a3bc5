import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer, RequestInput } from '#libs/contracts';
import { connect, graphql, mustAsk, newId } from '../support/api.js';
import { readCourseFolder } from '../support/demo-school.js';
import { heard, type Heard } from '../support/heard.js';
import { makeDatabaseFolder } from '../support/postgres-folder.js';
import { freePort, SERVE_ENTRY, ServeProcess } from '../support/serve-process.js';
import { until } from '../support/until.js';
import { outcome, upload } from '../support/work.js';
import { drawPicture, drawnAt, type DrawnPart } from '../support/plant-cell.js';

const courseFolder = join(import.meta.dirname, '../../prisma/seed/cell-biology');

type Recommended = NonNullable<Answer<'/learn', 'session.open'>['recommended']>;
type LearnerAnswer = RequestInput<'/learn', 'response.record'>['answer'];

/** What a course file says of an activity, as far as it is needed to answer. */
interface Head {
  readonly title: string;
  readonly kind: string;
  readonly key: {
    readonly kind: string;
    readonly correct?: string | string[];
    readonly value?: number;
    readonly accepted?: string[];
    readonly specification?: { readonly parts: readonly DrawnPart[] };
  };
}

describe('the main job, on the demo school of a running Attune', () => {
  let folder: string;
  let server: ServeProcess | undefined;
  let heads: Head[];
  const token: Record<string, string> = {};
  const sockets: Socket[] = [];

  beforeAll(async () => {
    folder = await makeDatabaseFolder();
    heads = (await readCourseFolder(courseFolder)).activities.map(({ head }) => head as Head);
    if (!existsSync(SERVE_ENTRY)) return;
    server = ServeProcess.spawn(join(folder, 'data'), await freePort());
    await server.ready();
    const accounts = JSON.parse(await readFile(join(folder, 'data/demo-accounts.json'), 'utf8')) as Record<
      'student' | 'teacher',
      { email: string; password: string }
    >;
    const signIn =
      'mutation ($input: SignInInput!) { signIn(input: $input) { __typename ... on Tokens { accessToken } } }';
    for (const role of ['student', 'teacher'] as const) {
      const variables = { input: { institution: 'demo', ...accounts[role] } };
      token[role] = outcome(await graphql(server.url, signIn, { variables }), 'signIn', 'Tokens')[
        'accessToken'
      ] as string;
    }
  }, 180_000);
  afterAll(async () => {
    for (const socket of sockets) socket.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const ask = async (role: 'student' | 'teacher', document: string, variables: object = {}) =>
    graphql(server!.url, document, { token: token[role]!, variables: { ...variables } });
  const open = async (namespace: '/learn' | '/teach', role: 'student' | 'teacher') => {
    const socket = await connect(server!.url, namespace, token[role]!);
    sockets.push(socket);
    return { socket, events: heard(socket) };
  };
  const courseId = async (): Promise<string> =>
    (await ask('student', '{ courses { edges { node { id } } } }')).data!['courses'].edges[0].node.id;

  function keyOf({ activity }: Recommended): Head['key'] {
    return heads.find(({ title }) => title === activity.title)!.key;
  }

  function answerTo(recommended: Recommended, right: boolean): LearnerAnswer {
    const { form } = recommended.activity;
    const key = keyOf(recommended);
    switch (form.kind) {
      case 'choice':
        return { kind: 'choice', option: form.options.find(({ id }) => (id === key.correct) === right)!.id };
      case 'choices':
        return { kind: 'choices', options: right ? (key.correct as string[]) : [] };
      case 'number':
        return { kind: 'number', value: right ? key.value! : -1_000_000 };
      case 'text':
        return { kind: 'text', text: right ? key.accepted![0]! : 'nothing that was asked for' };
      case 'order':
        return { kind: 'order', items: right ? (key.correct as string[]) : (key.correct as string[]).toReversed() };
      default:
        return { kind: 'done' };
    }
  }

  it('chooses what comes next from what was answered, says why, and helps the one who is stuck', async ({ skip }) => {
    skip(server === undefined, 'not built: npm test builds first');
    const { socket, events } = await open('/learn', 'student');
    let at = Date.now() - 7_200_000;
    const opened = await mustAsk(socket, '/learn', 'session.open', { id: newId(), courseId: await courseId(), at });
    const { sessionId } = opened;
    const nameOf = (skillId: string): string => opened.mastery.find((skill) => skill.skillId === skillId)!.name;
    const namesOf = ({ activity }: Recommended): string[] => activity.skillIds.map((id) => `“${nameOf(id)}”`);
    const respond = async (recommended: Recommended, right: boolean, durationMs: number) => {
      at += durationMs;
      const { activityId, version } = recommended.activity;
      return mustAsk(socket, '/learn', 'response.record', {
        id: newId(),
        sessionId,
        activityId,
        activityVersion: version,
        answer: answerTo(recommended, right),
        durationMs,
        at,
      });
    };
    /** Takes what comes until it is an exercise. */
    const exercise = async (from: Recommended): Promise<Recommended> => {
      let recommended = from;
      while (recommended.activity.form.kind === 'none') {
        recommended = (await respond(recommended, true, 30_000)).recommended!;
      }
      return recommended;
    };

    const first = await exercise(opened.recommended!);
    const recorded = await respond(first, true, 20_000);
    expect(recorded).toMatchObject({ kind: 'recorded', correct: true, resent: false });
    expect(recorded.mastery.map(({ skillId }) => skillId).toSorted()).toEqual(first.activity.skillIds.toSorted());
    for (const { before, after } of recorded.mastery) expect(after).toBeGreaterThan(before);
    const next = recorded.recommended!;
    expect(next.activity.activityId).not.toBe(first.activity.activityId);
    expect(next.decisionId).not.toBe(first.decisionId);
    expect(
      namesOf(next).some((name) => next.because.includes(name)),
      next.because,
    ).toBe(true);

    // Slow, wrong, and hint after hint.
    let offer: Answer<'/learn', 'response.record'>['offer'] = null;
    let recommended = next;
    for (let turn = 0; turn < 12 && offer === null; turn++) {
      recommended = await exercise(recommended);
      const { activityId, hintCount } = recommended.activity;
      const shown = { id: newId(), sessionId, kind: 'activity-shown' as const, activityId, at };
      await mustAsk(socket, '/learn', 'interaction.record', shown);
      for (let step = 1; step <= hintCount && offer === null; step++) {
        at += 60_000;
        const hint = await mustAsk(socket, '/learn', 'hint.request', { id: newId(), sessionId, activityId, at });
        expect(hint).toMatchObject({ step, steps: hintCount });
        offer = hint.offer;
      }
      if (offer !== null) break;
      const wrong = await respond(recommended, false, 300_000);
      expect(wrong.correct).toBe(false);
      ({ offer } = wrong);
      recommended = wrong.recommended!;
    }
    expect(offer).toMatchObject({ trigger: 'confused', activity: { form: { kind: 'none' } } });
    expect(['explanation', 'worked-example']).toContain(offer!.activity!.kind);
    expect(await events.next('intervention.offered')).toMatchObject({
      interventionId: offer!.interventionId,
      trigger: 'confused',
      activityId: offer!.activity!.activityId,
    });
    const { interventionId } = offer!;
    const taken = await mustAsk(socket, '/learn', 'offer.react', {
      interventionId,
      reaction: 'accepted',
      at: Date.now(),
    });
    expect(taken.activity).toMatchObject({
      activityId: offer!.activity!.activityId,
      body: expect.stringMatching(/\w/),
    });
  }, 60_000);

  it('grades a labelled plant cell by criterion, helps with it, and leaves the last word to the teacher', async ({
    skip,
  }) => {
    skip(server === undefined, 'not built: npm test builds first');
    const learner = await open('/learn', 'student');
    const teacher = await open('/teach', 'teacher');
    const course = await courseId();
    await mustAsk(teacher.socket, '/teach', 'course.watch', { courseId: course });
    const assignments = 'query ($id: UUID!) { assignments(courseId: $id) { edges { node { id title open } } } }';
    const [{ node: assignment }] = (await ask('student', assignments, { id: course })).data!['assignments'].edges;
    expect(assignment).toMatchObject({ title: 'Label the plant cell', open: true });

    // All parts where they are, and one of them by a name that nobody knows.
    const { parts } = heads.find(({ title }) => title === 'Label the plant cell')!.key.specification!;
    const marks = parts.map((part) => ({
      id: `mark-${part.id}`,
      label: part.id === 'nucleus' ? 'thinking centre' : part.label,
      shape: { kind: 'point' as const, ...drawnAt(part, parts) },
    }));
    const picture = await upload(server!.url, token['student']!, await drawPicture(courseFolder, marks));
    expect(picture).toMatchObject({ status: 201, answer: { width: 800, height: 600 } });
    const work = { id: newId(), assignmentId: assignment.id, marks, fileId: picture.id, at: Date.now() };
    await mustAsk(learner.socket, '/learn', 'work.submit', work);
    const maximum = parts.length;
    const scored = { submissionId: work.id, state: 'needs-review', total: maximum - 1, maximum };
    expect(await learner.events.next('score.deferred')).toMatchObject(scored);

    const see = async (role: 'student' | 'teacher') => {
      const document = `query ($id: UUID!) { submission(id: $id) { state picture
        scores { id source total maximum reason criteria { criterionId awarded error regions hintsTaken } } } }`;
      return (await ask(role, document, { id: work.id })).data!['submission'];
    };
    const { scores, state } = await see('student');
    expect(state).toBe('needs-review');
    expect(scores).toHaveLength(1);
    for (const { criterionId, awarded, error } of scores[0].criteria) {
      const isWrong = criterionId === 'nucleus';
      expect({ criterionId, awarded, error }).toEqual({
        criterionId,
        awarded: isWrong ? 0 : 1,
        error: isWrong ? 'right-place-wrong-name' : null,
      });
    }
    const wrong = scores[0].criteria.find(({ criterionId }: { criterionId: string }) => criterionId === 'nucleus');
    const nucleus = marks.find(({ id }) => id === 'mark-nucleus')!.shape;
    expect(wrong.regions).toHaveLength(1);
    for (const [x, y] of wrong.regions[0]) expect(Math.hypot(x - nucleus.x, y - nucleus.y)).toBeLessThan(40);
    const hint = { id: newId(), submissionId: work.id, criterionId: 'nucleus', at: Date.now() };
    expect(await mustAsk(learner.socket, '/learn', 'work.hint', hint)).toMatchObject({
      step: 1,
      steps: 3,
      text: 'The place is right, the name is not. It holds the DNA.',
    });

    await queued(teacher.events, work.id);
    const review = `mutation ($input: ReviewSubmissionInput!) { reviewSubmission(input: $input) {
      __typename ... on ReviewedSubmission { score { id source total } submission { state } } } }`;
    const overrides = [{ criterionId: 'nucleus', awarded: 0.5 }];
    const input = { id: newId(), submissionId: work.id, overrides, reason: 'A fine name, but not the one we use.' };
    expect(outcome(await ask('teacher', review, { input }), 'reviewSubmission', 'ReviewedSubmission')).toMatchObject({
      score: { id: input.id, source: 'review', total: maximum - 0.5 },
      submission: { state: 'reviewed' },
    });
    expect(await learner.events.next('score.settled')).toMatchObject({
      submissionId: work.id,
      scoreId: input.id,
      source: 'review',
      total: maximum - 0.5,
    });
    expect((await see('student')).scores.at(-1)).toMatchObject({ reason: input.reason, total: maximum - 0.5 });
  }, 60_000);

  /** Hears over the teacher's socket that work waits for her, and finds it in her queue. */
  async function queued(events: Heard, submissionId: string): Promise<void> {
    expect(await events.next('submission.awaits-review')).toMatchObject({ submissionId });
    const document = 'query ($id: UUID!) { reviewQueue(courseId: $id) { edges { node { id state } } } }';
    const variables = { id: await courseId() };
    await until(async () => (await ask('teacher', document, variables)).data!['reviewQueue'].edges.length > 0);
    const { edges } = (await ask('teacher', document, variables)).data!['reviewQueue'];
    expect(edges).toEqual([{ node: { id: submissionId, state: 'needs-review' } }]);
  }
});
