import DataLoader from 'dataloader';
import type { GraphqlContext } from './context.js';

/**
 * A loader of this request: what one level of an operation asks for is read at once, however many parents ask.
 * @param name says what is loaded and with which arguments; the same name is the same loader
 * @param readMany answers by key; a key that it leaves out loads as null
 */
export function loaderOf<K, V>(
  context: GraphqlContext,
  name: string,
  readMany: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
): DataLoader<K, V | null> {
  const kept = context.loaders.get(name) as DataLoader<K, V | null> | undefined;
  if (kept !== undefined) return kept;
  const loader = new DataLoader<K, V | null>(async (keys) => {
    const found = await readMany(keys);
    return keys.map((key) => found.get(key) ?? null);
  });
  context.loaders.set(name, loader);
  return loader;
}
