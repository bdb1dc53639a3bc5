import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RequestInput } from '#libs/contracts';
import { assignPolicy, fringeAndBand, parsePolicyPlan } from '#libs/recommendation';
import { connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';

const control = { name: fringeAndBand.name, version: fringeAndBand.version };
const bold = { name: 'bold', version: 1 };
const refusal = '... on Refusal { code message } ... on InvalidInput { issues { path message } }';
const policyFields = 'name version base { name version } numbers createdAt';
const policiesFields = `policies { ${policyFields} } plan { arms { policy { name version } share } salt notice startsAt endsAt }`;
const create = `mutation ($input: CreatePolicyInput!) { createPolicy(input: $input) {
  __typename ... on Policy { ${policyFields} } ${refusal} } }`;
const setPlan = `mutation ($input: SetPolicyPlanInput!) { setPolicyPlan(input: $input) {
  __typename ... on CoursePolicies { ${policiesFields} } ${refusal} } }`;
const list = `query ($courseId: UUID!) { policies(courseId: $courseId) { ${policiesFields} } }`;
const notice = 'query ($courseId: UUID!) { experimentNotice(courseId: $courseId) { text takesPart } }';
const participate = `mutation ($courseId: UUID!, $takesPart: Boolean!) {
  setExperimentParticipation(courseId: $courseId, takesPart: $takesPart) {
    __typename ... on ExperimentParticipation { courseId takesPart } ${refusal} } }`;

interface Cited {
  readonly policy_name: string;
  readonly policy_version: number;
  readonly probability: number;
}

/** Policies of a course's own, which of them choose for whom, and where none may be tried out. */
describe('policies of a course', () => {
  let api: TestApi;
  let school: School;
  let other: School;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'trying-school');
    other = await foundSchool(api.app, 'other-school');
    await createPolicy(school.teacher);
  }, 60_000);
  afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));
  afterAll(() => api?.close());

  const run = async (person: Person, operation: string, variables: Record<string, unknown>) => {
    const answer = await graphql(api.url, operation, { token: person.token, variables });
    expect(answer.errors, JSON.stringify(answer.errors)).toBeUndefined();
    return Object.values(answer.data!)[0];
  };
  const createPolicy = (person: Person, more: object = {}) =>
    run(person, create, {
      input: { courseId: school.courseId, ...bold, base: control, changes: { epsilon: 0.4 }, ...more },
    });
  const aPlan = (more: object = {}) => ({
    arms: [
      { policy: control, share: 0.5 },
      { policy: bold, share: 0.5 },
    ],
    salt: 'autumn',
    notice: true,
    startsAt: new Date(Date.now() - 60_000).toISOString(),
    endsAt: null,
    ...more,
  });
  const allBold = (more: object = {}) =>
    aPlan({
      arms: [
        { policy: control, share: 0 },
        { policy: bold, share: 1 },
      ],
      ...more,
    });
  const planFor = (plan: object | null, person = school.teacher) =>
    run(person, setPlan, { input: { courseId: school.courseId, plan } });

  const device = async (learner: Person): Promise<Socket> => {
    const socket = await connect(api.url, '/learn', learner.token);
    sockets.push(socket);
    return socket;
  };
  const open = async (socket: Socket, more: Partial<RequestInput<'/learn', 'session.open'>> = {}) => {
    const call = { id: newId(), courseId: school.courseId, at: Date.now(), ...more };
    return mustAsk(socket, '/learn', 'session.open', call);
  };
  /** What somebody learns: a session, and an answer to whatever comes first. */
  const learn = async (learner: Person, more: { graded?: boolean } = {}) => {
    const socket = await device(learner);
    const { sessionId, recommended } = await open(socket, more);
    const { activityId, version, form } = recommended!.activity;
    await mustAsk(socket, '/learn', 'response.record', {
      id: newId(),
      sessionId,
      activityId,
      activityVersion: version,
      answer: form.kind === 'choice' ? { kind: 'choice', option: form.options[0]!.id } : { kind: 'done' },
      durationMs: 20_000,
      at: Date.now(),
    });
    return { socket, sessionId };
  };
  const citedIn = (sessionId: string) =>
    query<Cited>(
      api.database.ownerUrl,
      'SELECT policy_name, policy_version, probability FROM decisions WHERE session_id = $1 ORDER BY decided_at, id',
      [sessionId],
    );
  const pseudonymOf = async ({ id }: Person) =>
    (await query<{ pseudonym: string }>(api.database.ownerUrl, 'SELECT pseudonym FROM users WHERE id = $1', [id]))[0]!
      .pseudonym;
  const greedyControl = { policy_name: `${control.name}:greedy`, policy_version: control.version, probability: 1 };

  it('are made once, checked, and told with all their numbers', async () => {
    const made = await createPolicy(school.teacher);
    expect(made).toMatchObject({
      __typename: 'Policy',
      ...bold,
      base: control,
      numbers: { epsilon: 0.4, shortlist: 12 },
    });
    expect(await createPolicy(school.teacher, { changes: { epsilon: 0.5 } })).toMatchObject({ code: 'TAKEN' });
    const wrong: [object, RegExp][] = [
      [{ changes: { epsilon: 2 } }, /epsilon is above 1/],
      [{ changes: { luck: 1 } }, /there is no luck/],
      [{ changes: [] }, /changes/],
      [{ base: { name: 'nothing', version: 1 } }, /no policy nothing 1/],
      [{ name: control.name }, /every course/],
      [{ name: 'bold:greedy' }, /name/],
      [{ version: 0 }, /version/],
    ];
    for (const [more, what] of wrong) {
      const refused = await createPolicy(school.admin, { name: 'bolder', ...more });
      expect(refused, JSON.stringify(more)).toMatchObject({ code: 'INVALID_INPUT' });
      expect(refused.message).toMatch(what);
    }
    const { policies, plan } = await run(school.teacher, list, { courseId: school.courseId });
    expect(policies.map(({ name, version }: Cited & { name: string; version: number }) => [name, version])).toEqual([
      [control.name, 2],
      [control.name, 1],
      ['bold', 1],
    ]);
    expect(plan).toBeNull();
  });

  it('are planned with notice, for whole classes, by policies that there are', async () => {
    const wrong: [object, RegExp][] = [
      [{ notice: false }, /notice/],
      [{ arms: [{ policy: control, share: 0.5 }] }, /sum to 1/],
      [{ arms: [{ policy: { name: 'lost', version: 1 }, share: 1 }] }, /no policy lost 1/],
      [{ arms: [control, control].map((policy) => ({ policy, share: 0.5 })) }, /arm already/],
      [{ endsAt: '2020-01-01T00:00:00Z' }, /ends before/],
    ];
    for (const [more, what] of wrong) {
      const refused = await planFor(aPlan(more));
      expect(refused, JSON.stringify(more)).toMatchObject({ code: 'INVALID_INPUT' });
      expect(refused.message).toMatch(what);
    }
    const plan = aPlan();
    for (let time = 0; time < 2; time++) expect((await planFor(plan)).plan).toEqual(plan);
    expect((await planFor(null)).plan).toBeNull();
    const audited = await query<{ action: string }>(
      api.database.ownerUrl,
      `SELECT action FROM audit_events WHERE institution_id = $1 AND action LIKE 'policy%' ORDER BY at, id`,
      [school.institutionId],
    );
    expect(audited.map(({ action }) => action)).toEqual(['policy.created', 'policy-plan.set', 'policy-plan.ended']);
  });

  it('choose from the next choice on, and decisions and their explanations cite them', async () => {
    const learner = await school.join('student', 'learner');
    await planFor(allBold());
    const { sessionId } = await learn(learner);
    const cited = await citedIn(sessionId);
    expect(cited.length).toBe(2);
    for (const each of cited) expect(each).toMatchObject({ policy_name: 'bold', policy_version: 1 });
    const [{ id } = { id: '' }] = await query<{ id: string }>(
      api.database.ownerUrl,
      'SELECT id FROM decisions WHERE session_id = $1 ORDER BY decided_at DESC LIMIT 1',
      [sessionId],
    );
    const why =
      'query ($id: UUID!) { decision(id: $id) { policyName policyVersion because counterfactual { basis } } }';
    expect(await run(school.teacher, why, { id })).toMatchObject({ policyName: 'bold', policyVersion: 1 });
    await planFor(null);
    const after = await learn(await school.join('student', 'learner'));
    expect((await citedIn(after.sessionId))[0]).toMatchObject({ policy_name: control.name });
  });

  it('split a class as the plan says, always the same for a learner', async () => {
    const { plan: told } = await planFor(aPlan({ salt: 'spring' }));
    const plan = parsePolicyPlan({ ...told, version: 1, startsAt: Date.parse(told.startsAt) });
    const arms = new Set<string>();
    for (let n = 0; n < 8; n++) {
      const learner = await school.join('student', 'learner');
      const around = { now: Date.now(), optedOut: false, gradedWork: false };
      const { policy } = assignPolicy(plan, await pseudonymOf(learner), around);
      arms.add(policy.name);
      const cited = [];
      for (let time = 0; time < 2; time++) cited.push(...(await citedIn((await learn(learner)).sessionId)));
      expect(cited.length).toBeGreaterThan(2);
      for (const each of cited)
        expect(each).toMatchObject({ policy_name: policy.name, policy_version: policy.version });
    }
    expect([...arms].toSorted()).toEqual(['bold', control.name]);
  });

  it('are not tried out on whoever opted out, until she takes part again', async () => {
    const learner = await school.join('student', 'learner');
    const variables = { courseId: school.courseId };
    expect(await run(learner, notice, variables)).toMatchObject({ takesPart: true });
    await planFor(allBold());
    expect(await run(learner, participate, { ...variables, takesPart: false })).toEqual({
      __typename: 'ExperimentParticipation',
      courseId: school.courseId,
      takesPart: false,
    });
    expect(await run(learner, notice, variables)).toMatchObject({ takesPart: false });
    const out = await citedIn((await learn(learner)).sessionId);
    expect(out.length).toBe(2);
    for (const each of out) expect(each).toEqual(greedyControl);
    await run(learner, participate, { ...variables, takesPart: true });
    const again = await citedIn((await learn(learner)).sessionId);
    expect(again.at(-1)).toMatchObject({ policy_name: 'bold' });
  });

  it('leave graded sessions alone: the control chooses there, and nothing is left to chance', async () => {
    await planFor(allBold());
    const learner = await school.join('student', 'learner');
    const socket = await device(learner);
    await open(socket);
    // What stands was drawn by chance, so it does not stand in a graded session.
    const { sessionId, socket: its } = await learn(learner, { graded: true });
    const asked = {
      id: newId(),
      sessionId,
      kind: 'asked-for-help' as const,
      activityId: (await open(its, { id: sessionId, graded: true })).recommended!.activity.activityId,
      at: Date.now(),
    };
    await mustAsk(its, '/learn', 'interaction.record', asked);
    const cited = await citedIn(sessionId);
    expect(cited.length).toBe(2);
    for (const each of cited) expect(each).toEqual(greedyControl);
    const offers = await query<{ draw: object }>(
      api.database.ownerUrl,
      'SELECT draw FROM interventions WHERE session_id = $1',
      [sessionId],
    );
    expect(offers.length).toBeGreaterThan(0);
    for (const { draw } of offers) {
      expect(draw).toMatchObject({ policyName: greedyControl.policy_name, probability: 1, helpOptions: null });
    }
    // The same id with another value is another session.
    await expect(open(its, { id: sessionId })).rejects.toThrow(/ID_REUSED/);
    const outline = 'query ($id: UUID!) { session(id: $id) { graded } }';
    expect(await run(learner, outline, { id: sessionId })).toEqual({ graded: true });
  });

  it('are told of while they are compared, in the language of the learner', async () => {
    const [english, german] = [await school.join('student', 'learner'), await school.join('student', 'learner')];
    await query(api.database.ownerUrl, `UPDATE users SET language = 'de-AT' WHERE id = $1`, [german.id]);
    const variables = { courseId: school.courseId };
    await planFor(aPlan());
    expect((await run(english, notice, variables)).text).toMatch(/compared.*grades.*opt out/);
    expect((await run(german, notice, variables)).text).toMatch(/verglichen.*Noten.*verzichten/);
    expect(await run(school.teacher, notice, variables)).toBeNull();
    const later = new Date(Date.now() + 3_600_000).toISOString();
    for (const plan of [null, aPlan({ startsAt: later }), aPlan({ arms: [{ policy: bold, share: 1 }] })]) {
      await planFor(plan);
      expect(await run(english, notice, variables)).toBeNull();
    }
  });

  it('are nothing for learners, for those who take no part, and for other institutions', async () => {
    await planFor(aPlan());
    const [learner, outsider] = [await school.join('student', 'learner'), await school.join('teacher', null)];
    for (const [person, code] of [
      [learner, 'FORBIDDEN'],
      [outsider, 'NOT_FOUND'],
      [other.teacher, 'NOT_FOUND'],
      [other.admin, 'NOT_FOUND'],
    ] as const) {
      const variables = { courseId: school.courseId };
      expect(await createPolicy(person, { version: 2 })).toMatchObject({ code });
      expect(await planFor(null, person)).toMatchObject({ code });
      const listed = await graphql(api.url, list, { token: person.token, variables });
      expect(listed.errors?.[0]).toMatchObject({ extensions: { code } });
      if (person === learner) continue;
      expect(await run(person, notice, variables)).toBeNull();
      expect(await run(person, participate, { ...variables, takesPart: false })).toMatchObject({ code });
    }
    expect(await run(school.teacher, participate, { courseId: school.courseId, takesPart: false })).toMatchObject({
      code: 'FORBIDDEN',
    });
    const foreign = await run(other.teacher, list, { courseId: other.courseId });
    expect(foreign.policies.map(({ name }: { name: string }) => name)).toEqual([control.name, control.name]);
    expect(foreign.plan).toBeNull();
  });
});
