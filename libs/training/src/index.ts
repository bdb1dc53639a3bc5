export * from './model/dataset.js';
export * from './model/training-plan.js';
export * from './model/training-run.js';
