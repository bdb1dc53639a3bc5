import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttuneClient, operation, operations } from '#libs/client';
import { startTestApi, type TestApi } from '../support/api.js';
import { foundSchool, type Person, type School } from '../support/school.js';

async function statusOf(url: string | URL): Promise<number> {
  const response = await fetch(url);
  await response.arrayBuffer(); // an answer that nobody reads keeps its connection busy
  return response.status;
}

const hashOf = (document: string): string => createHash('sha256').update(document).digest('hex');
const byHash = (document: string) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(document) } } });

describe('a server that runs persisted operations only', () => {
  let api: TestApi;
  let school: School;
  let learner: Person;

  beforeAll(async () => {
    api = await startTestApi({ PERSISTED_OPERATIONS_ONLY: '1' });
    school = await foundSchool(api.app, 'persisted-school');
    learner = await school.join('student', 'learner');
  }, 60_000);
  afterAll(() => api?.close());

  async function post(body: unknown, token?: string, contentType = 'application/json') {
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': contentType, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  const refused = {
    status: 403,
    body: { data: null, errors: [{ extensions: { code: 'OPERATION_NOT_PERSISTED' } }] },
  };

  it('runs a published operation by its hash, with its name and variables', async () => {
    const { document, name } = operations.viewer;
    const viewer = { status: 200, body: { data: { viewer: { id: learner.id } } } };
    expect(await post({ ...byHash(document), operationName: name, variables: {} }, learner.token)).toMatchObject(
      viewer,
    );
    expect(await post(byHash(document), learner.token)).toMatchObject(viewer);
    expect(await post({ query: document }, learner.token), 'the published words themselves').toMatchObject(viewer);
  });

  it('refuses every other document of an end user and of a stranger', async () => {
    const query = '{ viewer { id } }';
    for (const token of [learner.token, school.teacher.token, undefined, 'no.token.atall']) {
      expect(await post({ query }, token)).toMatchObject(refused);
      expect(await post(query, token, 'application/graphql')).toMatchObject(refused);
      expect(await post(byHash(query), token)).toMatchObject(refused);
      expect(await post({ ...byHash(operations.viewer.document), query }, token)).toMatchObject(refused);
    }
    const url = `${api.url}/graphql?query=${encodeURIComponent(query)}`;
    const get = await fetch(url, { headers: { authorization: `Bearer ${learner.token}` } });
    expect(await get.json()).toMatchObject({ data: null });
  });

  it('lets administrators and services send what they like', async () => {
    expect(await post({ query: '{ viewer { roles } }' }, school.admin.token)).toMatchObject({
      status: 200,
      body: { data: { viewer: { roles: ['admin'] } } },
    });
  });

  it('is no obstacle to the client library', async () => {
    const client = new AttuneClient({ url: api.url });
    await client.signIn({ institution: school.slug, email: learner.email, password: learner.password });
    expect((await client.graphql(operations.viewer)).viewer.id).toBe(learner.id);
    const own = operation<{ viewer: { id: string } }>('query Own { viewer { id } }');
    await expect(client.graphql(own)).rejects.toMatchObject({ code: 'OPERATION_NOT_PERSISTED' });
  });

  it('refuses a body without an operation as malformed', async () => {
    const malformed = { persistedQuery: { version: 2, sha256Hash: 'x' } };
    for (const body of [{}, { extensions: { persistedQuery: null } }, { extensions: malformed }, []]) {
      expect(await post(body, learner.token), JSON.stringify(body)).toMatchObject({
        status: 400,
        body: { errors: [{ extensions: { code: 'INVALID_INPUT' } }] },
      });
    }
  });
});

describe('a server that runs any operation', () => {
  let api: TestApi;
  let school: School;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'open-school');
  }, 60_000);
  afterAll(() => api?.close());

  it('gets the document from the client library where it does not know the hash', async () => {
    const client = new AttuneClient({ url: api.url });
    const { email, password } = school.teacher;
    await client.signIn({ institution: school.slug, email, password });
    const own = operation<{ viewer: { roles: string[] } }>('query Own { viewer { roles } }');
    expect((await client.graphql(own)).viewer.roles).toEqual(['teacher']);
  });

  it('serves the playground and the page that names the addresses, from its own files', async () => {
    const home = await fetch(api.url);
    expect(home.status).toBe(200);
    expect(await home.text()).toContain('/playground');
    const page = await fetch(`${api.url}/playground`);
    expect(page.headers.get('content-type')).toContain('text/html');
    const html = await page.text();
    const files = [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map((match) => match[1]!);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect(file).not.toMatch(/^(https?:)?\/\//);
      expect(await statusOf(new URL(file, `${api.url}/playground/`)), file).toBe(200);
    }
    expect(await statusOf(`${api.url}/playground/..%2f..%2fpackage.json`)).toBe(404);
    expect(await statusOf(`${api.url}/playground/assets/`)).toBe(404);
  });
});
