import type { SplitBy } from '#libs/training';

/** A picture in a folder, and what the folders say of it. */
export interface FileToLabel {
  readonly path: string;
  readonly label: string;
  readonly group: string | null;
}

/**
 * Reads labels and groups out of paths: `<label>/<file>`, or `<label>/<group>/<file>` where a dataset is split by groups. Hidden
 * files are left out; what lies otherwise is a stray.
 * @param paths relative, with the separators of this system
 */
export function filesToLabel(
  paths: readonly string[],
  splitBy: SplitBy,
): { readonly files: readonly FileToLabel[]; readonly strays: readonly string[] } {
  const depth = splitBy === 'image' ? 2 : 3;
  const files: FileToLabel[] = [];
  const strays: string[] = [];
  for (const path of [...paths].sort()) {
    const parts = path.split(/[/\\]/);
    if (parts.some((part) => part.startsWith('.'))) continue;
    if (parts.length === depth) files.push({ path, label: parts[0]!, group: depth === 3 ? parts[1]! : null });
    else strays.push(path);
  }
  return { files, strays };
}
