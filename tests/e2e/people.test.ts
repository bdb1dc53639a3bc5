import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { query } from '../support/postgres-client.js';

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
const needs = 'learnerId excludedModalities extraTime language';
const setNeeds = `mutation ($input: SetAccommodationsInput!) { setAccommodations(input: $input) { __typename
  ... on Accommodations { ${needs} } ${refusal} } }`;

describe('people through GraphQL', () => {
  let api: TestApi;
  let school: School;
  let other: School;
  let learner: Person;
  let service: Pick<Person, 'token'>;

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
    const exchange = 'mutation ($k: String!) { exchangeApiKey(apiKey: $k) { ... on Tokens { accessToken } ' + refusal + ' } }'; // prettier-ignore
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
      expect(await refused({ id: newId() })).toMatchObject({ code: 'ID_REUSED' });
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
      expect(await set(service, { extraTime: 1.5, language: 'zh-CN' })).toMatchObject({
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
