export * from './model/manifest.js';
export * from './model/tensor.js';
export * from './model/training-plan.js';
export * from './ports.js';
