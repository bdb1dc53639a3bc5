import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import { connect, newId, startTestApi, type TestApi } from '../support/api.js';
import { heard } from '../support/heard.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { rightMarks, send, setAssignment } from '../support/work.js';

const hour = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * hour).toISOString();

describe('more time for one learner', () => {
  let api: TestApi;
  let school: School;
  let learner: Person;
  let mate: Person;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'patient-school');
    learner = await school.join('student', 'learner');
    mate = await school.join('student', 'learner');
  }, 60_000);
  afterAll(async () => {
    for (const socket of sockets) socket.disconnect();
    await api?.close();
  });

  const listen = async (person: Person) => {
    const socket = await connect(api.url, '/learn', person.token);
    sockets.push(socket);
    return heard(socket);
  };

  const handIn = (assignmentId: string, by: Person) =>
    send(api, by, operations.submitWork, {
      input: { id: newId(), assignmentId, marks: rightMarks, at: new Date().toISOString() },
    });
  const grant = (assignmentId: string, dueAt: string | null, { to = learner, by = school.teacher } = {}) =>
    send(api, by, operations.grantExtension, { input: { assignmentId, learnerId: to.id, dueAt } });
  const see = (id: string, by: Person) => send(api, by, operations.assignment, { id });
  const late = () => setAssignment(api.url, school, { dueAt: inHours(-1) });

  it('is hers alone, and is seen by her and the teachers', async () => {
    const assignmentId = await late();
    expect(await handIn(assignmentId, learner)).toMatchObject({ code: 'ASSIGNMENT_CLOSED' });
    const dueAt = inHours(1);
    expect(await grant(assignmentId, dueAt)).toMatchObject({ extensions: [{ learnerId: learner.id, dueAt }] });
    expect(await grant(assignmentId, dueAt)).toMatchObject({ extensions: [{ dueAt }] });
    expect(await see(assignmentId, learner)).toMatchObject({ open: true, extendedTo: dueAt });
    expect(await see(assignmentId, mate)).toMatchObject({ open: false, extendedTo: null });
    expect(await see(assignmentId, school.teacher)).toMatchObject({ open: false, extendedTo: null });
    expect(await handIn(assignmentId, learner)).toMatchObject({ __typename: 'SubmittedWork' });
    expect(await handIn(assignmentId, mate)).toMatchObject({ code: 'ASSIGNMENT_CLOSED' });

    // Moved, and taken away; she hears of both, and her mate of nothing.
    const [learn, mateLearns] = [await listen(learner), await listen(mate)];
    const later = inHours(2);
    expect(await grant(assignmentId, later)).toMatchObject({ extensions: [{ learnerId: learner.id }] });
    const { courseId } = school;
    expect(await learn.next('extension.changed')).toMatchObject({ courseId, assignmentId, dueAt: later });
    expect(await grant(assignmentId, null)).toMatchObject({ extensions: [] });
    expect(await learn.next('extension.changed')).toMatchObject({ courseId, assignmentId, dueAt: null });
    expect(mateLearns.waiting('extension.changed')).toBe(0);
    expect(await handIn(assignmentId, learner)).toMatchObject({ code: 'ASSIGNMENT_CLOSED' });
    const audits = await query<{ action: string }>(
      api.database.ownerUrl,
      `SELECT action FROM audit_events WHERE object_id = $1 AND action LIKE 'extension.%' ORDER BY at`,
      [assignmentId],
    );
    expect(audits.map(({ action }) => action)).toEqual([
      'extension.granted',
      'extension.granted',
      'extension.withdrawn',
    ]);
  });

  it('ends, and is no way around the teacher who closed it', async () => {
    const assignmentId = await late();
    await grant(assignmentId, inHours(1));
    await query(
      api.database.ownerUrl,
      `UPDATE extensions SET due_at = now() - interval '1 minute' WHERE assignment_id = $1`,
      [assignmentId],
    );
    expect(await handIn(assignmentId, learner)).toMatchObject({ code: 'ASSIGNMENT_CLOSED' });
    const closed = await late();
    await grant(closed, inHours(1));
    await send(api, school.teacher, operations.closeAssignment, { id: closed });
    expect(await handIn(closed, learner)).toMatchObject({ code: 'ASSIGNMENT_CLOSED' });
  });

  it('is refused where it means nothing', async () => {
    const assignmentId = await late();
    const early = await grant(assignmentId, inHours(-2));
    expect(early).toMatchObject({ __typename: 'InvalidInput', issues: [{ path: 'dueAt' }] });
    expect(await grant(await setAssignment(api.url, school), inHours(1))).toMatchObject({ code: 'WRONG_STATE' });
    expect(await grant(assignmentId, inHours(1), { to: school.teacher })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await grant(assignmentId, inHours(1), { by: learner })).toMatchObject({ code: 'FORBIDDEN' });
    const stranger = await foundSchool(api.app, 'impatient-school');
    expect(await grant(assignmentId, inHours(1), { by: stranger.teacher })).toMatchObject({ code: 'NOT_FOUND' });
    const theirs = await stranger.join('student', 'learner');
    expect(await grant(assignmentId, inHours(1), { to: theirs })).toMatchObject({ code: 'NOT_FOUND' });
  });
});
