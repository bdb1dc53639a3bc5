import type pg from 'pg';
import { makeId } from '#libs/kernel';
import { randomBytes } from 'node:crypto';

/** The course of the benchmark: twelve skills in a chain of three layers, exercises spread evenly over them. */
export interface BenchCourse {
  readonly id: string;
  readonly rightOption: string;
}

const newId = (): string => makeId(Date.now(), randomBytes(10));

export async function insertCourse(owner: pg.Client, institutionId: string, activities: number): Promise<BenchCourse> {
  const courseId = newId();
  await owner.query(
    `INSERT INTO courses (institution_id, id, title, description, language, mastery_threshold, graph_version)
     VALUES ($1, $2, 'Benchmark', 'Benchmark', 'en', 0.85, 1)`,
    [institutionId, courseId],
  );
  const skillIds = Array.from({ length: 12 }, newId);
  for (const [position, id] of skillIds.entries()) {
    await owner.query(
      `INSERT INTO skills (institution_id, id, course_id, name, description, position) VALUES ($1, $2, $3, $4, 'A skill', $5)`,
      [institutionId, id, courseId, `Skill ${position + 1}`, position],
    );
    if (position >= 4) {
      await owner.query('INSERT INTO skill_prerequisites VALUES ($1, $2, $3)', [
        institutionId,
        id,
        skillIds[position - 4],
      ]);
    }
  }
  const content = JSON.stringify({
    title: 'Which part of the cell holds the genome?',
    body: 'Look at the cell. **Which part** holds most of its genome? Think of $2n$ chromosomes. '.repeat(3),
    media: [],
    form: { kind: 'choice', options: ['a', 'b', 'c', 'd'].map((id) => ({ id, text: `Option ${id} of the question` })) },
    key: { kind: 'choice', correct: 'a' },
    hints: ['Where is it?', 'Look at the middle.', 'It is the largest organelle of an animal cell.'],
    feedback: { right: 'Yes.', wrong: 'Not yet.' },
    misconceptions: [],
    translations: {},
    gradedBy: 'attune',
  });
  await owner.query('BEGIN');
  for (let number = 1; number <= activities; number++) {
    const id = newId();
    const skillId = skillIds[number % 12]!;
    const kind = number % 10 === 0 ? 'explanation' : 'exercise';
    await owner.query(`INSERT INTO activities VALUES ($1, $2, $3, $4, $5, 'text', 'en', 1)`, [
      institutionId,
      id,
      courseId,
      number,
      kind,
    ]);
    await owner.query(
      `INSERT INTO activity_versions (institution_id, activity_id, version, content, content_hash, difficulty, minutes, skill_ids)
       VALUES ($1, $2, 1, $3, 'bench', $4, 1, $5)`,
      [institutionId, id, content, (number % 9) / 2 - 2, [skillId]],
    );
    await owner.query('INSERT INTO activity_skills VALUES ($1, $2, $3)', [institutionId, id, skillId]);
  }
  await owner.query('COMMIT');
  return { id: courseId, rightOption: 'a' };
}

export async function insertLearners(
  owner: pg.Client,
  institutionId: string,
  courseId: string,
  count: number,
): Promise<{ id: string; pseudonym: string; signInId: string }[]> {
  const people = Array.from({ length: count }, () => ({ id: newId(), pseudonym: newId(), signInId: newId() }));
  await owner.query('BEGIN');
  for (const [index, { id, pseudonym, signInId }] of people.entries()) {
    await owner.query(
      `INSERT INTO users (institution_id, id, pseudonym, name, roles) VALUES ($1, $2, $3, $4, '{student}')`,
      [institutionId, id, pseudonym, `Learner ${index}`],
    );
    await owner.query(
      `INSERT INTO enrolments (institution_id, course_id, user_id, role) VALUES ($1, $2, $3, 'learner')`,
      [institutionId, courseId, id],
    );
    await owner.query(
      `INSERT INTO sign_ins (institution_id, id, user_id, refresh_hash, expires_at) VALUES ($1, $2, $3, 'none', now() + interval '1 day')`,
      [institutionId, signInId, id],
    );
  }
  await owner.query('COMMIT');
  return people;
}
