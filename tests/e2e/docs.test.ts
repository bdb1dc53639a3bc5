import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import request from 'supertest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.js';

const root = join(import.meta.dirname, '../..');

describe('the documentation that the API serves', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api?.close());

  it('is listed on one page, and everything on it is there', async () => {
    await request(api.url).get('/docs').expect(302).expect('location', '/docs/');
    const { text } = await request(api.url)
      .get('/docs/')
      .expect(200)
      .expect('content-type', /^text\/html/);
    const pages = [...text.matchAll(/href="([^"]+)"/g)].map((match) => match[1]!);
    for (const page of ['architecture.md', 'schema.graphql', 'realtime.md', 'decisions/0001-one-database-engine.md']) {
      expect(pages).toContain(`/docs/${page}`);
    }
    for (const page of pages) await request(api.url).get(page).expect(200);
  });

  it('is what this version has, as text that a browser shows', async () => {
    for (const page of ['architecture.md', 'schema.graphql']) {
      const { text } = await request(api.url)
        .get(`/docs/${page}`)
        .expect(200)
        .expect('content-type', 'text/plain; charset=utf-8')
        .expect('x-content-type-options', 'nosniff');
      expect(text).toBe(await readFile(join(root, 'docs', page), 'utf8'));
    }
  });

  it('is all that is served of the project', async () => {
    const paths = ['/docs/../package.json', '/docs/..%2fpackage.json', '/docs/none.md', '/docs/decisions/'];
    const answers = await Promise.all(paths.map((path) => request(api.url).get(path)));
    expect(answers.map(({ status, body }) => [status, body as object])).toEqual(
      paths.map(() => [404, expect.objectContaining({ code: 'UNKNOWN_OPERATION' })]),
    );
  });

  it('is linked on the home page, and the version is told', async () => {
    const { text } = await request(api.url).get('/').expect(200);
    expect(text).toContain('href="/docs/"');
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    await request(api.url).get('/health/live').expect(200, { status: 'live', version });
  });
});
