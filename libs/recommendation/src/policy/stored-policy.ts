import type { Policy } from '../model/policy.js';
import { findPolicy } from './find-policy.js';
import { ruleWeights } from './choice-rules.js';
import { interventionNumbers } from './intervention-numbers.js';

/** A policy as data: the numbers in which it differs from one that the code has. */
export interface StoredPolicy {
  readonly name: string;
  readonly version: number;
  readonly base: Pick<Policy, 'name' | 'version'>;
  /** As deep as the policy is; what is left out is as in the base. */
  readonly changes: unknown;
}

/** A policy, or the first thing that is wrong with what was stored. */
export type PolicyReading =
  { readonly kind: 'policy'; readonly policy: Policy } | { readonly kind: 'wrong'; readonly what: string };

/**
 * Reads a stored policy. A change has to name a number that the base has, or may have, and to give a finite one that is
 * not negative; shares and probabilities are at most 1, bands are not upside down, the temperature is above 0.
 */
export function readPolicy(stored: StoredPolicy, known: readonly Policy[]): PolicyReading {
  const base = findPolicy(known, stored.base);
  if (base === null) return wrong(`there is no policy ${stored.base.name} ${stored.base.version}`);
  if (findPolicy(known, stored) !== null) return wrong(`${stored.name} ${stored.version} is taken`);
  const { name: _, version: __, ...numbers } = base;
  const shape = {
    ...numbers,
    weights: { ...ruleWeights, ...base.weights },
    interventions: interventionNumbers(base),
  };
  const changed = change(shape, stored.changes, '');
  if (typeof changed === 'string') return wrong(changed);
  const policy = { ...(changed.value as typeof shape), name: stored.name, version: stored.version };
  const broken = brokenLaw(policy);
  return broken === null ? { kind: 'policy', policy } : wrong(broken);
}

function wrong(what: string): PolicyReading {
  return { kind: 'wrong', what };
}

/** The shape with the changes in it, or what is wrong with them. */
function change(shape: unknown, changes: unknown, place: string): { readonly value: unknown } | string {
  if (changes === undefined) return { value: shape };
  if (typeof shape === 'number') {
    return typeof changes === 'number' && Number.isFinite(changes) && changes >= 0
      ? { value: changes }
      : `${place} is not a number from 0 on`;
  }
  if (typeof changes !== 'object' || changes === null || Array.isArray(changes) !== Array.isArray(shape)) {
    return `${place || 'the whole'} has another shape`;
  }
  const parts = shape as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(changes).find((key) => !Object.hasOwn(parts, key));
  if (unknown !== undefined) return `there is no ${place}${place && '.'}${unknown}`;
  const values: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(parts)) {
    const changed = change(part, (changes as Readonly<Record<string, unknown>>)[key], place ? `${place}.${key}` : key);
    if (typeof changed === 'string') return changed;
    values[key] = changed.value;
  }
  return { value: Array.isArray(shape) ? Object.values(values) : values };
}

function brokenLaw(policy: Policy): string | null {
  const { thresholds, challengeBand, breakFrom, helpFloor } = interventionNumbers(policy);
  const shares: Readonly<Record<string, number>> = {
    masteryThreshold: policy.masteryThreshold,
    epsilon: policy.epsilon,
    breakFrom,
    helpFloor,
    successBand: policy.successBand[1],
    challengeBand: challengeBand[1],
  };
  for (const [name, share] of Object.entries(shares)) if (share > 1) return `${name} is above 1`;
  for (const [aspect, { probability, confidence }] of Object.entries(thresholds)) {
    if (probability > 1 || confidence > 1) return `the threshold of ${aspect} is above 1`;
  }
  if (policy.successBand[0] > policy.successBand[1]) return 'successBand is upside down';
  if (challengeBand[0] > challengeBand[1]) return 'challengeBand is upside down';
  if (policy.temperature === 0) return 'temperature is 0';
  if (!Number.isInteger(policy.shortlist) || policy.shortlist < 1) return 'shortlist is not a number of candidates';
  return null;
}
