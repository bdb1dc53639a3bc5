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
