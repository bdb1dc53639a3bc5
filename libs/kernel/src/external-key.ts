import { fail, type Failure } from './failure.js';

/** Who a thing is elsewhere: a source system and the id that it has there. */
export interface ExternalKey {
  readonly source: string;
  readonly externalId: string;
}

/** An external key as callers send it: both parts, or neither. */
export type ExternalKeyInput = { readonly [Part in keyof ExternalKey]?: string | null };

/** Refuses half a key. */
export function checkExternalKey({ source, externalId }: ExternalKeyInput): Failure | null {
  if (((source ?? null) === null) === ((externalId ?? null) === null)) return null;
  return fail('INVALID_INPUT', 'source and externalId go together: send both or neither.');
}
