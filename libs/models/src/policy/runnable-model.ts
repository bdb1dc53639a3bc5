import type { Manifest } from '../model/manifest.js';
import type { RunnableModel } from '../ports.js';
import { readGoldenSet } from './golden-cases.js';

/**
 * The model of a package as a runtime needs it.
 * @param key names it among the loaded ones
 * @param read gives files of the package by their paths
 */
export function runnableModel(
  key: string,
  manifest: Manifest,
  read: (paths: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>,
): RunnableModel {
  const { format, entry, input, outputs, files } = manifest;
  const isOfModel = (path: string): boolean =>
    path === entry || path.startsWith(`${entry}/`) || (format.startsWith('tfjs') && /^[^/]+\.bin$/.test(path));
  return {
    key,
    format,
    entry,
    input: { name: input.name, dtype: input.dtype, shape: input.shape.slice(1) as number[] },
    outputs: outputs.map(({ name }) => name),
    files: () => read(files.map(({ path }) => path).filter(isOfModel)),
    golden: () => readGoldenSet(manifest, read),
  };
}
