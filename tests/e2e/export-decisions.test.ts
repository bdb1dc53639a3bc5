import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attune, type CommandResult } from '../support/attune-command.js';
import { newId, startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { learn } from '../support/lesson.js';
import { foundSchool, type Person, type School } from '../support/school.js';

interface Line {
  readonly id: string;
  readonly learner: string;
  readonly reward: number;
  readonly chosen: string;
  readonly candidates: readonly {
    readonly activityId: string;
    readonly probability: number;
    readonly utility: number;
  }[];
  readonly decidedAt: string;
}

/** Decisions as they were made become a log that another policy can be asked about. */
describe('the export of decisions', () => {
  let api: TestApi;
  let school: School;
  let folder: string;
  const learners: Person[] = [];

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'export-decisions');
    folder = await mkdtemp(join(tmpdir(), 'attune-export-'));
    for (let place = 0; place < 3; place++) {
      const learner = await school.join('student', 'learner');
      learners.push(learner);
      await learn(api, learner, school.courseId, 12, (turn) => (turn + place) % 3 > 0);
    }
  }, 120_000);
  afterAll(async () => {
    await api?.close();
    await rm(folder, { recursive: true, force: true });
  });

  function command(...args: string[]): Promise<CommandResult> {
    return attune(args, { DATABASE_URL: api.database.ownerUrl });
  }

  async function read(file: string): Promise<Line[]> {
    const text = await readFile(file, 'utf8');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  }

  it('writes what was decided, with rewards and without names, and counts what it leaves out', async () => {
    const out = join(folder, 'decisions.jsonl');
    const { code, stdout, stderr } = await command(
      'export',
      'decisions',
      '--course',
      school.courseId,
      '--out',
      out,
      '--json',
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const counts = JSON.parse(stdout) as { exported: number; unanswered: number; unmarked: number };
    const lines = await read(out);
    expect(counts).toMatchObject({ course: school.courseId, file: out, exported: lines.length, learners: 3 });
    const stored = await query<{
      id: string;
      learner: string;
      activity: string;
      sequence: number;
      probability: number;
    }>(
      api.database.ownerUrl,
      `SELECT id, pseudonym AS learner, activity_id AS activity, sequence, probability FROM decisions WHERE course_id = $1`,
      [school.courseId],
    );
    expect(counts.exported + counts.unanswered + counts.unmarked).toBe(stored.length);
    // The last recommendation of each learner stands unanswered.
    expect(counts.unanswered).toBe(3);
    expect(await readdir(folder)).toEqual(['decisions.jsonl']);

    const responses = await query<{ learner: string; sequence: number; correct: boolean | null }>(
      api.database.ownerUrl,
      'SELECT pseudonym AS learner, sequence, correct FROM responses WHERE course_id = $1 ORDER BY sequence',
      [school.courseId],
    );
    const byId = new Map(stored.map((decision) => [decision.id, decision]));
    for (const line of lines) {
      const decision = byId.get(line.id)!;
      const marked = responses.find(
        ({ learner, sequence, correct }) =>
          learner === decision.learner && sequence > decision.sequence && correct !== null,
      );
      expect(line).toMatchObject({
        learner: decision.learner,
        chosen: decision.activity,
        reward: marked!.correct ? 1 : 0,
      });
      const chosen = line.candidates.find(({ activityId }) => activityId === line.chosen)!;
      expect(chosen.probability).toBeCloseTo(decision.probability, 5);
    }
    const rewards = new Set(lines.map(({ reward }) => reward));
    expect(rewards).toEqual(new Set([0, 1]));
    const text = await readFile(out, 'utf8');
    for (const { id, email } of learners) {
      expect(text).not.toContain(id);
      expect(text).not.toContain(email);
    }
  });

  it('writes what can be evaluated, by the policy that chose and by others', async () => {
    const log = join(folder, 'decisions.jsonl');
    const evaluate = async (...args: string[]): Promise<{ logged: { value: number }; ips: { value: number } }> => {
      const { code, stdout, stderr } = await command('evaluate', 'policy', '--log', log, '--json', ...args);
      expect(stderr).toBe('');
      expect(code).toBe(0);
      return JSON.parse(stdout) as { logged: { value: number }; ips: { value: number } };
    };
    const lines = await read(log);
    const mean = lines.reduce((sum, { reward }) => sum + reward, 0) / lines.length;
    const itself = await evaluate('--policy', 'outer-fringe-success-band');
    expect(itself.logged.value).toBeCloseTo(mean, 9);
    // What the policy that chose would have earned is what was earned: its utilities are those it drew from.
    expect(itself.ips.value).toBeCloseTo(mean, 3);
    expect((await evaluate('--policy', 'uniform')).ips.value).toBeGreaterThan(0);
  });

  it('writes what was decided since a time', async () => {
    const times = (await read(join(folder, 'decisions.jsonl'))).map(({ decidedAt }) => decidedAt).sort();
    const since = times[Math.floor(times.length / 2)]!;
    const out = join(folder, 'later.jsonl');
    const { code } = await command('export', 'decisions', '--course', school.courseId, '--since', since, '--out', out);
    expect(code).toBe(0);
    expect((await read(out)).map(({ decidedAt }) => decidedAt).sort()).toEqual(times.filter((time) => time >= since));
  });

  it('refuses a course that there is not, a date that is none, and a file that cannot be written', async () => {
    const out = join(folder, 'none.jsonl');
    const unknown = await command('export', 'decisions', '--course', newId(), '--out', out);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('There is no course');
    expect((await command('export', 'decisions', '--course', 'x', '--out', out)).code).toBe(2);
    const place = ['export', 'decisions', '--course', school.courseId, '--out'];
    const { stderr } = await command(...place, out, '--since', 'yesterday');
    expect(stderr).toContain('Give a date');
    const nowhere = await command(...place, join(folder, 'missing', 'log.jsonl'));
    expect(nowhere).toMatchObject({ code: 2 });
    expect(nowhere.stderr).toContain('cannot be written (ENOENT)');
    expect(await readdir(folder)).not.toContain('none.jsonl');
  });
});
