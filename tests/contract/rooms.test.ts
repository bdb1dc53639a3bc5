import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

describe('the rooms in docs/architecture.md', () => {
  const libraries = readdirSync(join(root, 'libs')).toSorted();

  it('are the folders of libs/, and say of each what the rules let it import', () => {
    const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    const told = [...page.matchAll(/^\| `libs\/(\w+)` +\|[^|]*\| ([^|]*?) +\|$/gm)].map(([, library, allowed]) => [
      library!,
      namesIn(allowed!).filter((name) => name !== library),
    ]);
    expect(Object.fromEntries(told)).toEqual(allowedByTheRules());
    expect(told.map(([library]) => library).toSorted()).toEqual(libraries);
  });

  /** "a, b", "nothing" or "all but a, b", in order. */
  function namesIn(allowed: string): string[] {
    const names = allowed.replace('all but ', '').split(', ');
    const isLeftOut = allowed.startsWith('all but ');
    return libraries.filter((library) => names.includes(library) !== isLeftOut);
  }
});

function allowedByTheRules(): Record<string, string[]> {
  const { forbidden } = createRequire(import.meta.url)('../../.dependency-cruiser.cjs') as {
    forbidden: { name: string; comment: string }[];
  };
  const rules = forbidden.map(({ comment }) => /^libs\/(\w+) may import: (.*)\.$/.exec(comment));
  return Object.fromEntries(
    rules
      .filter((rule) => rule !== null)
      .map(([, library, allowed]) => [library!, allowed === 'nothing' ? [] : allowed!.split(', ').toSorted()]),
  );
}
