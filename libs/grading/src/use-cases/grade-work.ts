import type { Actor } from '#libs/identity';
import type { Specification } from '../kinds/specification.js';
import type { FileStore, StoredFile } from '../files.ports.js';
import type { GradingResult } from '../model/grading-result.js';
import { ungraded, type Ungraded, type WorkToGrade } from '../ports.js';
import type { Graders } from './graders.js';
import { openFiles } from './open-file.js';

/** Work to grade, whose files are still closed. */
export type ClosedWork = Omit<WorkToGrade<Specification>, 'actor' | 'pictures' | 'file'> & {
  readonly files: readonly StoredFile[];
};

/** Opens the files of a piece of work, and has it graded. Whatever a grader does wrong is a result, so that it cannot hold up others. */
export async function gradeWork(
  { store, graders }: { readonly store: FileStore; readonly graders: Graders },
  actor: Actor,
  { files, ...work }: ClosedWork,
): Promise<GradingResult | Ungraded> {
  try {
    return await graders.grade({ actor, ...work, ...(await openFiles(store, actor, files)) });
  } catch (cause) {
    return ungraded('grader-crashed', { cause });
  }
}
