/** First line of each generated page. */
export const generatedNote =
  'Generated from the code by `npm run docs:generate`; change the code, not this page. `npm run docs:check` compares.';

/** A table, its columns aligned as the formatter aligns them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((row) => row.map(cell));
  const widths = head.map((_, column) => Math.max(3, ...all.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, column) => text.padEnd(widths[column]!)).join(' | ')} |`;
  const [first, ...rest] = all.map(line);
  return [first, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rest].join('\n');
}

/** Text between back ticks. */
export function code(text: string): string {
  return `\`${text}\``;
}

/** Joins the parts of a page with blank lines, and ends it with a line end. */
export function page(...parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll('|', '\\|');
}
