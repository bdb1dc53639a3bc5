import 'reflect-metadata';
import { projectFolder } from '#libs/platform';
import { describeApi } from '../../apps/api/src/operation/describe-api.js';
import { renderReferences } from '../../apps/cli/src/docs/references.js';
import { buildProgram } from '../../apps/cli/src/program.js';

export { findStale } from '../../apps/cli/src/docs/references.js';

/** The references as the code would write them now, into a folder, the project's if none is given: path → text. */
export async function renderNow(folder = projectFolder): Promise<ReadonlyMap<string, string>> {
  return renderReferences(await describeApi(), buildProgram(), folder);
}
