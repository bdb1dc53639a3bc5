import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttuneClient, operations, type SensingAnswer } from '#libs/client';
import { Database, EstimateRetention } from '#libs/persistence';
import { connect, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { attune, attuneJson } from '../support/attune-command.js';
import { query } from '../support/postgres-client.js';
import { storedIn } from '../support/stored.js';
import { foundSchool, type Person, type School } from '../support/school.js';

type Place = { courseId?: string; activityId?: string; learnerId?: string; graded?: boolean };

/** How closely it may be looked at how learners are doing: who sets it, what the law leaves of it, and what follows at once. */
describe('sensing', () => {
  let api: TestApi;
  let school: School;
  let other: School;
  let exercise: string;
  const clients: AttuneClient[] = [];

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'sensing-school');
    other = await foundSchool(api.app, 'other-sensing-school');
    const sql = `SELECT id FROM activities WHERE external_id = 'counting-1' AND institution_id = $1`;
    exercise = (await query<{ id: string }>(api.database.ownerUrl, sql, [school.institutionId]))[0]!.id;
  }, 60_000);
  afterAll(async () => {
    for (const client of clients) client.close();
    await api?.close();
  });

  const as = async (person: Person, institution = school.slug): Promise<AttuneClient> => {
    const client = new AttuneClient({ url: api.url });
    clients.push(client);
    await client.signIn({ institution, email: person.email, password: person.password });
    return client;
  };
  const sensing = async (client: AttuneClient, place: Place): Promise<SensingAnswer | null> => {
    const { courseId = null, activityId = null, learnerId = null, graded = false } = place;
    return (await client.graphql(operations.sensing, { courseId, activityId, learnerId, graded })).sensing;
  };
  const set = (client: AttuneClient, scope: string, subjectId: string, mode: string | null) =>
    client.graphql(operations.setSensingCeiling, { input: { scope, subjectId, mode } }).then(
      ({ setSensingCeiling }) => setSensingCeiling,
      (refused: unknown) => refused,
    );
  const consent = (client: AttuneClient, learnerId: string, purpose: string, givenAs: string, decision = 'granted') =>
    client.graphql(operations.recordConsent, {
      input: { id: newId(), learnerId, purpose, decision, givenAs, noticeVersion: '2026-11', expiresAt: null },
    });
  const say = (slug: string, ...flags: string[]) =>
    attuneJson<{ jurisdiction: string }>(api.database.ownerUrl, 'institution', 'set', slug, ...flags);

  it('looks at behaviour alone, and tells a learner why', async () => {
    const learner = await school.join('student', 'learner');
    const found = await sensing(await as(learner), { courseId: school.courseId, learnerId: learner.id });
    expect(found?.mode).toBe('behaviour');
    expect(found?.limits.map(({ by }) => by)).toContain('review');
  });

  it('cannot be brought to look at the body where the law forbids it, by anybody', async () => {
    await say(school.slug, '--jurisdiction', 'DE', '--kind', 'university', '--biometric-review', 'file 7');
    const admin = await as(school.admin);
    for (const [scope, id] of [
      ['institution', school.institutionId],
      ['course', school.courseId],
      ['activity', exercise],
    ] as const) {
      const refused = await set(admin, scope, id, 'attention');
      expect(refused).toMatchObject({ code: 'FORBIDDEN_BY_LAW', message: expect.stringContaining('eu-ai-act-5-1-f') });
    }
    const learner = await school.join('student', 'learner');
    const own = await as(learner);
    expect(await set(own, 'learner', learner.id, 'affect')).toMatchObject({ code: 'FORBIDDEN_BY_LAW' });
    // what was set and consented to elsewhere counts for nothing once the law is another
    await query(api.database.ownerUrl, `UPDATE institutions SET sensing_ceiling = 'affect' WHERE id = $1`, [
      school.institutionId,
    ]);
    for (const purpose of ['attention', 'affect']) await consent(own, learner.id, purpose, 'student');
    const found = await sensing(own, { courseId: school.courseId, learnerId: learner.id });
    expect(found?.mode).toBe('behaviour');
    expect(found?.limits[0]?.rule).toMatchObject({ id: 'eu-ai-act-5-1-f', url: expect.stringContaining('eur-lex') });
    await set(admin, 'institution', school.institutionId, null);
  });

  it('looks more closely only where law, review, institution, guardian and learner allow it, and stops at once', async () => {
    await say(school.slug, '--jurisdiction', 'US-CA', '--kind', 'school', '--biometric-review', 'none');
    const admin = await as(school.admin);
    expect(await set(admin, 'institution', school.institutionId, 'attention')).toMatchObject({
      code: 'FORBIDDEN_BY_LAW',
    });
    await say(school.slug, '--biometric-review', 'DPIA 2026-03');
    expect(await set(admin, 'institution', school.institutionId, 'attention')).toMatchObject({ mode: 'attention' });
    const learner = await school.join('student', 'learner');
    const own = await as(learner);
    const mode = async (more: Place = {}) =>
      (await sensing(own, { courseId: school.courseId, learnerId: learner.id, ...more }))?.mode;
    expect(await mode()).toBe('behaviour');
    await consent(own, learner.id, 'attention', 'student');
    expect(await mode()).toBe('behaviour');
    await consent(admin, learner.id, 'attention', 'guardian');
    expect(await mode()).toBe('attention');
    expect(await mode({ graded: true })).toBe('off');
    await set(await as(school.teacher), 'activity', exercise, 'behaviour');
    expect(await mode({ activityId: exercise })).toBe('behaviour');
    expect(await mode()).toBe('attention');
    await consent(admin, learner.id, 'attention', 'guardian', 'withdrawn');
    expect(await mode()).toBe('behaviour');
    await say(school.slug, '--jurisdiction', 'unknown', '--biometric-review', 'none');
  });

  it('is nobody else’s to see or to set', async () => {
    const [learner, mate] = [await school.join('student', 'learner'), await school.join('student', 'learner')];
    const [teacher, stranger, own] = [await as(school.teacher), await as(other.admin, other.slug), await as(mate)];
    expect(await sensing(teacher, { courseId: school.courseId, learnerId: learner.id })).toBeNull();
    expect(await sensing(own, { courseId: school.courseId, learnerId: learner.id })).toBeNull();
    expect(await sensing(teacher, { courseId: school.courseId })).toMatchObject({ mode: 'behaviour' });
    for (const asked of [{ courseId: school.courseId }, { activityId: exercise }, { learnerId: learner.id }])
      expect(await sensing(stranger, asked)).toBeNull();
    for (const [scope, id] of [
      ['institution', school.institutionId],
      ['course', school.courseId],
      ['activity', exercise],
      ['learner', learner.id],
    ] as const) {
      expect(await set(stranger, scope, id, 'off')).toMatchObject({ code: 'NOT_FOUND' });
      expect(await set(own, scope, id, 'off')).toMatchObject({ code: 'FORBIDDEN' });
    }
    expect(await set(teacher, 'learner', learner.id, 'off')).toMatchObject({ code: 'FORBIDDEN' });
    expect(await set(teacher, 'institution', school.institutionId, 'off')).toMatchObject({ code: 'FORBIDDEN' });
  });

  describe('in a lesson', () => {
    let learner: Person;
    let socket: Socket;
    let sessionId: string;
    const begin = async (graded = false): Promise<void> => {
      learner = await school.join('student', 'learner');
      socket = await connect(api.url, '/learn', learner.token);
      sessionId = newId();
      await mustAsk(socket, '/learn', 'session.open', {
        id: sessionId,
        courseId: school.courseId,
        at: Date.now(),
        graded,
      });
    };
    const answer = (option = 'no') =>
      mustAsk(socket, '/learn', 'response.record', {
        id: newId(),
        sessionId,
        activityId: exercise,
        activityVersion: 1,
        answer: { kind: 'choice', option },
        durationMs: 90_000,
        at: Date.now(),
      });
    const askForHelp = async () => {
      const call = { id: newId(), sessionId, kind: 'asked-for-help' as const, activityId: exercise, at: Date.now() };
      return (await mustAsk(socket, '/learn', 'interaction.record', call)).offer;
    };
    const known = async (): Promise<{ answers: unknown[]; absent: object | null }> => {
      const sql = 'SELECT behaviour FROM learner_states WHERE learner_id = $1';
      return JSON.parse((await query<{ behaviour: string }>(api.database.ownerUrl, sql, [learner.id]))[0]!.behaviour);
    };

    it('keeps what is known of her behaviour, and forgets it with the next event once she withdraws', async () => {
      await begin();
      await answer();
      await answer();
      expect((await known()).answers).toHaveLength(2);
      await consent(await as(learner), learner.id, 'behaviour', 'student', 'withdrawn');
      const { recommended } = await answer();
      expect((await known()).answers).toHaveLength(0);
      expect(recommended).not.toBeNull();
      expect(await askForHelp()).not.toBeNull();
      socket.close();
    });

    it('takes and forgets that she left the page, unless the institution looks at that', async () => {
      await begin();
      const leave = async () => {
        const call = { id: newId(), sessionId, kind: 'left-page' as const, activityId: null, at: Date.now() };
        const answers = [];
        for (let turn = 0; turn < 2; turn++) answers.push(await mustAsk(socket, '/learn', 'interaction.record', call));
        expect(answers).toMatchObject([{ kind: 'noted' }, { kind: 'noted' }]);
        const sql = 'SELECT 1 FROM interactions WHERE id = $1';
        return { rows: (await query(api.database.ownerUrl, sql, [call.id])).length, absent: (await known()).absent };
      };
      expect(await leave()).toEqual({ rows: 0, absent: null });
      const own = await as(learner);
      await expect(own.graphql(operations.setPresenceWatch, { on: true })).rejects.toMatchObject({ code: 'FORBIDDEN' });
      const admin = await as(school.admin);
      await admin.graphql(operations.setPresenceWatch, { on: true });
      expect(await leave()).toMatchObject({ rows: 1, absent: { leftPage: true } });
      await admin.graphql(operations.setPresenceWatch, { on: false });
      socket.close();
    });

    it.each(['institution', 'course', 'activity', 'learner'] as const)(
      'is not watched where the ceiling of the %s is off, and is taught and helped like everybody',
      async (scope) => {
        await begin();
        const id = {
          institution: school.institutionId,
          course: school.courseId,
          activity: exercise,
          learner: learner.id,
        }[scope];
        const admin = await as(school.admin);
        await set(admin, scope, id, 'off');
        for (let turn = 0; turn < 4; turn++) expect((await answer()).offer).toBeNull();
        expect((await known()).answers).toHaveLength(0);
        expect(await askForHelp()).not.toBeNull();
        await set(admin, scope, id, null);
        await answer();
        expect((await known()).answers).toHaveLength(1);
        socket.close();
      },
    );
  });

  describe('of the body', () => {
    /** Eight looks, of the two seconds before a moment. */
    const looks = (at: number) =>
      Array.from({ length: 8 }, (_, place) => ({
        v: 1 as const,
        t: at - (7 - place) * 250,
        src: 'attune' as const,
        face: true,
        q: 0.9,
        bs: null,
        pose: [0.1, 0, 0] as [number, number, number],
        gaze: [0, 0, 1] as [number, number, number],
        eye: null,
        hands: null,
        body: null,
      }));
    const openLesson = async (place: School, learner: Person, graded = false) => {
      const socket = await connect(api.url, '/learn', learner.token);
      const sessionId = newId();
      const opened = { id: sessionId, courseId: place.courseId, at: Date.now() };
      if (graded) {
        await query(
          api.database.ownerUrl,
          `INSERT INTO learning_sessions (institution_id, id, course_id, learner_id, graded, device_at) VALUES ($1, $2, $3, $4, true, now())`,
          [place.institutionId, sessionId, place.courseId, learner.id],
        );
        await mustAsk(socket, '/learn', 'session.open', { ...opened, id: newId() });
      } else await mustAsk(socket, '/learn', 'session.open', opened);
      const send = (at = Date.now()) =>
        mustAsk(socket, '/learn', 'engagement.samples', { id: newId(), sessionId, samples: looks(at), at });
      return { socket, sessionId, send };
    };
    const allowAll = async (place: School, learner: Person): Promise<AttuneClient> => {
      const admin = await as(place.admin, place.slug);
      await set(admin, 'institution', place.institutionId, 'attention');
      await consent(await as(learner, place.slug), learner.id, 'attention', 'student');
      await consent(admin, learner.id, 'attention', 'guardian');
      return admin;
    };

    it('takes nothing where the law forbids it, and names the rule', async () => {
      const place = await foundSchool(api.app, 'school-in-france');
      await say(place.slug, '--jurisdiction', 'US-CA', '--kind', 'school', '--biometric-review', 'a review');
      const learner = await place.join('student', 'learner');
      await allowAll(place, learner);
      const { socket, send } = await openLesson(place, learner);
      expect(await send()).toMatchObject({ kind: 'samples-taken', mode: 'attention', kept: 8 });
      await say(place.slug, '--jurisdiction', 'FR');
      await expect(send()).rejects.toThrow(/eu-ai-act-5-1-f/);
      expect(socket.connected).toBe(true);
      socket.close();
    });

    it('takes samples while all allow it, cuts windows, and stops with the next message once one withdraws', async () => {
      const place = await foundSchool(api.app, 'school-with-cameras');
      await say(place.slug, '--jurisdiction', 'US-CA', '--kind', 'school', '--biometric-review', 'a review');
      const learner = await place.join('student', 'learner');
      const { socket, send } = await openLesson(place, learner);
      await expect(send()).rejects.toThrow(/no more than "behaviour"/);
      const admin = await allowAll(place, learner);
      const now = Date.now();
      const answers = [];
      for (let second = -20; second <= 0; second += 2) answers.push(await send(now + second * 1_000));
      const windows = answers.flatMap((answer) => answer.windows);
      expect(windows.length).toBeGreaterThan(0);
      const again = await send(now);
      expect(again).toMatchObject({ kept: 0, dropped: 8 });
      await consent(admin, learner.id, 'attention', 'guardian', 'withdrawn');
      await expect(send()).rejects.toThrow(/consent of guardian/);
      await consent(admin, learner.id, 'attention', 'guardian');
      // what was heard before was forgotten
      expect(await send(now)).toMatchObject({ kept: 8 });
      socket.close();
    });

    it('takes nothing of work that counts, of a closed session, or of a classmate', async () => {
      const place = await foundSchool(api.app, 'school-with-exams');
      await say(place.slug, '--jurisdiction', 'US-CA', '--kind', 'school', '--biometric-review', 'a review');
      const [learner, mate] = [await place.join('student', 'learner'), await place.join('student', 'learner')];
      await allowAll(place, learner);
      const exam = await openLesson(place, learner, true);
      await expect(exam.send()).rejects.toThrow(/counts towards a grade/);
      const { socket, sessionId, send } = await openLesson(place, learner);
      expect(await send()).toMatchObject({ kept: 8 });
      const classmate = await connect(api.url, '/learn', mate.token);
      const stolen = { id: newId(), sessionId, samples: looks(Date.now()), at: Date.now() };
      await expect(mustAsk(classmate, '/learn', 'engagement.samples', stolen)).rejects.toThrow(/no such session/);
      await mustAsk(socket, '/learn', 'session.close', { sessionId });
      await expect(send()).rejects.toThrow(/SESSION_CLOSED|closed/);
      for (const each of [socket, classmate, exam.socket]) each.close();
    });

    it('stores nothing of it, whatever was sent', async () => {
      const place = await foundSchool(api.app, 'school-without-traces');
      await say(place.slug, '--jurisdiction', 'US-CA', '--kind', 'school', '--biometric-review', 'a review');
      const learner = await place.join('student', 'learner');
      await allowAll(place, learner);
      const { socket, sessionId } = await openLesson(place, learner);
      const before = await storedIn(api.database.ownerUrl);
      const sentinel = 0.123_456_789;
      const samples = looks(Date.now()).map((look) => ({
        ...look,
        pose: [sentinel, 0, 0] as [number, number, number],
      }));
      await mustAsk(socket, '/learn', 'engagement.samples', { id: newId(), sessionId, samples, at: Date.now() });
      expect(await storedIn(api.database.ownerUrl)).toEqual(before);
      socket.close();
    });
  });

  describe('of a class', () => {
    const engagement = async (client: AttuneClient, courseId: string) => {
      const [from, to] = [Date.now() - 600_000, Date.now() + 600_000].map((at) => new Date(at).toISOString());
      return (await client.graphql(operations.classEngagement, { courseId, from: from!, to: to! })).classEngagement;
    };
    const learnAndAnswer = async (from: School): Promise<Person> => {
      const learner = await from.join('student', 'learner');
      const socket = await connect(api.url, '/learn', learner.token);
      const sessionId = newId();
      await mustAsk(socket, '/learn', 'session.open', { id: sessionId, courseId: from.courseId, at: Date.now() });
      const sql = `SELECT id FROM activities WHERE external_id = 'counting-1' AND institution_id = $1`;
      const [activity] = await query<{ id: string }>(api.database.ownerUrl, sql, [from.institutionId]);
      for (let turn = 0; turn < 2; turn++) {
        await mustAsk(socket, '/learn', 'response.record', {
          id: newId(),
          sessionId,
          activityId: activity!.id,
          activityVersion: 1,
          answer: { kind: 'choice', option: 'yes' },
          durationMs: 30_000,
          at: Date.now(),
        });
      }
      socket.close();
      return learner;
    };

    it('is told to its teachers as a group of five or more, and of nobody else', async () => {
      const place = await foundSchool(api.app, 'watched-class');
      const teacher = await as(place.teacher, place.slug);
      for (let count = 0; count < 4; count++) await learnAndAnswer(place);
      const few = await engagement(teacher, place.courseId);
      expect(few.length).toBeGreaterThan(0);
      for (const { learners, shares } of few) expect({ learners, shares }).toEqual({ learners: null, shares: [] });
      const last = await learnAndAnswer(place);
      for (let count = 0; count < 4; count++) await learnAndAnswer(place);
      const told = (await engagement(teacher, place.courseId)).filter(({ learners }) => learners !== null);
      expect(told.length).toBeGreaterThan(0);
      for (const { shares } of told) {
        expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeGreaterThan(0.8);
        expect(shares.map(({ label }) => label)).toContain('engaged');
      }
      for (const [person, slug] of [
        [last, place.slug],
        [school.teacher, school.slug],
      ] as const) {
        const client = await as(person, slug);
        await expect(engagement(client, place.courseId)).rejects.toMatchObject({
          code: expect.stringMatching(/FORBIDDEN|NOT_FOUND/),
        });
      }
    });

    it('has no trace of whoever is not watched', async () => {
      const place = await foundSchool(api.app, 'unwatched-class');
      await set(await as(place.admin, place.slug), 'institution', place.institutionId, 'off');
      for (let count = 0; count < 6; count++) await learnAndAnswer(place);
      expect(await engagement(await as(place.teacher, place.slug), place.courseId)).toEqual([]);
      const rows = await query(api.database.ownerUrl, 'SELECT 1 FROM engagement_estimates WHERE institution_id = $1', [
        place.institutionId,
      ]);
      expect(rows).toEqual([]);
    });

    it('is forgotten after thirty days, everywhere at once', async () => {
      const place = await foundSchool(api.app, 'long-ago-class');
      await learnAndAnswer(place);
      const count = async () =>
        (
          await query<{ count: number }>(
            api.database.ownerUrl,
            'SELECT count(*)::int AS count FROM engagement_estimates WHERE institution_id = $1',
            [place.institutionId],
          )
        )[0]!.count;
      const retention = new EstimateRetention(api.app.get(Database, { strict: false }));
      await retention.prune(new Date(Date.now() - 30 * 86_400_000));
      expect(await count()).toBeGreaterThan(0);
      await query(
        api.database.ownerUrl,
        `UPDATE engagement_estimates SET period = period - interval '31 days' WHERE institution_id = $1`,
        [place.institutionId],
      );
      await retention.prune(new Date(Date.now() - 30 * 86_400_000));
      expect(await count()).toBe(0);
    });
  });

  it('is under a law that the operator alone names', async () => {
    const { code, stderr } = await attune(['institution', 'set', 'nowhere'], { DATABASE_URL: api.database.ownerUrl });
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('nowhere') });
    const wrong = await attune(['institution', 'set', school.slug, '--jurisdiction', 'Bavaria'], {
      DATABASE_URL: api.database.ownerUrl,
    });
    expect(wrong.stderr).toContain('ISO 3166');
    const { stdout } = await attune(['institution', 'set', other.slug, '--jurisdiction', 'FR'], {
      DATABASE_URL: api.database.ownerUrl,
    });
    expect(stdout).toContain('Article 5(1)(f)');
    const audits = await query<{ details: object }>(
      api.database.ownerUrl,
      `SELECT details FROM audit_events WHERE action = 'institution.jurisdiction-set' AND object_id = $1`,
      [other.institutionId],
    );
    expect(audits).toMatchObject([{ details: { jurisdiction: 'FR' } }]);
  });
});
