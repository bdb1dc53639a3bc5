import { parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql, startTestApi, type TestApi } from '../support/api.js';
import { foundSchool, type School } from '../support/school.js';

describe('the limits of one operation', () => {
  let api: TestApi;
  let school: School;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'limits-school');
  }, 60_000);
  afterAll(() => api?.close());

  const codesOf = async (operation: string, variables: object = {}) => {
    const answer = await graphql(api.url, operation, { token: school.teacher.token, variables: { ...variables } });
    return (answer.errors ?? []).map(({ extensions }) => extensions.code);
  };
  const nest = (depth: number): string => (depth === 0 ? 'id' : `courses { ${nest(depth - 1)} }`);
  const times = (count: number, one: (index: number) => string) =>
    Array.from({ length: count }, (_, i) => one(i)).join(' ');

  it.each([
    ['too deep', `{ ${nest(12)} }`],
    ['too many aliases', `{ ${times(31, (i) => `a${i}: viewer { id }`)} }`],
    ['too many fields', `{ viewer { ${times(501, () => 'id')} } }`],
    ['too many tokens', `{ viewer { ${times(4_001, () => 'id')} } }`],
    ['too costly', '{ courses(first: 100) { edges { node { activities(first: 100) { edges { node { id } } } } } } }'],
    [
      'too costly by variables',
      'query ($n: Int!) { courses(first: $n) { edges { node { activities(first: $n) { edges { node { a: id b: kind c: number d: version e: language f: modality } } } } } } }',
    ],
    [
      'too many aliases, by fragments',
      `{ ...all ...all } fragment all on Query { ${times(16, (i) => `a${i}: viewer { id }`)} }`,
    ],
  ])('refuses what is %s', async (_, operation) => {
    expect(await codesOf(operation, { n: 100 })).toContain('QUERY_TOO_COMPLEX');
  });

  it.each([
    [
      'that spreads fragments without a field two to the sixtieth times, in a circle',
      `{ ...f0 } ${times(59, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`)}
       fragment f59 on Query { ...f0 }`,
    ],
    [
      'that asks for the schema a billion times',
      `{ __schema { ${times(100, (i) => `t${i}: types { ...T }`)} } }
       fragment T on __Type { ${times(60, (i) => `f${i}: fields { ...F }`)} }
       fragment F on __Field { ${times(300, (i) => `n${i}: name`)} }`,
    ],
    ['that repeats one field until the tokens end', `{ ${times(3_900, () => 'viewer')} }`],
    ['whose unused fragment does', `{ viewer { id } } fragment f on Query { ${times(3_900, () => 'viewer')} }`],
  ])('refuses somebody without a token a document %s', async (_, operation) => {
    const { status, errors } = await graphql(api.url, operation);
    expect(errors!.map(({ extensions }) => extensions.code)).toEqual(['QUERY_TOO_COMPLEX']);
    expect(status).toBe(400);
  });

  it('survives values, variables and directives without measure', async () => {
    const deep = `${'['.repeat(1_900)}${']'.repeat(1_900)}`;
    const many = 'query ($id: UUID!, $more: [UUID!]) { course(id: $id) { id } session(id: $more) { id } }';
    for (const [operation, variables] of [
      [`{ courses(after: ${deep}) { pageInfo { hasNextPage } } }`, {}],
      [`{ ${times(1_300, () => 'viewer {')} id ${'}'.repeat(1_300)} }`, {}],
      [`{ viewer { id ${times(900, () => '@include(if: true)')} } }`, {}],
      [`query (${times(900, (i) => `$v${i}: Int`)}) { viewer { id } }`, {}],
      [many, { id: 'x', more: Array.from({ length: 100_000 }, () => 0) }],
    ] as const) {
      for (let attempt = 0; attempt < 3; attempt++) {
        const { errors, status } = await graphql(api.url, operation, { variables });
        expect(status, operation.slice(0, 60)).toBe(400);
        for (const { extensions } of errors!) expect(['INVALID_INPUT', 'QUERY_TOO_COMPLEX']).toContain(extensions.code);
        expect(errors!.length).toBeLessThanOrEqual(100);
      }
    }
  });

  it('answers a thousand wrong items of a list with no more errors than somebody reads, compiled or not', async () => {
    const operation = `mutation ($input: CreateUserInput!) { createUser(input: $input) { __typename } }`;
    const roles = Array.from({ length: 1_000 }, () => 7);
    const input = { id: school.courseId, name: 'x', email: 'x@x.test', password: 'x', language: 'en', roles };
    for (let attempt = 0; attempt < 3; attempt++) {
      const { errors } = await graphql(api.url, operation, { variables: { input } });
      for (const { extensions } of errors!) expect(extensions.code).toBe('INVALID_INPUT');
      expect(errors!.length).toBeLessThanOrEqual(100);
    }
  });

  it('runs the operation that is named, whichever came before it under the same text', async () => {
    const { token } = school.admin;
    const document = `query Look { course(id: "${school.courseId}") { id archivedAt } }
      query Ask { viewer { email } }
      mutation Archive { archiveCourse(courseId: "${school.courseId}") { __typename } }`;
    const run = async (operationName: string) => {
      const response = await fetch(`${api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: document, operationName }),
      });
      return (await response.json()) as { data: Record<string, unknown> };
    };
    const looked = { data: { course: { id: school.courseId, archivedAt: null } } };
    const asked = { data: { viewer: { email: school.admin.email } } };
    expect(await run('Ask')).toEqual(asked);
    for (let round = 0; round < 3; round++) {
      expect(await run('Look')).toEqual(looked);
      expect(await run('Ask')).toEqual(asked);
    }
    expect(await run('Archive')).toEqual({ data: { archiveCourse: { __typename: 'Course' } } });
    expect(await run('Ask')).toEqual(asked);
    expect(await run('Look')).toMatchObject({ data: { course: { archivedAt: expect.any(String) } } });
    await graphql(api.url, `mutation { restoreCourse(courseId: "${school.courseId}") { __typename } }`, { token });
  });

  it.each(['GET', 'POST'])('refuses the name of an operation that is not there, by %s', async (method) => {
    const query = '{ viewer { id } }';
    for (let attempt = 0; attempt < 3; attempt++) {
      const url = `${api.url}/graphql`;
      const response = await (method === 'GET'
        ? fetch(`${url}?query=${encodeURIComponent(query)}&operationName=nonsense`)
        : fetch(url, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ query, operationName: 'nonsense' }),
          }));
      expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('INVALID_INPUT')]);
    }
  });

  it('refuses fragments that go in a circle', async () => {
    const codes = await codesOf('{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }');
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes) expect(['INVALID_INPUT', 'QUERY_TOO_COMPLEX']).toContain(code);
  });

  it.each([
    ['an unknown field', '{ viewer { secretHash } }'],
    ['an unknown operation', 'mutation { dropEverything { id } }'],
    ['an unknown argument', '{ courses(last: 5) { pageInfo { hasNextPage } } }'],
    ['a missing argument', '{ course { id } }'],
    ['a text that cannot be stored', '{ courses(after: "\\u0000") { pageInfo { hasNextPage } } }'],
    ['what is no GraphQL', 'select * from users'],
    ['nothing', ''],
    ['two operations without a name', '{ viewer { id } } { viewer { name } }'],
    ['a subscription', 'subscription { viewer { id } }'],
  ])('refuses %s by a typed error', async (_, operation) => {
    const codes = await codesOf(operation);
    expect(codes.length).toBeGreaterThan(0);
    for (const code of codes) expect(code).toBe('INVALID_INPUT');
  });

  it('refuses a field whose own arguments are out of range', async () => {
    const inside = (field: string) => `query ($id: UUID!) { course(id: $id) { ${field} } }`;
    for (const field of [
      'activities(first: 101) { pageInfo { hasNextPage } }',
      'learnerActivities(first: -1) { pageInfo { hasNextPage } }',
      'enrolments(after: "bm90IGFuIGlk") { pageInfo { hasNextPage } }',
      'activities(after: "OTk5OTk5OTk5OTk5") { pageInfo { hasNextPage } }',
    ])
      expect(await codesOf(inside(field), { id: school.courseId }), field).toEqual(['INVALID_INPUT']);
  });

  it('takes no mutation by GET, and nothing that is not JSON', async () => {
    const token = { authorization: `Bearer ${school.admin.token}` };
    const mutation = encodeURIComponent(`mutation { archiveCourse(courseId: "${school.courseId}") { __typename } }`);
    const got = await fetch(`${api.url}/graphql?query=${mutation}`, { headers: token });
    expect([got.status, await got.text()]).toEqual([400, expect.stringContaining('INVALID_INPUT')]);
    for (const [type, body] of [
      ['application/json', '{"query": "{ viewer '],
      ['application/json', '[]'],
      ['application/json', '[{"query": "{ viewer { id } }"}]'],
      ['application/json', '{"query": 7}'],
      ['application/json', '{"query": ""}'],
      [
        'application/json',
        JSON.stringify({ query: JSON.stringify({ kind: 'Document', definitions: [{ kind: 'X' }] }) }),
      ],
      ['application/json', JSON.stringify({ query: JSON.stringify(parse('{ viewer { id } }')) })],
      ['application/json', '{"query": "{ viewer { id } }", "variables": "none"}'],
      ['text/plain', '{ viewer { id } }'],
      ['application/xml', '<query/>'],
    ] as const) {
      const headers = { ...token, 'content-type': type };
      const response = await fetch(`${api.url}/graphql`, { method: 'POST', headers, body });
      const text = await response.text();
      expect(response.status, `${type} ${body}: ${text}`).toBeGreaterThanOrEqual(400);
      expect(response.status, `${type} ${body}: ${text}`).toBeLessThan(500);
      expect(text).toContain('INVALID_INPUT');
    }
    const [course] = [
      await graphql(api.url, '{ courses { edges { node { archivedAt } } } }', { token: school.admin.token }),
    ];
    expect(course.data!['courses'].edges[0].node.archivedAt).toBeNull();
  });
});
