import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { createRemoteJWKSet, decodeJwt, jwtVerify, SignJWT } from 'jose';
import { IdSource } from '#libs/kernel';
import { dangerousSystemActor, ManageApiKeys, SignInLocally, signInLimits } from '#libs/identity';
import { graphql, startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { until } from '../support/until.js';
import { expectOk, foundSchool, testPassword, type Person, type School } from '../support/school.js';

const signIn = `mutation ($input: SignInInput!) { signIn(input: $input) {
  __typename ... on Tokens { accessToken refreshToken expiresAt } ... on Refusal { code message } } }`;
const renew = `mutation ($token: String!) { renewTokens(refreshToken: $token) {
  __typename ... on Tokens { accessToken refreshToken } ... on Refusal { code } } }`;
const exchange = `mutation ($key: String!) { exchangeApiKey(apiKey: $key) {
  __typename ... on Tokens { accessToken refreshToken } ... on Refusal { code } } }`;

describe('identity', () => {
  let api: TestApi;
  let school: School;
  let learner: Person;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'identity-school');
    learner = await school.join('student', 'learner');
  }, 60_000);
  afterAll(() => api?.close());

  const trySignIn = async (email: string, password: string, institution = school.slug) =>
    (await graphql(api.url, signIn, { variables: { input: { institution, email, password } } })).data!['signIn'];
  const tryRenew = async (token: string) =>
    (await graphql(api.url, renew, { variables: { token } })).data!['renewTokens'];
  const viewer = async (token: string) => graphql(api.url, '{ viewer { id } }', { token });

  it('signs in by e-mail address, in any case, and the token stands for the person', async () => {
    const tokens = await trySignIn(learner.email.toUpperCase(), testPassword);
    expect(tokens.__typename).toBe('Tokens');
    expect((await viewer(tokens.accessToken)).data).toEqual({ viewer: { id: learner.id } });
    expect(new Date(tokens.expiresAt).getTime() - Date.now()).toBeLessThanOrEqual(600_000);
  });

  it('signs in, renews and exchanges a key while a token of another institution is sent along', async () => {
    const other = await foundSchool(api.app, 'identity-other');
    const { token } = other.teacher;
    const input = { institution: school.slug, email: learner.email, password: testPassword };
    const tokens = (await graphql(api.url, signIn, { token, variables: { input } })).data!['signIn'];
    expect(tokens.__typename).toBe('Tokens');
    const renewed = await graphql(api.url, renew, { token, variables: { token: tokens.refreshToken } });
    expect(renewed.data!['renewTokens'].__typename).toBe('Tokens');
    const keys = api.app.get(ManageApiKeys, { strict: false });
    const system = dangerousSystemActor(school.institutionId);
    const { secret } = expectOk(await keys.create(system, { name: 'LMS', expiresAt: null }));
    const exchanged = await graphql(api.url, exchange, { token, variables: { key: secret } });
    expect(exchanged.data!['exchangeApiKey'].__typename).toBe('Tokens');
  });

  it('says the same of a wrong password, an unknown person and an unknown institution', async () => {
    const refusals = [
      await trySignIn(learner.email, 'wrong'),
      await trySignIn('nobody@nowhere.test', testPassword),
      await trySignIn(learner.email, testPassword, 'no-such-school'),
    ];
    for (const refusal of refusals)
      expect(refusal).toEqual({ ...refusals[0], code: 'WRONG_CREDENTIALS', __typename: 'NotAllowed' });
  });

  it('stops counting on luck: too many tries for one account are refused, even with the right password', async () => {
    const victim = await school.join('student', null);
    // Twice as many as are allowed: the window may end in between.
    for (let i = 0, refused = false; i < signInLimits.perAccount * 2 && !refused; i++) {
      refused = (await trySignIn(victim.email, 'guess')).code === 'RATE_LIMITED';
    }
    const refusal = await trySignIn(victim.email, testPassword);
    expect(refusal).toMatchObject({ __typename: 'TooMuch', code: 'RATE_LIMITED' });
  });

  it('counts failed tries only: one account and one address may sign in as often as they like', async () => {
    const person = await school.join('student', null);
    for (let i = 0; i < signInLimits.perAccount * 2; i++) {
      expect((await trySignIn(person.email, testPassword)).__typename).toBe('Tokens');
    }
    const address = { address: '192.0.2.1' };
    const service = api.app.get(SignInLocally, { strict: false });
    const input = { institution: school.slug, email: person.email, password: testPassword };
    for (let i = 0; i < 30; i++) expect((await service.execute(input, address)).kind).toBe('tokens');
    // Twice as many as are allowed: the window may end in between.
    for (let i = 0, refused = false; i < signInLimits.perAddress * 2 && !refused; i++) {
      const outcome = await service.execute({ ...input, email: `guess-${i}@nowhere.test` }, address);
      refused = outcome.kind === 'failure' && outcome.code === 'RATE_LIMITED';
    }
    expect(await service.execute(input, address)).toMatchObject({ code: 'RATE_LIMITED' });
    expect((await service.execute(input, { address: '192.0.2.2' })).kind).toBe('tokens');
  }, 60_000);

  it('renews once per refresh token, forgives a lost answer, and ends the sign-in when an old token comes back', async () => {
    const person = await school.join('student', null);
    const second = await tryRenew(person.refreshToken);
    expect(second.__typename).toBe('Tokens');
    const third = await tryRenew(person.refreshToken);
    expect(third.__typename).toBe('Tokens');
    const fourth = await tryRenew(third.refreshToken);
    expect(fourth.__typename).toBe('Tokens');
    expect(await tryRenew(person.refreshToken)).toMatchObject({ code: 'WRONG_CREDENTIALS' });
    expect(await tryRenew(fourth.refreshToken)).toMatchObject({ code: 'WRONG_CREDENTIALS' });
    expect(await viewer(fourth.accessToken)).toMatchObject({ status: 401 });
  });

  it('forgives as many lost answers as there are, for a while', async () => {
    const person = await school.join('student', null);
    const lost = [await tryRenew(person.refreshToken), await tryRenew(person.refreshToken)];
    for (const { __typename } of lost) expect(__typename).toBe('Tokens');
    const heard = await tryRenew(person.refreshToken);
    expect(heard.__typename).toBe('Tokens');
    expect((await viewer(heard.accessToken)).data).toEqual({ viewer: { id: person.id } });
    expect((await tryRenew(heard.refreshToken)).__typename).toBe('Tokens');
  });

  it('counts the time for lost answers from the first use of a token', async () => {
    const person = await school.join('student', null);
    await tryRenew(person.refreshToken);
    await query(
      api.database.ownerUrl,
      `UPDATE sign_ins SET rotated_at = rotated_at - interval '20 seconds' WHERE user_id = $1`,
      [person.id],
    );
    expect((await tryRenew(person.refreshToken)).__typename).toBe('Tokens');
    await query(
      api.database.ownerUrl,
      `UPDATE sign_ins SET rotated_at = rotated_at - interval '11 seconds' WHERE user_id = $1`,
      [person.id],
    );
    expect(await tryRenew(person.refreshToken)).toMatchObject({ code: 'WRONG_CREDENTIALS' });
  });

  it('lets nobody in who is disabled while her password is looked at', async () => {
    const person = await school.join('student', null);
    const disabling = new pg.Client({ connectionString: api.database.ownerUrl });
    await disabling.connect();
    try {
      await disabling.query('BEGIN');
      await disabling.query('UPDATE users SET disabled_at = now() WHERE id = $1', [person.id]);
      await disabling.query('UPDATE sign_ins SET revoked_at = now() WHERE user_id = $1', [person.id]);
      let answered = false;
      const signingIn = trySignIn(person.email, testPassword).finally(() => (answered = true));
      const isWaiting = async (): Promise<boolean> =>
        (await query(api.database.ownerUrl, 'SELECT 1 FROM pg_locks WHERE NOT granted')).length > 0;
      await until(async () => answered || (await isWaiting()));
      await disabling.query('COMMIT');
      expect(await signingIn).toMatchObject({ code: 'WRONG_CREDENTIALS' });
    } finally {
      await disabling.end();
    }
  });

  it('signs out one sign-in or all of them, at once', async () => {
    const person = await school.join('student', null);
    const other = await trySignIn(person.email, testPassword);
    expect((await graphql(api.url, 'mutation { signOut { __typename } }', { token: person.token })).data).toBeTruthy();
    expect((await viewer(person.token)).errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
    expect((await viewer(other.accessToken)).data).toBeTruthy();
    const third = await trySignIn(person.email, testPassword);
    await graphql(api.url, 'mutation { signOut(everywhere: true) { __typename } }', { token: third.accessToken });
    expect((await viewer(other.accessToken)).status).toBe(401);
    expect((await viewer(third.accessToken)).status).toBe(401);
  });

  it('publishes keys by which anybody verifies a token', async () => {
    const keys = createRemoteJWKSet(new URL(`${api.url}/.well-known/jwks.json`));
    const { payload, protectedHeader } = await jwtVerify(learner.token, keys, { audience: 'attune' });
    expect(payload.sub).toBe(learner.id);
    expect(protectedHeader.alg).toBe('ES256');
    const published = await (await fetch(`${api.url}/.well-known/jwks.json`)).text();
    expect(published).not.toContain('"d"');
  });

  it('refuses tokens that are tampered with, unsigned, foreign or expired', async () => {
    const claims = decodeJwt(learner.token);
    const [header, , signature] = learner.token.split('.');
    const payload = Buffer.from(JSON.stringify({ ...claims, rol: ['admin'] })).toString('base64url');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    const foreign = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
      .sign(Buffer.alloc(32, 7));
    for (const token of [`${header}.${payload}.${signature}`, `${none}.${payload}.`, foreign, 'nonsense', 'a.b.c']) {
      expect(await viewer(token)).toMatchObject({ status: 401, errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    }
  });

  it('exchanges the API key of a service, until the key is revoked', async () => {
    const keys = api.app.get(ManageApiKeys, { strict: false });
    const system = dangerousSystemActor(school.institutionId);
    const { key, secret } = expectOk(await keys.create(system, { name: 'LMS plugin', expiresAt: null }));
    const tokens = (await graphql(api.url, exchange, { variables: { key: secret } })).data!['exchangeApiKey'];
    expect(tokens).toMatchObject({ __typename: 'Tokens', refreshToken: null });
    const answer = await graphql(api.url, '{ viewer { roles } }', { token: tokens.accessToken });
    expect(answer.data).toEqual({ viewer: { roles: ['service'] } });
    expectOk(await keys.revoke(system, key.id));
    expect((await viewer(tokens.accessToken)).status).toBe(401);
    for (const wrong of [
      secret,
      `${secret.slice(0, -1)}A`,
      'attune_x',
      api.app.get(IdSource, { strict: false }).next(),
    ]) {
      expect((await graphql(api.url, exchange, { variables: { key: wrong } })).data!['exchangeApiKey'].code).toBe(
        'WRONG_CREDENTIALS',
      );
    }
  });
});
