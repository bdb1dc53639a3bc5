export * from './sample.js';
export * from './sample-codec.js';
