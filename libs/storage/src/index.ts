export * from './disk-file.store.js';
