export * from './answer-parent.js';
export * from './confined-process.js';
