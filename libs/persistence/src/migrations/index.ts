export { type AppliedMigrations, applyMigrations, type ApplyMigrationsOptions } from './apply-migrations.js';
export { type ApplicationRoleOptions, ensureApplicationRole, urlForRole } from './ensure-application-role.js';
export { MigrationError, type MigrationFault } from './migration.error.js';
