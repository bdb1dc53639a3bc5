import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { emptyElo, update, type EloState } from '#libs/mastery';
import { dangerousSystemActor } from '#libs/identity';
import { CatalogueSource, LearnPopulation, PopulationStore } from '#libs/tutoring';
import { attune, attuneJson } from '../support/attune-command.js';
import { graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { learn } from '../support/lesson.js';
import { foundSchool, type Person, type School } from '../support/school.js';

interface Checked {
  readonly learners: number;
  readonly responses: number;
  readonly changed: number;
  readonly examples: string[];
}

/** How learners are followed: by snapshots that are learnt from responses, and by states that responses can rebuild. */
describe('the student model of a course', () => {
  let api: TestApi;
  let school: School;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'student-model');
  }, 60_000);
  afterAll(() => api?.close());

  const command = <Found = Checked>(...args: string[]) => attuneJson<Found[]>(api.database.ownerUrl, ...args);

  async function snapshotsOf(learner: Person): Promise<number[]> {
    const rows = await query<{ model_snapshot: number }>(
      api.database.ownerUrl,
      `SELECT r.model_snapshot FROM responses r JOIN users u ON u.pseudonym = r.pseudonym WHERE u.id = $1 ORDER BY r.sequence`,
      [learner.id],
    );
    return rows.map((row) => row.model_snapshot);
  }

  it('learns from what was answered, and follows learners by what it learnt', async () => {
    const learners = await Promise.all([1, 2, 3].map(() => school.join('student', 'learner')));
    for (const [place, learner] of learners.entries())
      await learn(api, learner, school.courseId, 20, (turn) => (turn + place) % 3 > 0);
    expect(new Set(await snapshotsOf(learners[0]!))).toEqual(new Set([1]));

    // What was just answered may still be in an open transaction, so it is learnt a minute later.
    const populations = api.app.get(PopulationStore, { strict: false });
    const catalogues = api.app.get(CatalogueSource, { strict: false });
    const later = { now: () => Date.now() + 120_000 };
    const learner = new LearnPopulation(populations, catalogues, later, () => Promise.resolve());
    const system = dangerousSystemActor(school.institutionId);
    expect(await learner.execute(system, school.courseId)).toBe(2);
    expect(await learner.execute(system, school.courseId)).toBeNull();

    const [snapshot] = await query<{ responses: number; learnt_by: string }>(
      api.database.ownerUrl,
      'SELECT responses, learnt_by FROM mastery_snapshots WHERE course_id = $1',
      [school.courseId],
    );
    const [{ count }] = (await query<{ count: number }>(
      api.database.ownerUrl,
      'SELECT count(*)::int AS count FROM responses WHERE course_id = $1',
      [school.courseId],
    )) as [{ count: number }];
    expect(snapshot).toEqual({ responses: count, learnt_by: 'online' });

    await learn(api, learners[0]!, school.courseId, 3);
    expect((await snapshotsOf(learners[0]!)).slice(-3)).toEqual([2, 2, 2]);
  });

  it('rebuilds from the responses exactly the states that were streamed, across snapshots', async () => {
    const { code, found } = await command('rebuild', 'mastery', '--check');
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ learners: 3, changed: 0 });
    expect(found[0]!.responses).toBeGreaterThan(50);
    expect(code).toBe(0);
  });

  it('tells which state is other than its responses say, and mends it', async () => {
    const [{ pseudonym }] = (await query<{ pseudonym: string }>(
      api.database.ownerUrl,
      `UPDATE learner_states SET mastery = replace(mastery, '"version":2,"all":[', '"version":2,"all":[1') WHERE learner_id =
         (SELECT learner_id FROM learner_states WHERE course_id = $1 ORDER BY learner_id LIMIT 1) RETURNING pseudonym`,
      [school.courseId],
    )) as [{ pseudonym: string }];
    const checked = await command('rebuild', 'mastery', '--check');
    expect(checked).toMatchObject({ code: 1, found: [{ changed: 1, examples: [pseudonym] }] });
    expect(await command('rebuild', 'mastery', '--all')).toMatchObject({ code: 0, found: [{ changed: 1 }] });
    expect(await command('rebuild', 'mastery', '--check')).toMatchObject({ code: 0, found: [{ changed: 0 }] });
  });

  it('shows mastery with its interval, P(L) and history, and the map of the class to its teachers only', async () => {
    const learner = await school.join('student', 'learner');
    await learn(api, learner, school.courseId, 30);
    const own = async (document: string, variables: object = {}, token = learner.token) =>
      graphql(api.url, document, { token, variables: { courseId: school.courseId, ...variables } });
    const { data } = await own(
      'query ($courseId: UUID!) { mastery(courseId: $courseId) { skillId name probability low high known responses mastered } }',
    );
    const [counting] = data!['mastery'] as {
      skillId: string;
      probability: number;
      low: number;
      high: number;
      known: number;
      responses: number;
    }[];
    expect(counting!.low).toBeLessThan(counting!.probability);
    expect(counting!.high).toBeGreaterThan(counting!.probability);
    expect(counting!.known).toBeGreaterThan(0.5);

    const history =
      'query ($courseId: UUID!, $skillId: UUID!) { masteryHistory(courseId: $courseId, skillId: $skillId) { sequence at probability } }';
    const points = (await own(history, { skillId: counting!.skillId })).data!['masteryHistory'] as {
      sequence: number;
      probability: number;
    }[];
    expect(points).toHaveLength(counting!.responses);
    expect(points.at(-1)!.probability).toBeGreaterThan(points[0]!.probability);
    expect(points.map(({ sequence }) => sequence)).toEqual(
      points.map(({ sequence }) => sequence).sort((a, b) => a - b),
    );
    const unknown = await own(history, { skillId: newId() });
    expect(unknown.errors![0]!.extensions!.code).toBe('NOT_FOUND');

    const map =
      'query ($courseId: UUID!) { skillMap(courseId: $courseId) { learners skills { name begun mastered median lower upper } } }';
    const { skillMap } = (await own(map, {}, school.teacher.token)).data!;
    expect(skillMap.learners).toBeGreaterThanOrEqual(4);
    expect(skillMap.skills[0]).toMatchObject({ name: 'Counting' });
    expect(skillMap.skills[0].begun).toBeGreaterThan(0);
    expect(skillMap.skills[0].lower).toBeLessThanOrEqual(skillMap.skills[0].median);
    expect((await own(map)).errors![0]!.extensions!.code).toBe('FORBIDDEN');
  });

  it('says which mastered skills are due for review, by the calendar of the institution', async () => {
    const learner = await school.join('student', 'learner');
    await learn(api, learner, school.courseId, 20);
    const document = 'query ($courseId: UUID!) { dueReviews(courseId: $courseId) { name retrievability dueOn } }';
    const due = async (): Promise<{ name: string; retrievability: number; dueOn: string }[]> =>
      (await graphql(api.url, document, { token: learner.token, variables: { courseId: school.courseId } })).data![
        'dueReviews'
      ];
    expect(await due()).toEqual([]);
    // As if she had answered all of it sixty days ago.
    await query(
      api.database.ownerUrl,
      `UPDATE learner_states SET memory = regexp_replace(memory, '"reviewedOn":\\d+', '"reviewedOn":' || $2::text, 'g')
       WHERE learner_id = $1`,
      [learner.id, String(Math.floor(Date.now() / 86_400_000) - 60)],
    );
    // Which skills she has mastered by now depends on what chance gave her.
    const reviews = await due();
    expect(reviews.length).toBeGreaterThan(0);
    for (const { name, retrievability, dueOn } of reviews) {
      expect(['Counting', 'Adding', 'Multiplying', 'Shapes']).toContain(name);
      expect(retrievability).toBeLessThan(0.9);
      expect(Date.parse(dueOn)).toBeLessThan(Date.now());
    }
    // Her responses say otherwise.
    expect(await command('rebuild', 'mastery', '--all')).toMatchObject({ found: [{ changed: 1 }] });
    expect(await due()).toEqual([]);
  });

  it('goes on by Elo with those who were followed by it, until they are rebuilt', async () => {
    const veteran = await school.join('student', 'learner');
    await learn(api, veteran, school.courseId, 6, (turn) => turn % 2 === 0);
    const answered = await query<{ correct: boolean | null; skill_ids: string[]; difficulty: number }>(
      api.database.ownerUrl,
      `SELECT r.correct, v.skill_ids::text[], v.difficulty FROM responses r
       JOIN users u ON u.pseudonym = r.pseudonym
       JOIN activity_versions v ON v.activity_id = r.activity_id AND v.version = r.activity_version
       WHERE u.id = $1 ORDER BY r.sequence`,
      [veteran.id],
    );
    const elo = answered.reduce<EloState>(
      (state, { correct, skill_ids: skillIds, difficulty }) =>
        correct === null ? state : update(state, { item: { skillIds, difficulty }, correct }).state,
      emptyElo(),
    );
    const state = 'SELECT mastery FROM learner_states WHERE learner_id = $1';
    const versionNow = async (): Promise<number> => {
      const [row] = await query<{ mastery: string }>(api.database.ownerUrl, state, [veteran.id]);
      return (JSON.parse(row!.mastery) as { version: number }).version;
    };
    await query(api.database.ownerUrl, 'UPDATE learner_states SET mastery = $2 WHERE learner_id = $1', [
      veteran.id,
      JSON.stringify(elo),
    ]);
    expect(await command('rebuild', 'mastery', '--check')).toMatchObject({ found: [{ changed: 0 }] });
    await learn(api, veteran, school.courseId, 2);
    expect(await versionNow()).toBe(1);
    expect(await command('rebuild', 'mastery')).toMatchObject({ code: 0, found: [{ changed: 1 }] });
    expect(await versionNow()).toBe(2);
    expect(await command('rebuild', 'mastery')).toMatchObject({ code: 0, found: [{ changed: 0 }] });
    await learn(api, veteran, school.courseId, 2);
    expect(await versionNow()).toBe(2);
  });

  it('fits to a class only where there is enough of it, and says so', async () => {
    const { code, found } = await command('fit', 'mastery');
    expect(code).toBe(0);
    expect(found).toMatchObject([{ kind: 'too-few-learners', learners: 6 }]);
    const others = await Promise.all(Array.from({ length: 8 }, () => school.join('student', 'learner')));
    for (const [place, other] of others.entries())
      await learn(api, other, school.courseId, 8, (turn) => (turn * place) % 4 > 0);
    const args = ['fit', 'mastery', '--course', school.courseId];
    const { found: fitted } = await command<{ kind: string; number: number | null; learners: number }>(...args);
    expect(fitted).toMatchObject([{ learners: 14 }]);
    const { kind, number } = fitted[0]!;
    expect(['published', 'no-better']).toContain(kind);
    expect(number).toBe(kind === 'published' ? 3 : null);
    expect(await command('rebuild', 'mastery', '--check')).toMatchObject({ code: 0, found: [{ changed: 0 }] });
  });

  it('refuses a course that there is not', async () => {
    const { code, stderr } = await attune(['rebuild', 'mastery', '--course', newId()], {
      DATABASE_URL: api.database.ownerUrl,
    });
    expect(code).toBe(2);
    expect(stderr).toContain('There is no course');
    expect((await attune(['fit', 'mastery', '--course', 'x'], { DATABASE_URL: api.database.ownerUrl })).code).toBe(2);
  });
});
