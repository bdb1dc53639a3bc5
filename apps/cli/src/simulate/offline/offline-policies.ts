import {
  attune,
  policyNamed,
  fringeAndBand,
  fringeWithBand,
  lowestMastery,
  oracle,
  outerFringe,
  random,
  type SimulatedPolicy,
} from '#libs/recommendation';
import { SimulateFailure } from '../simulate-failure.js';
import { allPolicies } from './offline-flags.js';

const baselines: readonly SimulatedPolicy[] = [random, lowestMastery, outerFringe, fringeWithBand, oracle];

/** Finds policies by a list of their names; `attune@1` is an earlier version of the one that chooses in production. */
export function findPolicies(list: string): readonly SimulatedPolicy[] {
  const names = [...new Set(list.split(',').map((name) => name.trim()))].filter((name) => name !== '');
  if (names.length === 0) throw new SimulateFailure('Give the policies to compare, separated by commas.');
  return names.map((name) => {
    const found = baselines.find((policy) => policy.name === name) ?? ours(name);
    if (found !== null) return found;
    throw new SimulateFailure(`There is no policy "${name}". There are ${allPolicies}, and attune@1 for a version.`);
  });
}

function ours(name: string): SimulatedPolicy | null {
  const asked = /^attune(?:@(\d+))?$/.exec(name);
  if (asked === null) return null;
  const policy = policyNamed(fringeAndBand.name, asked[1] === undefined ? undefined : Number(asked[1]));
  return policy === null ? null : attune(name, policy);
}
