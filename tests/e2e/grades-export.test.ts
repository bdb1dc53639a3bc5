import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import type { RunningPart } from '#libs/platform';
import { newId, startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { startTestWorker } from '../support/worker.js';
import { handInSettled, rightMarks, send, setAssignment, swappedMarks } from '../support/work.js';

describe('grades as CSV', () => {
  let api: TestApi;
  let worker: RunningPart;
  let school: School;
  let learner: Person;

  beforeAll(async () => {
    api = await startTestApi();
    worker = await startTestWorker(api.database);
    school = await foundSchool(api.app, 'csv-school');
    learner = await school.join('student', 'learner');
  }, 60_000);
  afterAll(async () => {
    await worker?.close();
    await api?.close();
  });

  const fetchGrades = (assignmentId: string, { token }: Pick<Person, 'token'> = school.teacher) =>
    fetch(`${api.url}/assignments/${assignmentId}/grades.csv`, { headers: { authorization: `Bearer ${token}` } });
  const grades = async (assignmentId: string): Promise<Record<string, string>[]> => {
    const response = await fetchGrades(assignmentId);
    expect(response.status).toBe(200);
    // The mark of the byte order is in the bytes; `text()` would swallow it.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
    expect(text.startsWith('\uFEFF')).toBe(true);
    return parse(text, { bom: true, columns: true });
  };

  it('tell the score that stands of each criterion, and what it rests on, safely', async () => {
    const assignmentId = await setAssignment(api.url, school);
    const first = await handInSettled(api, learner, assignmentId, swappedMarks);
    const second = await handInSettled(api, learner, assignmentId, rightMarks);
    const overrides = [{ criterionId: 'left', awarded: 0.5 }];
    const input = { id: newId(), submissionId: first, overrides, reason: '=HYPERLINK("https://evil.example")' };
    await send(api, school.teacher, operations.reviewSubmission, { input });
    await query(api.database.ownerUrl, `UPDATE users SET name = '+31 "Éva", 细' WHERE id = $1`, [learner.id]);

    const lines = await grades(assignmentId);
    expect(lines).toMatchObject([
      { submission_id: second, criterion_id: 'left', awarded: '1', error: '', total: '2', source: 'automatic' },
      { submission_id: second, criterion_id: 'right', awarded: '1' },
      {
        submission_id: first,
        criterion_id: 'left',
        awarded: '0.5',
        overridden: 'true',
        total: '0.5',
        source: 'review',
      },
      { submission_id: first, criterion_id: 'right', error: 'swapped', state: 'reviewed' },
    ]);
    expect(lines[3]!['marks']).toMatch(/on-(left|right)/);
    expect(JSON.parse(lines[3]!['regions']!)).not.toEqual([]);
    expect(lines[2]).toMatchObject({ learner: `'+31 "Éva", 细`, reason: `'${input.reason}`, learner_id: learner.id });
    const audits = `SELECT 1 FROM audit_events WHERE action = 'grades.exported' AND object_id = $1`;
    expect(await query(api.database.ownerUrl, audits, [assignmentId])).toHaveLength(1);
  });

  it('are whole, however many works there are', async () => {
    const assignmentId = await setAssignment(api.url, school);
    await handInSettled(api, learner, assignmentId, rightMarks);
    await query(
      api.database.ownerUrl,
      `INSERT INTO submissions (institution_id, id, assignment_id, course_id, learner_id, marks, state, body_hash, device_at, received_at)
       SELECT institution_id, gen_random_uuid(), assignment_id, course_id, learner_id, marks, 'failed', body_hash, device_at,
              received_at - (n / 3) * interval '1 minute'
       FROM submissions, generate_series(3, 450) n WHERE assignment_id = $1`,
      [assignmentId],
    );
    const lines = await grades(assignmentId);
    expect(new Set(lines.map((line) => line['submission_id'])).size).toBe(449);
    expect(lines).toHaveLength(450);
    expect(await grades(await setAssignment(api.url, school))).toEqual([]);
  });

  it('name nobody where the assignment is anonymous', async () => {
    const assignmentId = await setAssignment(api.url, school, { anonymous: true });
    await handInSettled(api, learner, assignmentId, rightMarks);
    const text = await (await fetchGrades(assignmentId)).text();
    expect(text).not.toContain(learner.id);
    expect(text).toMatch(/,Learner [0-9A-F]{6},/);
    await send(api, school.teacher, operations.revealLearners, { assignmentId });
    expect(await (await fetchGrades(assignmentId)).text()).toContain(learner.id);
  });

  it('are for the teachers of the course', async () => {
    const assignmentId = await setAssignment(api.url, school);
    const stranger = (await foundSchool(api.app, 'not-csv-school')).teacher;
    expect((await fetchGrades(assignmentId, learner)).status).toBe(403);
    expect((await fetchGrades(assignmentId, stranger)).status).toBe(404);
    expect((await fetchGrades(newId())).status).toBe(404);
  });
});
