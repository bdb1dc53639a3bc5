import { testExamplesOf } from '../model/test-set.js';
import type { Dataset } from '../model/training-plan.js';

/** A file of what learners get: a text, or an image of the archive under another path. */
export type HandOutFile = { readonly path: string } & ({ readonly text: string } | { readonly image: string });

/**
 * What learners of a project get: training and validation images in folders by label and listed in `examples.csv`, the test
 * images by names that say nothing, a `predictions.csv` to be filled in, and what the images are.
 */
export function handOutOf(name: string, index: Dataset): HandOutFile[] {
  const known = index.items.filter(({ split }) => split !== 'test');
  const test = testExamplesOf(index);
  const examples = [['path', 'split', 'label'], ...known.map(({ path, split, label }) => [path, split, label ?? ''])];
  const predictions = [['example', 'label'], ...test.map(({ example }) => [example, ''])];
  return [
    { path: 'README.md', text: readmeOf(name, index, test.length) },
    { path: 'examples.csv', text: csvOf(examples) },
    { path: 'predictions.csv', text: csvOf(predictions) },
    ...known.map(({ path }) => ({ path, image: path })),
    ...test.map(({ example, path }) => ({ path: `test/${example}`, image: path })),
  ];
}

function readmeOf(name: string, { labels, card }: Dataset, tests: number): string {
  return `# ${name}

${card.description}

Licence: ${card.licence}. ${card.isSynthetic ? 'A program made the images.' : ''}

- \`training/\` and \`validation/\`: images in folders by label; \`examples.csv\` names the label of each.
- \`test/\`: ${tests} images whose labels are not told. Hand in \`predictions.csv\` with the label of each: one row for each
  image, spelt as here: ${labels.map((label) => `\`${label}\``).join(', ')}.
`;
}

/** Comma-separated values (RFC 4180). */
function csvOf(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}
