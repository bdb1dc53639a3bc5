import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureCodes } from '#libs/kernel';
import { newId, startTestApi, type TestApi } from '../support/api.js';
import { idsOf } from '../support/hostile-ids.js';
import { parametersOf, pathWith, routesOf, type Route } from '../support/routes.js';
import { foundSizedSchool, type SizedSchool } from '../support/sized-school.js';
import { storedIn } from '../support/stored.js';
import { drawPicture } from '../support/work.js';

/** Routes that answer everybody, each with the reason. All others want a token. */
const publicRoutes: Record<string, string> = {
  'GET /': 'names the addresses of the API',
  'GET /.well-known/jwks.json': 'public keys, by which others verify tokens',
  'GET /docs': 'the documentation',
  'GET /docs/': 'the documentation',
  'GET /docs/*': 'the documentation',
  'GET /health/live': 'asked by the supervisor and by proxies, says nothing of anybody',
  'GET /health/ready': 'asked by the supervisor and by proxies, says nothing of anybody',
  'GET /metrics': 'asked by Prometheus, figures only; a proxy keeps it from the outside',
  'GET /playground': 'a page, switched off by PLAYGROUND',
  'GET /playground/': 'a page, switched off by PLAYGROUND',
  'GET /playground/*': 'files of that page',
  'GET /training/plans/:code': 'a code of a training run stands for itself; tries are limited',
  'GET /training/archives': 'a ticket stands for itself, for an hour',
  'GET /training/notebook.ipynb': 'the notebook, with a code that its caller has',
  'GET /training/package.zip': 'the training package, which is public',
  'OPTIONS *': 'asked by browsers before they send, without a token',
};

/** Routes that take a body, and the type that it must have. */
const bodies: Record<string, string> = {
  'POST /graphql': 'application/json',
  'PUT /uploads/:id': 'image/png',
  'PUT /courses/:courseId/media/:name': 'image/png',
  'POST /models/uploads': 'application/offset+octet-stream',
  'POST /submissions/uploads': 'application/offset+octet-stream',
  'PATCH /submissions/uploads/:upload': 'application/offset+octet-stream',
  'DELETE /submissions/uploads/:upload': 'application/offset+octet-stream',
  'POST /training/runs/:id/progress': 'application/json',
  'POST /training/uploads': 'application/offset+octet-stream',
  'PATCH /training/uploads/:upload': 'application/offset+octet-stream',
  'DELETE /training/uploads/:upload': 'application/offset+octet-stream',
  'POST /training/folders': 'application/offset+octet-stream',
  'PATCH /training/folders/:upload': 'application/offset+octet-stream',
  'DELETE /training/folders/:upload': 'application/offset+octet-stream',
  'POST /scans/uploads': 'application/offset+octet-stream',
  'PATCH /scans/uploads/:upload': 'application/offset+octet-stream',
  'DELETE /scans/uploads/:upload': 'application/offset+octet-stream',
  'PATCH /models/uploads/:upload': 'application/offset+octet-stream',
  'DELETE /models/uploads/:upload': 'application/offset+octet-stream',
};

/** Routes whose id the caller makes: another institution's is as good as any. */
const idMadeByCaller = ['PUT /uploads/:id'];

/** Routes that answer HEAD alone; they are tried in tests/e2e/{models,training-folders,resumable-uploads}.test.ts. */
const ownHeads = ['models/uploads', 'submissions/uploads', 'training/uploads', 'training/folders', 'scans/uploads'].map(
  (path) => `HEAD /${path}/:upload`,
);

/** Routes that know machines by the token of their run, and no people. */
const isForRuns = ({ path }: Route): boolean => /^\/training\/(runs|uploads)/.test(path);

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const nameOf = ({ method, path }: Route): string => `${method} ${path}`;

describe('routes in hostile hands', () => {
  let api: TestApi;
  let data: string;
  let home: SizedSchool;
  let routes: Route[];
  let ownIds: Record<string, string>;
  let foreignIds: Record<string, string>;
  let picture: Uint8Array<ArrayBuffer>;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'attune-routes-'));
    api = await startTestApi({ ATTUNE_DATA_DIR: data });
    home = await foundSizedSchool(api, 'home-routes', 1);
    const away = await foundSizedSchool(api, 'away-routes', 1);
    const parameters = async (school: SizedSchool) => {
      const ids = await idsOf(api, school);
      return {
        id: ids['fileId']!,
        courseId: ids['courseId']!,
        name: 'one.png',
        upload: `${school.learner.id}_x`,
        code: 'x',
      };
    };
    [ownIds, foreignIds] = [await parameters(home), await parameters(away)];
    routes = routesOf(api);
    picture = new Uint8Array(await drawPicture());
  }, 60_000);
  afterAll(async () => {
    await api?.close();
    await rm(data, { recursive: true, force: true });
  });

  const stored = async () => ({
    rows: await storedIn(api.database.ownerUrl),
    files: await readdir(data, { recursive: true }),
  });
  const bodyOf = (route: Route): Uint8Array<ArrayBuffer> | string | undefined => {
    const type = bodies[nameOf(route)];
    if (type === undefined) return undefined;
    return type === 'application/json' ? JSON.stringify({ query: '{ viewer { id } }' }) : picture;
  };
  /** Sends what would be right, but for what `change` says. */
  const send = (
    route: Route,
    change: {
      path?: string;
      token?: string;
      type?: string;
      body?: Uint8Array<ArrayBuffer> | string;
      method?: string;
    } = {},
  ): Promise<Response> => {
    const method = change.method ?? route.method;
    const query = method === 'GET' && route.path === '/graphql' ? '?query={viewer{id}}' : '';
    const type = change.type ?? bodies[nameOf(route)];
    const body = method === 'GET' || method === 'HEAD' ? undefined : (change.body ?? bodyOf(route));
    return fetch(`${api.url}${change.path ?? pathWith(route, ownIds)}${query}`, {
      method,
      headers: {
        ...(body !== undefined && type !== undefined && { 'content-type': type }),
        ...(change.token !== undefined && { authorization: `Bearer ${change.token}` }),
      },
      body,
    });
  };
  /** The code of a typed refusal as JSON, in the form of GraphQL or of all other routes. */
  const refusalOf = async (response: Response, what: string): Promise<string> => {
    const text = await response.text();
    expect(response.headers.get('content-type'), `${what}: ${text.slice(0, 200)}`).toMatch(
      /^application\/(graphql-response\+)?json/,
    );
    expect(response.status, what).toBeGreaterThanOrEqual(400);
    expect(response.status, `${what}: ${text.slice(0, 200)}`).toBeLessThan(500);
    const answer = JSON.parse(text) as {
      code?: string;
      message?: string;
      errors?: { message: string; extensions: { code: string } }[];
    };
    const { code, message } =
      answer.errors === undefined
        ? answer
        : { code: answer.errors[0]!.extensions.code, message: answer.errors[0]!.message };
    expect(Object.keys(failureCodes), `${what}: ${text.slice(0, 200)}`).toContain(code);
    expect(message!.length, what).toBeLessThan(500);
    return code!;
  };
  const closed = () => routes.filter((route) => route.method !== 'HEAD' && !(nameOf(route) in publicRoutes));

  it('are known, each as public for a reason or as closed', () => {
    const names = routes.map(nameOf);
    expect(names.length).toBeGreaterThan(10);
    for (const name of [...Object.keys(publicRoutes), ...Object.keys(bodies)]) expect(names).toContain(name);
    // Fastify answers HEAD wherever there is a GET.
    for (const route of routes) {
      if (route.method === 'HEAD' && !ownHeads.includes(nameOf(route))) expect(names).toContain(`GET ${route.path}`);
    }
    for (const route of routes.filter(({ method }) => !['GET', 'HEAD', 'OPTIONS'].includes(method)))
      expect(bodies[nameOf(route)], `${nameOf(route)}: say in \`bodies\` what it takes`).toBeDefined();
  });

  it('that are public answer a stranger, and one whose token is nonsense', async () => {
    for (const route of routes.filter((one) => nameOf(one) in publicRoutes && one.method === 'GET')) {
      const path = route.path.replace('*', 'index.html');
      for (const token of [undefined, 'nonsense']) {
        const response = await send(route, { path, ...(token !== undefined && { token }) });
        expect([200, 404], `${nameOf(route)}`).toContain(response.status);
        await response.arrayBuffer();
      }
    }
  });

  it('that are closed refuse a stranger, and tokens that do not stand', async () => {
    const before = await stored();
    const forged = `${home.admin.token.slice(0, -3)}xyz`;
    expect(closed().length).toBeGreaterThan(3);
    for (const route of closed()) {
      for (const token of [undefined, 'nonsense', 'e30.e30.e30', forged, 'x'.repeat(5_000)]) {
        const response = await send(route, token === undefined ? {} : { token });
        const what = `${nameOf(route)} with ${token?.slice(0, 20)}`;
        expect(await refusalOf(response, what), what).toBe('UNAUTHENTICATED');
        expect(response.status, what).toBe(401);
      }
    }
    expect(await stored()).toEqual(before);
  });

  it('find nothing of another institution', async () => {
    const before = await stored();
    for (const route of closed().filter(
      (one) => parametersOf(one).length > 0 && !idMadeByCaller.includes(nameOf(one)),
    )) {
      for (const { token } of [home.learner, home.teacher, home.admin]) {
        const what = `${nameOf(route)} with ids of another institution`;
        const code = await refusalOf(await send(route, { path: pathWith(route, foreignIds), token }), what);
        expect(code, what).toBe(isForRuns(route) ? 'UNAUTHENTICATED' : 'NOT_FOUND');
      }
    }
    expect(await stored()).toEqual(before);
  });

  it('refuse parameters that are none', async () => {
    const before = await stored();
    const nonsense = [
      'x',
      '%00',
      '%ff',
      '%',
      '..%2f..%2fetc%2fpasswd',
      ownIds['id']!.toUpperCase(),
      'x'.repeat(5_000),
      "' OR 1=1 --",
    ];
    for (const route of closed()) {
      for (const parameter of parametersOf(route)) {
        for (const value of nonsense) {
          const path = pathWith(route, { ...ownIds, [parameter]: value });
          await refusalOf(
            await send(route, { path, token: home.admin.token }),
            `${nameOf(route)} as ${path.slice(0, 80)}`,
          );
        }
      }
    }
    expect(await stored()).toEqual(before);
  });

  const refused = (route: Route): string[] => [
    'INVALID_INPUT',
    'UNSUPPORTED_IMAGE',
    ...(isForRuns(route) ? ['UNAUTHENTICATED'] : []),
  ];

  it('refuse a body that is too large, of another type, or broken', async () => {
    const before = await stored();
    for (const route of closed().filter((one) => nameOf(one) in bodies)) {
      const { token } = nameOf(route).startsWith('PUT /courses') ? home.teacher : home.learner;
      const right = bodies[nameOf(route)]!;
      const what = nameOf(route);
      const large = Buffer.alloc(13 * 1024 * 1024, 'x');
      for (const type of [right, 'application/json', 'text/plain']) {
        const answer = await send(route, { token, type, body: large }).then(
          (response) => refusalOf(response, `${what} with 13 MB of ${type}`),
          // The server does not read on, which a client may notice before it reads the answer.
          (error: unknown) => (error instanceof TypeError ? 'closed' : Promise.reject(error)),
        );
        expect(['TOO_LARGE', 'closed', ...refused(route)], `${what} ${type}`).toContain(answer);
      }
      for (const [type, body] of [
        ['text/plain', 'text'],
        ['application/xml', '<x/>'],
        ['multipart/form-data; boundary=x', '--x--'],
        ['application/x-www-form-urlencoded', 'query=x'],
        ['nonsense', 'x'],
        ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
        ['application/json', '{"query":'],
        ['application/json', '{"__proto__": {"polluted": true}}'],
        [right, ''],
      ] as const) {
        const path = pathWith(route, idMadeByCaller.includes(what) ? { ...ownIds, id: newId() } : ownIds);
        const code = await refusalOf(await send(route, { path, token, type, body }), `${what} with ${type} ${body}`);
        expect(refused(route), `${what} with ${type} ${body}`).toContain(code);
      }
    }
    expect(await stored()).toEqual(before);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('refuse every other method, and paths that are none', async () => {
    const before = await stored();
    const paths = new Set(routes.filter(({ method }) => method !== 'OPTIONS').map(({ path }) => path));
    for (const path of paths) {
      const known = routes.filter((route) => route.path === path).map(({ method }) => method);
      for (const method of methods.filter((one) => !known.includes(one))) {
        const what = `${method} ${path}`;
        const response = await send({ method, path: path.replace('*', 'x') }, { token: home.admin.token });
        expect(await refusalOf(response, what), what).toBe('UNKNOWN_OPERATION');
        expect(response.status, what).toBe(404);
      }
    }
    for (const path of ['/nonsense', '/graphql/x', '/files', '/uploads/', '/%', '/%00', `/${'x'.repeat(5_000)}`]) {
      await refusalOf(await fetch(api.url + path), path);
    }
    expect(await stored()).toEqual(before);
  });
});
