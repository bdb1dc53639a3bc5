/** Worlds of made-up learners: see `kssWorld` and `forgetfulWorld`. */
export const worldNames = ['kss', 'forgetful'] as const;
export type WorldName = (typeof worldNames)[number];

/** The policies that are compared where nobody says which. */
export const allPolicies = 'attune,random,lowest-mastery,outer-fringe,fringe-and-band,oracle';
