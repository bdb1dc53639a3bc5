/** Where the record of management acts is spoken to; it stands in identity, whose own acts are recorded too. */
export { AuditLog, type AuditEntry } from '#libs/identity';
export * from './model/consent.js';
export * from './policy/consent-standing.js';
export * from './ports.js';
export * from './use-cases/read-consents.js';
export * from './use-cases/record-consent.js';
