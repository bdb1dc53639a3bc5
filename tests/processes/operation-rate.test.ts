import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.js';
import { foundSchool, type School } from '../support/school.js';

/** One operation in ten seconds, so that a slow machine earns no second one within a test. */
const rate = { GRAPHQL_OPERATIONS_PER_SECOND: '0.1' };

interface Answered {
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfterSeconds: unknown;
  readonly retryAfter: string | null;
}

async function ask(api: TestApi, headers: Record<string, string>): Promise<Answered> {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query: '{ viewer { id } }' }),
  });
  const { errors } = (await response.json()) as { errors?: { extensions: Record<string, unknown> }[] };
  return {
    status: response.status,
    code: errors?.[0]?.extensions['code'] as string | undefined,
    retryAfterSeconds: errors?.[0]?.extensions['retryAfterSeconds'],
    retryAfter: response.headers.get('retry-after'),
  };
}

/** Statuses of two requests that come at once. */
async function twice(api: TestApi, headers: (index: number) => Record<string, string>): Promise<number[]> {
  return [(await ask(api, headers(1))).status, (await ask(api, headers(2))).status];
}

describe('the rate of GraphQL operations', () => {
  let api: TestApi;
  let school: School;

  beforeAll(async () => {
    api = await startTestApi(rate);
    school = await foundSchool(api.app, 'rate-school');
  }, 60_000);
  afterAll(() => api?.close());

  const as = ({ token }: { token: string }) => ({ authorization: `Bearer ${token}` });

  it('is limited for each user, who is told when to come back', async () => {
    expect(await twice(api, () => as(school.teacher))).toEqual([200, 429]);
    const refused = await ask(api, as(school.teacher));
    expect(refused).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect(refused.retryAfterSeconds).toBeGreaterThan(0);
    expect(refused.retryAfterSeconds).toBeLessThanOrEqual(10);
    expect(refused.retryAfter).toBe(String(refused.retryAfterSeconds));
    expect((await ask(api, as(school.admin))).status).toBe(200);
  });

  it('is limited for each address where no token stands, whatever the client says of its address', async () => {
    const statuses = await twice(api, (index) => ({
      'x-forwarded-for': `203.0.113.${index}`,
      ...(index % 2 === 0 && { authorization: `Bearer nonsense-${index}` }),
    }));
    expect(statuses).toEqual([401, 429]);
    expect((await ask(api, as(await school.join('student', 'learner')))).status).toBe(200);
  });
});

describe.each([
  ['one hop', '1'],
  ['a list', '127.0.0.0/8, ::1'],
])('behind a proxy, trusted as %s', (_, trust) => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startTestApi({ ...rate, TRUST_PROXY: trust });
  }, 60_000);
  afterAll(() => api?.close());

  it('takes the address that the proxy adds, and not what the client wrote before it', async () => {
    const from = (client: string, index: number) => ({ 'x-forwarded-for': `203.0.113.${index}, ${client}` });
    expect(await twice(api, (index) => from('198.51.100.1', index))).toEqual([401, 429]);
    expect((await ask(api, from('198.51.100.2', 0))).status).toBe(401);
  });

  it('counts a network of IPv6 as one address', async () => {
    expect(await twice(api, (index) => ({ 'x-forwarded-for': `2001:db8:0:1::${index}` }))).toEqual([401, 429]);
  });
});
