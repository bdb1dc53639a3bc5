export * from './model/choice.js';
export * from './model/intervention.js';
export * from './model/policy.js';
export * from './policy/choose-intervention.js';
export * from './policy/choose-next.js';
export * from './policy/explain.js';
export * from './policy/fringe-and-band.js';
export * from './policy/skill-graph.js';
