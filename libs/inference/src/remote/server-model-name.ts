import type { RunnableModel } from '#libs/models';

/**
 * What the model of a package is called on servers: `attune-` and the first 32 hexadecimal digits of the SHA-256 of the
 * package. It fits a name of DNS, as KServe asks for, and another package has another one.
 */
export function serverModelName(packageSha256: string): string {
  return `attune-${packageSha256.slice(0, 32)}`;
}

/** The name of a model on servers; null for one that is no package, because nothing proves that theirs is the same. */
export function nameOnServers({ key, golden }: RunnableModel): { readonly name: string } | null {
  return golden !== undefined && /^[0-9a-f]{64}$/.test(key) ? { name: serverModelName(key) } : null;
}
