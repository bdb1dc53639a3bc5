import { policyNamed, type TargetPolicy } from '#libs/recommendation';
import type { PolicyFlags } from './policy-flags.js';

/** The target policy of the flags; null where there is no policy of that name. */
export function findTarget({ policy: name, temperature, epsilon }: PolicyFlags): TargetPolicy | null {
  if (name === 'logged' || name === 'uniform') return { kind: name };
  const [, base, version] = /^([^@]+)(?:@(\d+))?$/.exec(name) ?? [];
  const policy = base === undefined ? null : policyNamed(base, version === undefined ? undefined : Number(version));
  if (policy === null) return null;
  return { kind: 'softmax', temperature: temperature ?? policy.temperature, epsilon: epsilon ?? policy.epsilon };
}
