export * from './sample.js';
export * from './sample-codec.js';
export type { Capture, Frame } from './compose-sample.js';
export * from './from-human.js';
export * from './from-media-pipe.js';
export * from './from-web-gazer.js';
export * from './mirror-sample.js';
export * from './strip-identity.js';
