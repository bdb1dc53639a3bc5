export * from './disk-archive.store.js';
export * from './disk-file.store.js';
export * from './disk-package.store.js';
export * from './disk-package.writer.js';
export * from './zip.archive.js';
export * from './write-zip.js';
export * from './training-package.js';
