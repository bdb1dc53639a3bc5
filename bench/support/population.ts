import type pg from 'pg';
import { makeId } from '#libs/kernel';
import { randomBytes } from 'node:crypto';

/** The course of the benchmark: each skill but the first third stands on one of the third before; exercises are spread evenly. */
export interface BenchCourse {
  readonly id: string;
  readonly rightOption: string;
}

const newId = (): string => makeId(Date.now(), randomBytes(10));

export async function insertCourse(
  owner: pg.Client,
  institutionId: string,
  activities: number,
  skills: number,
): Promise<BenchCourse> {
  const courseId = newId();
  await owner.query('BEGIN');
  await owner.query(
    `INSERT INTO courses (institution_id, id, title, description, language, mastery_threshold, graph_version)
     VALUES ($1, $2, 'Benchmark', 'Benchmark', 'en', 0.85, 1)`,
    [institutionId, courseId],
  );
  const skillIds = Array.from({ length: skills }, newId);
  await owner.query(
    `INSERT INTO skills (institution_id, id, course_id, name, description, position)
     SELECT $1, s.id, $2, 'Skill ' || s.position, 'A skill', s.position
     FROM unnest($3::uuid[]) WITH ORDINALITY AS s(id, position)`,
    [institutionId, courseId, skillIds],
  );
  const layer = Math.floor(skills / 3);
  await owner.query(`INSERT INTO skill_prerequisites SELECT $1, * FROM unnest($2::uuid[], $3::uuid[])`, [
    institutionId,
    skillIds.slice(layer),
    skillIds.slice(0, skills - layer),
  ]);
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
  const numbers = Array.from({ length: activities }, (_, index) => index + 1);
  const ids = numbers.map(newId);
  const ofSkill = numbers.map((number) => skillIds[number % skills]!);
  await owner.query(
    `INSERT INTO activities
     SELECT $1, a.id, $2, a.number, CASE WHEN a.number % 10 = 0 THEN 'explanation' ELSE 'exercise' END, 'text', 'en', 1
     FROM unnest($3::uuid[], $4::int[]) AS a(id, number)`,
    [institutionId, courseId, ids, numbers],
  );
  await owner.query(
    `INSERT INTO activity_versions (institution_id, activity_id, version, content, content_hash, difficulty, minutes, skill_ids)
     SELECT $1, a.id, 1, $2::jsonb, 'bench', (a.number % 9) / 2.0 - 2, 1, ARRAY[a.skill]
     FROM unnest($3::uuid[], $4::int[], $5::uuid[]) AS a(id, number, skill)`,
    [institutionId, content, ids, numbers, ofSkill],
  );
  await owner.query(`INSERT INTO activity_skills SELECT $1, * FROM unnest($2::uuid[], $3::uuid[])`, [
    institutionId,
    ids,
    ofSkill,
  ]);
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
