export * from './verification/process-package.verifier.js';
