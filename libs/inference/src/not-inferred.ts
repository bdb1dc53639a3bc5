import type { InferenceRefusal, NotInferred } from '#libs/models';

/** Makes a refusal. */
export function notInferred(reason: InferenceRefusal, detail: string): NotInferred {
  return { kind: 'not-inferred', reason, detail };
}
