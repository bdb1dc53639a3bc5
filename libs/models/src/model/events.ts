import { courseStream, type NewEvent } from '#libs/kernel';
import type { ModelPackage, ModelState } from './model-package.js';

/** What the teachers of a course hear of its models. */
export interface CourseModelEvents {
  'model.changed': {
    readonly courseId: string;
    readonly modelId: string;
    /** Null until it is verified. */
    readonly name: string | null;
    readonly version: number | null;
    readonly state: ModelState;
    /** Why it was refused, or why the system moved it. */
    readonly reason: string | null;
  };
}

/**
 * The teachers hear that a model has come, was verified or refused, or was moved.
 * @param reason why the system moved it; null where people did
 */
export function modelChanged(
  { id, courseId, verified, refusal }: ModelPackage,
  state: ModelState,
  reason: string | null,
): NewEvent {
  const payload: CourseModelEvents['model.changed'] = {
    courseId,
    modelId: id,
    name: verified?.name ?? null,
    version: verified?.version ?? null,
    state,
    reason: reason ?? refusal?.reason ?? null,
  };
  return { stream: courseStream(courseId), type: 'model.changed', payload };
}
