export * from './assert-unreachable.js';
export * from './clock.js';
export * from './events.js';
export * from './failure.js';
export * from './id.js';
export * from './page.js';
export * from './rng.js';
