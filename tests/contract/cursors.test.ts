import { isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { objectTypesOf, schemaOf } from '../support/schema.js';
import { foundSizedSchool, type SizedSchool } from '../support/sized-school.js';

/** Every field of the schema that is read page by page, as Type.field. */
function pagedFieldsOf(api: TestApi): string[] {
  return objectTypesOf(schemaOf(api)).flatMap((type) =>
    Object.values(type.getFields())
      .filter(({ args }) => args.some(({ name }) => name === 'after'))
      .map(({ name }) => `${type.name}.${name}`),
  );
}

describe('cursors', () => {
  let api: TestApi;
  let school: SizedSchool;
  let datasetId: string;
  let scannedId: string;
  let fields: string[];

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSizedSchool(api, 'cursor-school', 2);
    const found = await query<{ id: string }>(api.database.ownerUrl, 'SELECT id FROM training_datasets LIMIT 1');
    datasetId = found[0]!.id;
    const scanned = await query<{ id: string }>(api.database.ownerUrl, 'SELECT assignment_id AS id FROM scan_batches');
    scannedId = scanned[0]!.id;
    fields = pagedFieldsOf(api);
  }, 60_000);
  afterAll(() => api?.close());

  /** Who may see the whole list. */
  const askerOf = (field: string) => {
    if (field === 'users') return school.admin;
    return field === 'consents' || field === 'sessions' ? school.learner : school.teacher;
  };

  /** What a list that is no query hangs on. */
  const parentOf = (type: string): string | null => {
    if (type === 'Query') return null;
    if (type === 'TrainingDataset') return `trainingDataset(id: "${datasetId}")`;
    return type === 'Assignment' ? `assignment(id: "${scannedId}")` : `course(id: "${school.courseId}")`;
  };

  /** Reads one item after a cursor: the page, or the code of the refusal. */
  const read = async (name: string, after: string | null) => {
    const [type, field] = name.split('.') as [string, string];
    const owner = schemaOf(api).getType(type);
    const definition = isObjectType(owner) ? owner.getFields()[field] : undefined;
    const ids: Record<string, string> = { courseId: school.courseId, learnerId: school.learner.id };
    const named = (definition?.args ?? [])
      .filter((arg) => arg.name in ids)
      .map((arg) => `${arg.name}: "${ids[arg.name]}"`);
    const own = `${field}(first: 1, after: $after, ${named.join(', ')}) { edges { cursor } pageInfo { hasNextPage endCursor } }`;
    const parent = parentOf(type);
    const document = parent === null ? own : `${parent} { ${own} }`;
    const { data, errors } = await graphql(api.url, `query ($after: String) { ${document} }`, {
      token: askerOf(field).token,
      variables: { after },
    });
    if (errors !== undefined) return errors[0]!.extensions.code;
    const page = parent === null ? data![field] : Object.values<Record<string, unknown>>(data!)[0]![field];
    return page as { edges: { cursor: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  };

  it('go on where a page ended, and are refused by every list of another kind', async () => {
    expect(fields.length).toBeGreaterThan(7);
    const cursors = new Map<string, string>();
    for (const name of fields) {
      const page = await read(name, null);
      if (typeof page === 'string') throw new Error(`${name}: ${page}`);
      expect(page.pageInfo.hasNextPage, name).toBe(true);
      const next = await read(name, page.pageInfo.endCursor);
      if (typeof next === 'string') throw new Error(`${name}: ${next}`);
      expect(next.edges.length, name).toBe(1);
      expect(next.edges[0]!.cursor, name).not.toBe(page.edges[0]!.cursor);
      cursors.set(name, page.pageInfo.endCursor);
    }
    const encode = (text: string) => Buffer.from(text).toString('base64url');
    const kindOf = (cursor: string) =>
      Buffer.from(cursor, 'base64url')
        .toString()
        .replaceAll(/[0-9a-f]+/g, '1');
    const nonsense = [
      '',
      'x',
      '====',
      encode('nonsense'),
      encode('-1'),
      encode(`yesterday/${newId()}`),
      encode(`${newId()}x`),
    ];
    nonsense.push(
      encode(`2026-01-01/${newId()}`),
      encode(`${new Date().toISOString()}/x`),
      encode('1e3'),
      'x'.repeat(9_999),
    );
    for (const [name, own] of cursors) {
      const others = [...cursors.values()].filter((cursor) => kindOf(cursor) !== kindOf(own));
      expect(others.length, name).toBeGreaterThan(0);
      for (const cursor of [...nonsense, ...others])
        expect(await read(name, cursor), `${name} ${cursor}`).toBe('INVALID_INPUT');
    }
  });
});
