import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answer } from '#libs/contracts';
import { dangerousSystemActor } from '#libs/identity';
import { parseHelpBandit } from '#libs/recommendation';
import { HelpLedger, SettleHelp, type OfferDraw } from '#libs/tutoring';
import { connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { heard } from '../support/heard.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';

type Offer = NonNullable<Answer<'/learn', 'response.record'>['offer']>;

interface Stored {
  readonly draw: OfferDraw;
  readonly outcome: string | null;
  readonly reward: number | null;
}

/** What is offered beside the lesson, what came of it, and what the next offers learn from that. */
describe('an offer', () => {
  let api: TestApi;
  let school: School;
  let learner: Person;
  let socket: Socket;
  let sessionId: string;
  let exercises: string[];

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'offering-school');
    const sql = `SELECT id FROM activities WHERE external_id LIKE 'counting-_' AND institution_id = $1 ORDER BY external_id`;
    exercises = (await query<{ id: string }>(api.database.ownerUrl, sql, [school.institutionId])).map(({ id }) => id);
  }, 60_000);
  afterAll(async () => {
    socket?.close();
    await api?.close();
  });
  /** From now on another learner of the course acts. */
  const joinClass = async (): Promise<void> => {
    socket?.close();
    learner = await school.join('student', 'learner');
    socket = await connect(api.url, '/learn', learner.token);
    sessionId = newId();
    await mustAsk(socket, '/learn', 'session.open', { id: sessionId, courseId: school.courseId, at: Date.now() });
  };
  beforeEach(joinClass);

  const askForHelp = async (): Promise<Offer> => {
    const call = { id: newId(), sessionId, kind: 'asked-for-help' as const, activityId: exercises[0]!, at: Date.now() };
    return (await mustAsk(socket, '/learn', 'interaction.record', call)).offer!;
  };
  const react = ({ interventionId }: Offer, reaction: 'accepted' | 'dismissed') =>
    mustAsk(socket, '/learn', 'offer.react', { interventionId, reaction, at: Date.now() });
  const answer = (place: number, option: string, at = Date.now()) =>
    mustAsk(socket, '/learn', 'response.record', {
      id: newId(),
      sessionId,
      activityId: exercises[place]!,
      activityVersion: 1,
      answer: { kind: 'choice', option },
      durationMs: 40_000,
      at,
    });
  const stored = async ({ interventionId }: Offer): Promise<Stored> => {
    const sql = 'SELECT draw, outcome, reward FROM interventions WHERE id = $1';
    return (await query<Stored>(api.database.ownerUrl, sql, [interventionId]))[0]!;
  };
  const settle = (now = Date.now()) => {
    const ledger = api.app.get(HelpLedger, { strict: false });
    return new SettleHelp(ledger, { now: () => now }).execute(
      dangerousSystemActor(school.institutionId),
      school.courseId,
    );
  };

  it('is rewarded by what came of it, once, and the next ones are drawn by that', async () => {
    const helpful = await askForHelp();
    await react(helpful, 'accepted');
    expect(await settle()).toBe(0);
    await answer(1, 'yes');
    expect(await settle()).toBe(1);
    expect(await settle()).toBe(0);
    const { draw, outcome, reward } = await stored(helpful);
    expect({ outcome, reward }).toEqual({ outcome: 'right-after-help', reward: 1 });
    expect(draw.helpOptions!.length).toBeGreaterThan(1);
    const sum = draw.candidates.reduce((total, { probability }) => total + probability, 0);
    expect(sum).toBeCloseTo(1, 9);

    const [row] = await query<{ number: number; state: unknown; help_number: number }>(
      api.database.ownerUrl,
      `SELECT b.number, b.state, c.help_number FROM help_bandits b JOIN courses c ON c.id = b.course_id WHERE c.id = $1`,
      [school.courseId],
    );
    const key = `${draw.help.kind}:${draw.help.modality}`;
    expect(parseHelpBandit(row!.state).course[key]).toEqual([1, 1]);
    expect(row!.help_number).toBe(row!.number);

    // Somebody else of the course, on the same exercise: what helped is expected to do more than before.
    await joinClass();
    const next = (await stored(await askForHelp())).draw;
    const same = ({ kind, modality }: OfferDraw['help']) => `${kind}:${modality}` === key;
    // Before anything was tried .5 is expected, and .1 more for each unit of what the utility prefers.
    const alike = next.candidates.filter(({ activityId }) => activityId === helpful.activity!.activityId);
    const preferred = alike[0]!.terms.filter(({ name }) => name === 'other-modality' || name === 'kind');
    const prior = preferred.reduce((expected, { value }) => expected + 0.1 * value, 0.5);
    expect(next.helpOptions!.find(same)!.expected).toBeGreaterThan(prior + 0.01);
  });

  it('that was contested tells nothing of the help, and takes no other reaction', async () => {
    const contested = await askForHelp();
    const said = { interventionId: contested.interventionId, at: Date.now() };
    expect(await mustAsk(socket, '/learn', 'offer.react', { ...said, reaction: 'contested' })).toMatchObject({
      reaction: 'contested',
      activity: null,
    });
    await settle();
    expect(await stored(contested)).toMatchObject({ outcome: 'void', reward: null });
    await expect(mustAsk(socket, '/learn', 'offer.react', { ...said, reaction: 'accepted' })).rejects.toThrow(
      /OFFER_ANSWERED|already contested/,
    );
  });

  it('that was dismissed, or passed over, is worth nothing; one that nothing tells of is void', async () => {
    const dismissed = await askForHelp();
    await react(dismissed, 'dismissed');
    await settle();
    expect(await stored(dismissed)).toMatchObject({ outcome: 'dismissed', reward: 0 });

    const ignored = await askForHelp();
    for (let turn = 0; turn < 10; turn++) await answer(turn % 5, 'yes');
    await settle();
    expect(await stored(ignored)).toMatchObject({ outcome: 'ignored', reward: 0 });

    await joinClass();
    const last = await askForHelp();
    await react(last, 'accepted');
    await settle(Date.now() + 31 * 86_400_000);
    expect(await stored(last)).toMatchObject({ outcome: 'void', reward: null });
  });

  it('that is dismissed again and again makes offers unasked rarer, and the state of the learner says so', async () => {
    const offer = await askForHelp();
    await react(offer, 'dismissed');
    const sql = 'SELECT exposure FROM learner_states WHERE learner_id = $1';
    const [row] = await query<{ exposure: string }>(api.database.ownerUrl, sql, [learner.id]);
    expect((JSON.parse(row!.exposure) as { interventions: object[] }).interventions).toEqual([
      expect.objectContaining({ id: offer.interventionId, reaction: 'dismissed' }),
    ]);
  });

  it('to somebody who keeps going away is something short or a break, and a break can be taken', async () => {
    const turnOn = 'mutation { setPresenceWatch(on: true) { ... on PresenceWatch { on } } }';
    const turned = await graphql(api.url, turnOn, { token: school.admin.token });
    expect(turned.data).toEqual({ setPresenceWatch: { on: true } });
    const events = heard(socket);
    const start = Date.now() - 600_000;
    const note = (kind: 'left-page' | 'came-back' | 'activity-shown', seconds: number) =>
      mustAsk(socket, '/learn', 'interaction.record', {
        id: newId(),
        sessionId,
        kind,
        activityId: kind === 'activity-shown' ? exercises[1]! : null,
        at: start + seconds * 1_000,
      });
    await answer(0, 'yes', start);
    await note('activity-shown', 10);
    let offer: Offer | null = null;
    for (let time = 0; time < 4 && offer === null; time++) {
      await note('left-page', 20 + time * 60);
      offer = (await note('came-back', 75 + time * 60)).offer;
    }
    expect(offer).toMatchObject({ trigger: 'distracted', activity: null, breakMinutes: 5 });
    expect(offer!.because).toMatch(/break/);
    expect(await events.next('intervention.offered')).toMatchObject({
      interventionId: offer!.interventionId,
      activityId: null,
      breakMinutes: 5,
    });
    expect(await react(offer!, 'accepted')).toMatchObject({ reaction: 'accepted', activity: null });

    // Why, is hers to know; her teacher sees that she was distracted once she shares it.
    const seenBy = async ({ token }: Pick<Person, 'token'>) => {
      const document = `query ($id: UUID!) { offer(id: $id) {
        trigger activityId breakMinutes state because terms { name value } } }`;
      const { data } = await graphql(api.url, document, { token, variables: { id: offer!.interventionId } });
      return data!['offer'];
    };
    const hers = await seenBy(learner);
    expect(hers).toMatchObject({ trigger: 'distracted', breakMinutes: 5, state: 'accepted' });
    expect(hers.because).toContain(offer!.because);
    const unshared = await seenBy(school.teacher);
    expect(unshared).toMatchObject({ trigger: null, breakMinutes: null, terms: [] });
    expect(JSON.stringify(unshared)).not.toMatch(/distract|break\b/);
    const mate = await school.join('student', 'learner');
    const elsewhere = await foundSchool(api.app, 'not-offering-school');
    for (const nosy of [mate, elsewhere.teacher]) expect(await seenBy(nosy)).toBeNull();
    const consent = `mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { __typename } }`;
    const shares = {
      id: newId(),
      learnerId: learner.id,
      purpose: 'engagement-sharing',
      decision: 'granted',
      givenAs: 'student',
      noticeVersion: '1',
    };
    await graphql(api.url, consent, { token: learner.token, variables: { input: shares } });
    expect(await seenBy(school.teacher)).toMatchObject({ trigger: 'distracted', breakMinutes: 5 });
  });
});
