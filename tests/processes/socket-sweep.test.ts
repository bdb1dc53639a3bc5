import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dangerousSystemActor } from '#libs/identity';
import { ManageEnrolments } from '#libs/learning';
import { ask, connect, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { closed } from '../support/device.js';
import { heard, type Heard } from '../support/heard.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { rightMarks, setAssignment } from '../support/work.js';

/** An API whose sweep is often, and one whose sweep does not come while a test runs. */
describe.each([
  ['swept', '0.2'],
  ['told at once', '300'],
])('a socket whose rights end, %s', (kind, seconds) => {
  let api: TestApi;
  let school: School;
  let assignmentId: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    api = await startTestApi({ SOCKET_SWEEP_SECONDS: seconds });
    school = await foundSchool(api.app, `sweep-${seconds.replace('.', '-')}`);
    assignmentId = await setAssignment(api.url, school);
  }, 60_000);
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });
  afterAll(() => api?.close());

  const open = async (namespace: '/learn' | '/teach', { token }: Person): Promise<Socket & { heard: Heard }> => {
    const socket = await connect(api.url, namespace, token);
    sockets.push(socket);
    return Object.assign(socket, { heard: heard(socket) });
  };

  const owner = (sql: string, values: unknown[]) => query(api.database.ownerUrl, sql, values);

  /** Ends a teacher's part in the course: by SQL nobody is told, and the sweep has to find it. */
  const endTeaching = async ({ id: userId }: Person, how: 'enrolment ended' | 'made a learner'): Promise<void> => {
    const { courseId } = school;
    if (kind === 'swept') {
      const change = how === 'enrolment ended' ? 'left_at = now()' : `role = 'learner'`;
      await owner(`UPDATE enrolments SET ${change} WHERE course_id = $1 AND user_id = $2`, [courseId, userId]);
      return;
    }
    const system = dangerousSystemActor(school.institutionId);
    const enrolments = api.app.get(ManageEnrolments, { strict: false });
    if (how === 'enrolment ended') await enrolments.end(system, { courseId, userId });
    else await enrolments.enrol(system, { courseId, userId, role: 'learner' });
  };

  it.each(['enrolment ended', 'made a learner'] as const)(
    'hears no more of a course that its teacher has left (%s), and is told',
    async (how) => {
      const { courseId } = school;
      const leaving = await school.join('teacher', 'teacher');
      const [left, staying] = [await open('/teach', leaving), await open('/teach', school.teacher)];
      for (const socket of [left, staying]) await mustAsk(socket, '/teach', 'course.watch', { courseId });

      await endTeaching(leaving, how);
      expect(await left.heard.next('watch.ended')).toEqual({ courseId });
      const learn = await open('/learn', await school.join('student', 'learner'));
      const work = { id: newId(), assignmentId, marks: rightMarks, at: Date.now() };
      await mustAsk(learn, '/learn', 'work.submit', work);
      expect(await staying.heard.next('submission.received')).toMatchObject({ submissionId: work.id });
      // Had it been sent, it would have come before this answer.
      const refused = await ask(left, '/teach', 'course.watch', { courseId });
      expect(['NOT_FOUND', 'FORBIDDEN']).toContain((refused as { code?: string }).code);
      expect(left.heard.waiting('submission.received')).toBe(0);
      expect(left.heard.waiting('watch.ended'), 'is told once').toBe(0);
    },
  );

  // Nothing but the sweep can find it.
  if (kind !== 'swept') return;
  it('is closed when its sign-in was revoked by the database alone', async () => {
    const learner = await school.join('student', 'learner');
    const [socket, other] = [
      await open('/learn', learner),
      await open('/learn', await school.join('student', 'learner')),
    ];
    const gone = closed(socket);
    await owner('UPDATE sign_ins SET revoked_at = now() WHERE user_id = $1', [learner.id]);
    await gone;
    expect(await socket.heard.next('connection.refused')).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(await ask(other, '/learn', 'events.catch-up', { after: 0 })).toMatchObject({ kind: 'caught-up' });
  });
});
