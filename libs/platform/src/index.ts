export * from './config.js';
export * from './logger.js';
export * from './project.js';
export * from './system-clock.js';
export * from './metrics.js';
export * from './run-process.js';
export * from './open-telemetry.js';
export * from './telemetry.js';
