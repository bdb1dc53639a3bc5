import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { emptyMemory, remember, retrievability, type MemoryState } from '#libs/mastery';
import { attune, attuneJson } from '../support/attune-command.js';
import { connect, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';

interface Fitted {
  readonly course: string;
  readonly learners: number;
  readonly trained: number;
  readonly kept: number;
  readonly heldOut: number;
  readonly before: number | null;
  readonly after: number | null;
  readonly seconds: number;
}

interface Checked {
  readonly learners: number;
  readonly changed: number;
}

/** Of FSRS-6, for somebody whose memories begin unstable, grow little, and are as good as gone once she fails. */
const forgetful: readonly number[] = [
  0.0424, 0.2586, 0.4613, 1.6591, 6.4133, 0.8334, 3.0194, 0.001, 0.3722, 0.1666, 0.796, 0.445, 0.0614, 0.2629, 1.6483,
  0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
];

/** Memory that is fitted to a learner whose history is long, and what goes on with it. */
describe('a learner’s own memory', () => {
  let api: TestApi;
  let school: School;
  let forgetter: Person;
  let average: Person;
  let newcomer: Person;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'learner-memory');
    forgetter = await school.join('student', 'learner');
    average = await school.join('student', 'learner');
    newcomer = await school.join('student', 'learner');
    await remembers(forgetter, forgetful, 220);
    await remembers(average, null, 220);
    await remembers(newcomer, null, 12);
    // What was inserted was not streamed, so states are made to follow from it.
    await command<Checked>('rebuild', 'mastery', '--all');
  }, 120_000);
  afterAll(() => api?.close());

  /** A session in which a learner answers so much of what is recommended. */
  async function learn(learner: Person, responses: number): Promise<string> {
    const socket = await connect(api.url, '/learn', learner.token);
    const sessionId = newId();
    let { recommended } = await mustAsk(socket, '/learn', 'session.open', {
      id: sessionId,
      courseId: school.courseId,
      at: Date.now(),
    });
    for (let turn = 0; turn < responses && recommended !== null; turn++) {
      const { activityId, version, form } = recommended.activity;
      ({ recommended } = await mustAsk(socket, '/learn', 'response.record', {
        id: newId(),
        sessionId,
        activityId,
        activityVersion: version,
        answer: form.kind === 'none' ? { kind: 'done' } : { kind: 'choice', option: 'yes' },
        durationMs: 20_000,
        at: Date.now(),
      }));
    }
    socket.close();
    return sessionId;
  }

  /** Gives a learner a history of so many days until yesterday, in which she forgets as weights say. */
  async function remembers(learner: Person, weights: MemoryState['weights'], days: number): Promise<void> {
    const sessionId = await learn(learner, 0);
    const exercises = await query<{ id: string; skill: string }>(
      api.database.ownerUrl,
      `SELECT DISTINCT ON (v.skill_ids[1]) a.id, v.skill_ids[1]::text AS skill FROM activities a
       JOIN activity_versions v ON v.institution_id = a.institution_id AND v.activity_id = a.id AND v.version = a.version
       WHERE a.course_id = $1 AND a.kind = 'exercise' AND cardinality(v.skill_ids) = 1
       ORDER BY v.skill_ids[1], a.number`,
      [school.courseId],
    );
    const rng = seededRng(`history of ${days} days by ${weights === null ? 'the population' : 'her own'}`);
    const today = Math.floor(Date.now() / 86_400_000);
    let memory: MemoryState = { ...emptyMemory(), weights };
    const answered: { activity: string; correct: boolean; at: Date }[] = [];
    for (let day = today - days; day < today; day++) {
      for (const [place, { id, skill }] of exercises.entries()) {
        if (rng() > 0.45) continue;
        const correct = rng() < (retrievability(memory, skill, day) ?? 0.7);
        memory = remember(memory, { skillIds: [skill], recall: correct ? 'good' : 'failed', day });
        answered.push({ activity: id, correct, at: new Date(day * 86_400_000 + (9 + place) * 3_600_000) });
      }
    }
    await query(
      api.database.ownerUrl,
      `INSERT INTO responses (institution_id, id, pseudonym, course_id, session_id, sequence, activity_id, activity_version, answer,
         correct, graded_by, hints_used, duration_ms, model_snapshot, changes, body_hash, device_at, received_at)
       SELECT l.institution_id, gen_random_uuid(), l.pseudonym, l.course_id, $3::uuid, r.sequence, r.activity, a.version, '{"kind":"done"}',
         r.correct, 'attune', 0, 20000, 1, '[]', '\\x00', r.at, r.at
       FROM unnest($4::uuid[], $5::boolean[], $6::timestamptz[]) WITH ORDINALITY AS r (activity, correct, at, sequence)
       JOIN activities a ON a.id = r.activity
       JOIN learner_states l ON l.learner_id = $1 AND l.course_id = $2`,
      [
        learner.id,
        school.courseId,
        sessionId,
        answered.map(({ activity }) => activity),
        answered.map(({ correct }) => correct),
        answered.map(({ at }) => at.toISOString()),
      ],
    );
    await query(api.database.ownerUrl, 'UPDATE learner_states SET sequence = $2 WHERE learner_id = $1', [
      learner.id,
      answered.length,
    ]);
  }

  const command = <Found>(...args: string[]) => attuneJson<Found[]>(api.database.ownerUrl, ...args);

  async function memoryOf(learner: Person): Promise<MemoryState> {
    const [row] = await query<{ memory: string }>(
      api.database.ownerUrl,
      'SELECT memory FROM learner_states WHERE learner_id = $1',
      [learner.id],
    );
    return JSON.parse(row!.memory) as MemoryState;
  }

  let first: Fitted;

  it('is fitted where there are reviews enough, and kept where it foresees more', async () => {
    const before = await memoryOf(forgetter);
    const { code, found } = await command<Fitted>('fit', 'memory', '--course', school.courseId);
    expect(code).toBe(0);
    first = found[0]!;
    expect(found).toMatchObject([{ course: school.courseId, learners: 3, trained: 2, kept: 1 }]);
    expect(first.heldOut).toBeGreaterThan(100);
    expect(first.after!).toBeLessThan(first.before! - 0.02);

    const after = await memoryOf(forgetter);
    expect(after.weights).toHaveLength(21);
    expect(Object.keys(after.skills)).toEqual(Object.keys(before.skills));
    for (const [skill, { reviews, lapses, reviewedOn, stability }] of Object.entries(before.skills)) {
      expect(after.skills[skill]).toMatchObject({ reviews, lapses, reviewedOn });
      expect(after.skills[skill]!.stability).not.toBe(stability);
    }
    expect((await memoryOf(average)).weights).toBeNull();
    expect((await memoryOf(newcomer)).weights).toBeNull();
  });

  it('is what a replay of her responses gives, before and after she goes on', async () => {
    const { weights } = await memoryOf(forgetter);
    expect(await command<Checked>('rebuild', 'mastery', '--check')).toMatchObject({ code: 0, found: [{ changed: 0 }] });
    await learn(forgetter, 5);
    expect(await command<Checked>('rebuild', 'mastery', '--check')).toMatchObject({ code: 0, found: [{ changed: 0 }] });
    expect(await command<Checked>('rebuild', 'mastery', '--all')).toMatchObject({ code: 0, found: [{ changed: 0 }] });
    expect((await memoryOf(forgetter)).weights).toEqual(weights);
  });

  it('goes back to the population’s where that foresees as much, and is the same when fitted again', async () => {
    const own = await memoryOf(average);
    await query(api.database.ownerUrl, 'UPDATE learner_states SET memory = $2 WHERE learner_id = $1', [
      average.id,
      JSON.stringify({ ...own, weights: forgetful }),
    ]);
    expect((await command<Fitted>('fit', 'memory', '--all')).found).toMatchObject([{ trained: 2, kept: 1 }]);
    expect(await memoryOf(average)).toEqual(own);
    const { weights } = await memoryOf(forgetter);
    const { found } = await command<Fitted>('fit', 'memory', '--all');
    expect(found).toMatchObject([{ trained: 2, kept: 1 }]);
    expect((await memoryOf(forgetter)).weights).toEqual(weights);
    expect(await command<Checked>('rebuild', 'mastery', '--check')).toMatchObject({ code: 0, found: [{ changed: 0 }] });
  });

  it('says in words what became of it, and refuses what it cannot do', async () => {
    const run = (...args: string[]) => attune(['fit', 'memory', ...args], { DATABASE_URL: api.database.ownerUrl });
    const { code, stdout } = await run('--course', school.courseId);
    expect(code).toBe(0);
    expect(stdout).toContain('2 of 3 learners have reviews enough');
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('--all') as string });
    expect(await run('--course', newId())).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no course') as string,
    });
    expect((await run('--course', 'x')).code).toBe(2);
    expect((await run('--course', school.courseId, '--all')).code).not.toBe(0);
  });
});
