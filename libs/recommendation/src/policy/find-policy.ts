import type { Policy } from '../model/policy.js';

/** The policy of a name and, where one is asked for, a version, the first of these; null when it is none of them. */
export function findPolicy(
  policies: readonly Policy[],
  wanted: { readonly name: string; readonly version?: number | undefined },
): Policy | null {
  const { name, version } = wanted;
  return policies.find((policy) => policy.name === name && (version ?? policy.version) === policy.version) ?? null;
}
