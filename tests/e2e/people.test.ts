import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { query } from '../support/postgres-client.js';
import { until } from '../support/until.js';

const refusal = '... on Refusal { code message } ... on InvalidInput { issues { path message } }';
const signIn =
  'mutation ($input: SignInInput!) { signIn(input: $input) { __typename ... on Tokens { accessToken } ' +
  refusal +
  ' } }';
const createUser = `mutation ($input: CreateUserInput!) { createUser(input: $input) { __typename
  ... on UserAccount { id name email language roles disabledAt } ${refusal} } }`;
const disableUser = `mutation ($id: UUID!) { disableUser(userId: $id) { __typename ... on DisabledUser { id } ${refusal} } }`;
const enrol = `mutation ($input: EnrolInput!) { enrol(input: $input) { __typename
  ... on Enrolment { courseId user { id name } role leftAt } ${refusal} } }`;
const endEnrolment = `mutation ($input: EndEnrolmentInput!) { endEnrolment(input: $input) { __typename
  ... on Enrolment { role leftAt } ${refusal} } }`;
const needs = 'learnerId excludedModalities extraTime language keyboardOnly noDrawing screenReader';
const setNeeds = `mutation ($input: SetAccommodationsInput!) { setAccommodations(input: $input) { __typename
  ... on Accommodations { ${needs} } ${refusal} } }`;

describe('people through GraphQL', () => {
  let api: TestApi;
  let school: School;
  let other: School;
  let learner: Person;
  let service: Awaited<ReturnType<typeof createService>>;

  const ask = (person: Pick<Person, 'token'> | null, operation: string, variables: Record<string, unknown> = {}) =>
    graphql(api.url, operation, { ...(person !== null && { token: person.token }), variables });
  const run = async (person: Pick<Person, 'token'>, operation: string, variables: Record<string, unknown> = {}) => {
    const answer = await ask(person, operation, variables);
    expect(answer.errors, JSON.stringify(answer.errors)).toBeUndefined();
    return Object.values(answer.data!)[0];
  };
  const auditsOf = (action: string) =>
    query<{ actor: string; object_kind: string; object_id: string; details: object }>(
      api.database.ownerUrl,
      'SELECT actor, object_kind, object_id, details FROM audit_events WHERE institution_id = $1 AND action = $2',
      [school.institutionId, action],
    );
  const aUser = (more: object = {}) => ({
    id: newId(),
    name: 'Nia New',
    email: `${newId()}@people.test`,
    password: 'a long enough password',
    language: 'en',
    roles: ['student'],
    ...more,
  });
  const createService = async () => {
    const created = await run(
      school.admin,
      `mutation { createApiKey(input: { name: "LMS" }) { ... on CreatedApiKey { secret key { id userId name } } ${refusal} } }`,
    );
    const exchange =
      'mutation ($k: String!) { exchangeApiKey(apiKey: $k) { ... on Tokens { accessToken } ' + refusal + ' } }';
    const { data } = await ask(null, exchange, { k: created.secret });
    return { ...created, exchange, token: data!['exchangeApiKey'].accessToken as string };
  };

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'people-school');
    other = await foundSchool(api.app, 'other-school');
    learner = await school.join('student', 'learner');
    service = await createService();
  }, 60_000);
  afterAll(() => api?.close());

  describe('users', () => {
    it('are created once by administrators and services, and can sign in', async () => {
      const input = aUser();
      const created = await run(school.admin, createUser, { input });
      expect(created).toMatchObject({ __typename: 'UserAccount', id: input.id, roles: ['student'], disabledAt: null });
      expect(await run(school.admin, createUser, { input })).toEqual(created);
      expect(await run(service, createUser, { input: aUser({ roles: ['teacher'] }) })).toMatchObject({
        roles: ['teacher'],
      });
      const { email, password } = input;
      const tokens = await ask(null, signIn, { input: { institution: school.slug, email, password } });
      expect(tokens.data!['signIn']).toMatchObject({ __typename: 'Tokens', accessToken: expect.any(String) });
      const again = await ask(null, signIn, {
        input: { institution: school.slug, email, password: 'not the password' },
      });
      expect(again.data!['signIn']).toMatchObject({ __typename: 'NotAllowed', code: 'WRONG_CREDENTIALS' });
    });

    it('are refused where the id or the address is taken, or the input is wrong', async () => {
      const input = aUser();
      await run(school.admin, createUser, { input });
      const refused = (more: object) => run(school.admin, createUser, { input: { ...input, ...more } });
      expect(await refused({ name: 'Other' })).toMatchObject({ code: 'ID_REUSED' });
      expect(await refused({ roles: ['teacher'] })).toMatchObject({ code: 'ID_REUSED' });
      expect(await refused({ password: 'another long enough password' })).toMatchObject({ code: 'ID_REUSED' });
      expect(await refused({ password: null })).toMatchObject({ code: 'ID_REUSED' });
      expect(await refused({ id: newId() })).toMatchObject({ code: 'TAKEN' });
      expect(await refused({ email: 'nobody', password: 'short', roles: [], name: ' ' })).toMatchObject({
        code: 'INVALID_INPUT',
        issues: [{ path: 'name' }, { path: 'email' }, { path: 'password' }, { path: 'roles' }],
      });
      expect(await refused({ roles: ['service'] })).toMatchObject({ code: 'INVALID_INPUT' });
    });

    it('are nobody else’s to create', async () => {
      for (const person of [learner, school.teacher])
        expect(await run(person, createUser, { input: aUser() })).toMatchObject({ code: 'FORBIDDEN' });
      expect(await run(service, createUser, { input: aUser({ roles: ['admin'] }) })).toMatchObject({
        code: 'FORBIDDEN',
      });
    });

    it('are shut out at once', async () => {
      const leaving = await school.join('student', 'learner');
      expect(await run(learner, disableUser, { id: leaving.id })).toMatchObject({ code: 'FORBIDDEN' });
      expect(await run(other.admin, disableUser, { id: leaving.id })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await run(school.admin, disableUser, { id: school.admin.id })).toMatchObject({ code: 'FORBIDDEN' });
      expect(await run(service, disableUser, { id: school.admin.id })).toMatchObject({ code: 'FORBIDDEN' });
      const robot = await createService();
      expect(await run(school.admin, disableUser, { id: robot.key.userId })).toMatchObject({ code: 'INVALID_INPUT' });
      expect(await run(service, disableUser, { id: leaving.id })).toMatchObject({ __typename: 'DisabledUser' });
      expect(await run(school.admin, disableUser, { id: leaving.id })).toMatchObject({ __typename: 'DisabledUser' });
      expect((await ask(leaving, '{ viewer { id } }')).errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
    });

    it('are listed page by page and found by id, for administrators and services', async () => {
      const list = `query ($first: Int!, $after: String, $role: String) { users(first: $first, after: $after, role: $role) {
        edges { node { id roles } } pageInfo { hasNextPage endCursor } } }`;
      const seen: { id: string; roles: string[] }[] = [];
      let after: string | null = null;
      do {
        const page = (await run(service, list, { first: 3, after })) as {
          edges: { node: { id: string; roles: string[] } }[];
          pageInfo: { hasNextPage: boolean; endCursor: string };
        };
        seen.push(...page.edges.map(({ node }) => node));
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
      } while (after !== null);
      const stored = await query<{ id: string }>(
        api.database.ownerUrl,
        'SELECT id FROM users WHERE institution_id = $1 ORDER BY id',
        [school.institutionId],
      );
      expect(seen.map(({ id }) => id)).toEqual(stored.map(({ id }) => id));
      const admins = await run(school.admin, list, { first: 50, role: 'admin' });
      expect(admins.edges).toEqual([{ node: { id: school.admin.id, roles: ['admin'] } }]);

      const one = 'query ($id: UUID!) { user(id: $id) { id name } }';
      expect(await run(school.admin, one, { id: learner.id })).toMatchObject({ id: learner.id });
      expect(await run(service, one, { id: newId() })).toBeNull();
      for (const nosy of [learner, school.teacher, other.admin])
        expect(await run(nosy, one, { id: learner.id })).toBeNull();
      for (const nosy of [learner, school.teacher])
        expect((await ask(nosy, list, { first: 3 })).errors![0]!.extensions.code).toBe('FORBIDDEN');
      const wrong = await ask(school.admin, list, { first: 3, role: 'headmaster' });
      expect(wrong.errors![0]!.extensions.code).toBe('INVALID_INPUT');
    });

    it('get other roles, and sign in again with them', async () => {
      const setRoles = `mutation ($input: SetUserRolesInput!) { setUserRoles(input: $input) { __typename
        ... on UserAccount { id roles } ${refusal} } }`;
      const rising = await school.join('student', 'learner');
      const roles = ['student', 'teacher'];
      const set = (person: Pick<Person, 'token'>, userId: string, wanted: string[] = roles) =>
        run(person, setRoles, { input: { userId, roles: wanted } });
      expect(await set(service, rising.id)).toMatchObject({ id: rising.id, roles });
      expect((await ask(rising, '{ viewer { id } }')).errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
      const { email, password } = rising;
      const again = await ask(null, signIn, { input: { institution: school.slug, email, password } });
      const token = again.data!['signIn'].accessToken as string;
      expect(await run({ token }, '{ viewer { roles } }')).toEqual({ roles });
      expect(await set(school.admin, rising.id, ['teacher', 'student'])).toMatchObject({ id: rising.id });
      expect(await run({ token }, '{ viewer { roles } }'), 'the same roles end no sign-in').toEqual({ roles });

      expect(await set(learner, rising.id)).toMatchObject({ code: 'FORBIDDEN' });
      expect(await set(school.teacher, rising.id)).toMatchObject({ code: 'FORBIDDEN' });
      expect(await set(school.admin, school.admin.id)).toMatchObject({ code: 'FORBIDDEN' });
      expect(await set(service, school.admin.id)).toMatchObject({ code: 'FORBIDDEN' });
      expect(await set(service, rising.id, ['admin'])).toMatchObject({ code: 'FORBIDDEN' });
      expect(await set(school.admin, rising.id, ['service'])).toMatchObject({ code: 'INVALID_INPUT' });
      expect(await set(school.admin, service.key.userId)).toMatchObject({ code: 'INVALID_INPUT' });
      expect(await set(other.admin, rising.id)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await auditsOf('user.roles-changed')).toHaveLength(1);
    });

    it('get another password from an administrator, and are signed out everywhere', async () => {
      const setPassword = `mutation ($input: SetUserPasswordInput!) { setUserPassword(input: $input) { __typename
        ... on UserAccount { id } ${refusal} } }`;
      const forgetful = await school.join('student', 'learner');
      const password = 'another long password';
      const set = (person: Pick<Person, 'token'>, userId: string, wanted = password) =>
        run(person, setPassword, { input: { userId, password: wanted } });
      for (const nosy of [learner, school.teacher, service])
        expect(await set(nosy, forgetful.id)).toMatchObject({ code: 'FORBIDDEN' });
      expect(await set(other.admin, forgetful.id)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await set(school.admin, school.admin.id)).toMatchObject({ code: 'FORBIDDEN' });
      expect(await set(school.admin, forgetful.id, 'short')).toMatchObject({ code: 'INVALID_INPUT' });
      expect(await set(school.admin, forgetful.id)).toMatchObject({ __typename: 'UserAccount', id: forgetful.id });
      expect((await ask(forgetful, '{ viewer { id } }')).errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
      const by = async (tried: string) =>
        (await ask(null, signIn, { input: { institution: school.slug, email: forgetful.email, password: tried } }))
          .data!['signIn'].__typename;
      expect([await by(forgetful.password), await by(password)]).toEqual(['NotAllowed', 'Tokens']);
    });

    it('change their own password: the other sign-ins end, this one stays', async () => {
      const change = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { __typename
        ... on PasswordChanged { userId } ${refusal} } }`;
      const careful = await school.join('student', 'learner');
      const { email, password } = careful;
      const by = async (tried: string) =>
        (await ask(null, signIn, { input: { institution: school.slug, email, password: tried } })).data!['signIn'];
      const elsewhere = { token: (await by(password)).accessToken as string };
      const next = 'yet another password';
      expect(await run(careful, change, { input: { present: 'not the password', next } })).toMatchObject({
        code: 'WRONG_CREDENTIALS',
      });
      expect(await run(elsewhere, '{ viewer { id } }')).toEqual({ id: careful.id });
      expect(await run(careful, change, { input: { present: password, next } })).toMatchObject({ userId: careful.id });
      expect(await run(careful, '{ viewer { id } }')).toEqual({ id: careful.id });
      expect((await ask(elsewhere, '{ viewer { id } }')).errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
      expect([(await by(password)).__typename, (await by(next)).__typename]).toEqual(['NotAllowed', 'Tokens']);
      expect(await run(service, change, { input: { present: password, next } })).toMatchObject({ code: 'FORBIDDEN' });
      const guess = () => run(careful, change, { input: { present: 'a wrong guess', next } });
      const codes: string[] = [];
      for (let i = 0; i < 11; i++) codes.push((await guess()).code);
      expect(codes.at(-1)).toBe('RATE_LIMITED');
    });

    it('are audited by pseudonym, and nothing else is told of them', async () => {
      const input = aUser({ name: 'Very Recognisable' });
      await run(school.admin, createUser, { input });
      const audits = await auditsOf('user.created');
      const people = await query<{ id: string; pseudonym: string }>(
        api.database.ownerUrl,
        'SELECT id, pseudonym FROM users WHERE institution_id = $1',
        [school.institutionId],
      );
      const pseudonymOf = (id: string) => people.find((person) => person.id === id)!.pseudonym;
      expect(audits).toContainEqual({
        actor: pseudonymOf(school.admin.id),
        object_kind: 'person',
        object_id: pseudonymOf(input.id),
        details: { roles: ['student'] },
      });
      const everything = await query(api.database.ownerUrl, 'SELECT * FROM audit_events');
      expect(JSON.stringify(everything)).not.toMatch(/Recognisable|@/);
      for (const { id } of people) expect(JSON.stringify(everything)).not.toContain(id);
    });
  });

  describe('enrolments', () => {
    it('begin, change and end', async () => {
      const person = await school.join('student', null);
      const input = { courseId: school.courseId, userId: person.id, role: 'learner' };
      expect(await run(service, enrol, { input })).toMatchObject({
        user: { id: person.id },
        role: 'learner',
        leftAt: null,
      });
      const seen = 'query ($id: UUID!) { course(id: $id) { title } }';
      expect(await run(person, seen, { id: school.courseId })).not.toBeNull();
      expect(await run(school.admin, enrol, { input: { ...input, role: 'teacher' } })).toMatchObject({
        role: 'teacher',
      });
      const { role: _, ...where } = input;
      const ended = await run(school.admin, endEnrolment, { input: where });
      expect(ended).toMatchObject({ leftAt: expect.any(String) });
      expect(await run(school.admin, endEnrolment, { input: where })).toEqual(ended);
      expect(await run(person, seen, { id: school.courseId })).toBeNull();
      expect(await run(school.admin, enrol, { input })).toMatchObject({ role: 'learner', leftAt: null });
    });

    it('are refused to learners, teachers and strangers, and for what is not there', async () => {
      const input = { courseId: school.courseId, userId: learner.id, role: 'learner' };
      for (const person of [learner, school.teacher])
        expect(await run(person, enrol, { input })).toMatchObject({ code: 'FORBIDDEN' });
      expect(await run(other.admin, enrol, { input })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await run(school.admin, enrol, { input: { ...input, userId: other.teacher.id } })).toMatchObject({
        code: 'NOT_FOUND',
      });
      expect(await run(school.admin, enrol, { input: { ...input, role: 'guest' } })).toMatchObject({
        code: 'INVALID_INPUT',
      });
      const never = { courseId: school.courseId, userId: school.admin.id };
      expect(await run(school.admin, endEnrolment, { input: never })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await run(learner, endEnrolment, { input: never })).toMatchObject({ code: 'FORBIDDEN' });
    });
  });

  describe('accommodations', () => {
    it('are set by those who teach her, piece by piece', async () => {
      const set = (person: Pick<Person, 'token'>, change: object) =>
        run(person, setNeeds, { input: { learnerId: learner.id, ...change } });
      expect(await set(school.teacher, { excludedModalities: ['audio', 'video', 'audio'] })).toMatchObject({
        excludedModalities: ['audio', 'video'],
        extraTime: 1,
        language: 'en',
      });
      expect(await set(service, { extraTime: 1.5, language: 'zh-CN', keyboardOnly: true })).toMatchObject({
        excludedModalities: ['audio', 'video'],
        extraTime: 1.5,
        language: 'zh-CN',
      });
      const read = `query ($id: UUID!) { accommodations(learnerId: $id) { ${needs} } }`;
      const expected = {
        learnerId: learner.id,
        excludedModalities: ['audio', 'video'],
        extraTime: 1.5,
        language: 'zh-CN',
        keyboardOnly: true,
        noDrawing: false,
        screenReader: false,
      };
      for (const person of [learner, school.teacher, school.admin])
        expect(await run(person, read, { id: learner.id })).toEqual(expected);
      expect(await run(other.admin, read, { id: learner.id })).toBeNull();
      expect(await run(learner, read, { id: school.teacher.id })).toBeNull();
      expect(await set(learner, { extraTime: 4 })).toMatchObject({ code: 'FORBIDDEN' });
      expect(await set(other.teacher, { extraTime: 4 })).toMatchObject({ code: 'FORBIDDEN' });
      expect(await set(other.admin, { extraTime: 4 })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await set(school.admin, { extraTime: 9, excludedModalities: ['smell'] })).toMatchObject({
        code: 'INVALID_INPUT',
        issues: expect.arrayContaining([expect.objectContaining({ path: 'extraTime' })]),
      });
    });
  });

  describe('accommodations that two people change at once', () => {
    it('lose neither change', async () => {
      const person = await school.join('student', 'learner');
      const owner = new pg.Client({ connectionString: api.database.ownerUrl });
      await owner.connect();
      try {
        await owner.query('BEGIN');
        await owner.query('SELECT FROM users WHERE id = $1 FOR UPDATE', [person.id]);
        const set = (actor: Pick<Person, 'token'>, change: object) =>
          run(actor, setNeeds, { input: { learnerId: person.id, ...change } });
        const both = Promise.all([
          set(school.teacher, { excludedModalities: ['audio'] }),
          set(school.admin, { extraTime: 2 }),
        ]);
        const waiting = `SELECT 1 FROM pg_locks JOIN pg_stat_activity USING (pid)
          WHERE datname = current_database() AND NOT granted`;
        await until(async () => (await query(api.database.ownerUrl, waiting)).length === 2);
        await owner.query('COMMIT');
        await both;
      } finally {
        await owner.end();
      }
      const read = `query ($id: UUID!) { accommodations(learnerId: $id) { excludedModalities extraTime } }`;
      expect(await run(person, read, { id: person.id })).toEqual({ excludedModalities: ['audio'], extraTime: 2 });
    });
  });

  describe('API keys', () => {
    it('are told once, listed without their secret, and end at once', async () => {
      const created = await createService();
      const list = '{ apiKeys { id userId name createdAt expiresAt revokedAt } }';
      const keys = await run(school.admin, list);
      expect(keys).toContainEqual(expect.objectContaining({ id: created.key.id, name: 'LMS', revokedAt: null }));
      expect(JSON.stringify(keys)).not.toContain(created.secret.split('_').at(-1)!);
      const revoke = `mutation ($id: UUID!) { revokeApiKey(id: $id) { __typename ... on RevokedApiKey { id } ${refusal} } }`;
      expect(await run(other.admin, revoke, { id: created.key.id })).toMatchObject({ code: 'NOT_FOUND' });
      expect(await run(school.admin, revoke, { id: created.key.id })).toMatchObject({ __typename: 'RevokedApiKey' });
      expect(await run(school.admin, revoke, { id: created.key.id })).toMatchObject({ __typename: 'RevokedApiKey' });
      expect((await ask(created, '{ viewer { id } }')).errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
      const exchanged = await ask(null, created.exchange, { k: created.secret });
      expect(exchanged.data!['exchangeApiKey']).toMatchObject({ code: 'WRONG_CREDENTIALS' });
      expect(await auditsOf('api-key.revoked')).toHaveLength(1);
    });

    it('are for administrators', async () => {
      for (const person of [learner, school.teacher, service]) {
        expect((await ask(person, '{ apiKeys { id } }')).errors![0]!.extensions.code).toBe('FORBIDDEN');
        const created = await run(
          person,
          `mutation { createApiKey(input: { name: "Mine" }) { __typename ${refusal} } }`,
        );
        expect(created).toMatchObject({ code: 'FORBIDDEN' });
      }
      expect(await run(other.admin, '{ apiKeys { id } }')).toEqual([]);
    });
  });
});
