export * from './model/consent.js';
export * from './policy/consent-standing.js';
export * from './ports.js';
export * from './use-cases/read-consents.js';
export * from './use-cases/record-consent.js';
