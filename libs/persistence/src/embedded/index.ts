export { EmbeddedPostgres, type EmbeddedPostgresOptions, type UnexpectedExit } from './embedded-postgres.js';
export { EmbeddedPostgresError, type EmbeddedPostgresFault } from './embedded-postgres.error.js';
export { findEmbeddedOwnerUrl } from './find-owner-url.js';
