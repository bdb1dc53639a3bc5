export { attune, AttuneChooser } from './attune-chooser.js';
export { fringeWithBand, lowestMastery, oracle, outerFringe, random } from './baselines.js';
export { comparePolicies, type ComparisonOptions, type Mean, type PolicyResult } from './compare-policies.js';
export { ForgetfulLearner } from './forgetful-learner.js';
export type { HiddenLearner } from './hidden-learner.js';
export { KssLearner, kssSkills } from './kss-learner.js';
export { logDecisions, type LogDecisionsOptions } from './log-decisions.js';
export type { Chooser, Encounter, SimulatedPolicy } from './simulated-policy.js';
export { drawGraph, forgetfulWorld, kssWorld, type World } from './world.js';
