import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, introspectionFromSchema, Kind, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#libs/client';
import { eventMap, type Namespace } from '#libs/contracts';
import { failureCodes } from '#libs/kernel';
import { excessOf } from '../support/hostile-graphql.js';
import { findStale, renderNow } from '../support/references.js';

const root = join(import.meta.dirname, '../..');

describe('the references in docs/', () => {
  let references: ReadonlyMap<string, string>;
  let copy: string;

  beforeAll(async () => {
    references = await renderNow();
    copy = await mkdtemp(join(tmpdir(), 'attune-references-'));
  }, 60_000);
  afterAll(() => rm(copy, { recursive: true, force: true }));

  it('say what the code says (else run: npm run docs:generate)', async () => {
    expect(await findStale(references, root)).toEqual([]);
  });

  it('are found out when they are stale or missing', async () => {
    for (const path of references.keys()) await cp(join(root, path), join(copy, path));
    const page = join(copy, 'docs/error-codes.md');
    await writeFile(page, (await readFile(page, 'utf8')).replace('NOT_FOUND', 'NOT_THERE'));
    await rm(join(copy, 'docs/realtime.md'));
    expect((await findStale(references, copy)).toSorted()).toEqual(['docs/error-codes.md', 'docs/realtime.md']);
  });

  it('leave out no request, event or error code', () => {
    const realtime = references.get('docs/realtime.md')!;
    for (const namespace of Object.keys(eventMap) as Namespace[]) {
      for (const request of Object.keys(eventMap[namespace].requests)) {
        expect(realtime).toContain(`### ${namespace}: ${request}\n`);
      }
      for (const event of Object.keys(eventMap[namespace].events)) {
        expect(realtime).toContain(`### ${namespace} tells: ${event}\n`);
      }
    }
    for (const code of Object.keys(failureCodes)) {
      expect(references.get('docs/error-codes.md')).toMatch(new RegExp(`\`${code}\` +\\|.*\\| \\d{3} +\\|`));
    }
  });

  it('give no field of an input a default of the schema, which compiled operations would not see', () => {
    const { types } = introspectionFromSchema(buildSchema(references.get('docs/schema.graphql')!)).__schema;
    const defaults = types.flatMap((type) =>
      type.kind === 'INPUT_OBJECT'
        ? type.inputFields.filter(({ defaultValue }) => typeof defaultValue === 'string')
        : [],
    );
    expect(defaults.map(({ name }) => name)).toEqual([]);
  });

  it('publish operations that the schema can run, those of earlier versions as well', () => {
    const schema = buildSchema(references.get('docs/schema.graphql')!);
    const published = JSON.parse(references.get('docs/persisted-operations.json')!) as Record<string, string>;
    expect(Object.values(published)).toEqual(
      expect.arrayContaining(Object.values(operations).map(({ document }) => document)),
    );
    for (const document of Object.values(published)) {
      expect(validate(schema, parse(document)), document).toEqual([]);
      expect(excessOf(parse(document)), document).toBeNull();
    }
  });

  it('keep what was published when an operation changes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'attune-published-'));
    await mkdir(join(folder, 'docs'));
    const [hash, document] = ['0'.repeat(64), 'query Former { viewer { id } }'];
    await writeFile(join(folder, 'docs/persisted-operations.json'), JSON.stringify({ [hash]: document }));
    const kept = JSON.parse((await renderNow(folder)).get('docs/persisted-operations.json')!) as object;
    await rm(folder, { recursive: true });
    expect(Object.values(kept)).toContain(document);
    expect(Object.values(kept)).toHaveLength(Object.keys(operations).length + 1);
  }, 60_000);

  it('publish an operation of the same name for every field of the roots, so that end users need no other', () => {
    const schema = buildSchema(references.get('docs/schema.graphql')!);
    const byName = new Map<string, { name: string; document: string }>(Object.entries(operations));
    for (const type of [schema.getQueryType()!, schema.getMutationType()!]) {
      for (const field of Object.keys(type.getFields())) {
        const published = byName.get(field);
        expect(published, `libs/client/src/operations: ${field}`).toBeDefined();
        const [definition] = parse(published!.document).definitions;
        const [selection] = definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet.selections : [];
        expect(selection?.kind === Kind.FIELD && selection.name.value).toBe(field);
        expect(published!.name).toBe(field[0]!.toUpperCase() + field.slice(1));
      }
    }
  });
});
