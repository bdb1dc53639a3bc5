import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What is filled into the form of the notebook. */
export interface NotebookForm {
  readonly server?: string;
  readonly code?: string;
  /** Name of the archive in the folder on Drive. */
  readonly dataset?: string;
}

interface Notebook {
  readonly cells: readonly { readonly source: readonly string[] }[];
}

/**
 * The notebook that trains, with its form filled in; null where it was not installed with this server.
 * @param folder `training` of the project
 */
export async function fillNotebook(folder: string, form: NotebookForm): Promise<string | null> {
  const text = await readFile(join(folder, 'notebooks/attune_training.ipynb'), 'utf8').catch(() => null);
  if (text === null) return null;
  const notebook = JSON.parse(text) as Notebook;
  const cells = notebook.cells.map((cell) => ({ ...cell, source: cell.source.map((line) => filled(line, form)) }));
  return `${JSON.stringify({ ...notebook, cells }, null, 1)}\n`;
}

/** A line such as `code = "" #@param`, with a value; all others stay. A text of JSON is one of Python, too. */
function filled(line: string, form: NotebookForm): string {
  const name = /^(\w+) = "" #@param/.exec(line)?.[1];
  const value = name !== undefined && name in form ? form[name as keyof NotebookForm] : undefined;
  return value === undefined ? line : line.replace('""', () => JSON.stringify(value));
}
