export * from './answers.js';
export type * from './described.js';
export * from './event-map.js';
export * from './events.js';
export * from './failure.js';
export * from './requests.js';
export * from './samples/index.js';
export * from './scalars.js';
export { isFailure, makeId, type Failure, type FailureCode, type FailureIssue } from '#libs/kernel';
