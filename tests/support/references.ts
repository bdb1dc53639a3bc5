import 'reflect-metadata';
import { describeApi } from '../../apps/api/src/operation/describe-api.js';
import { renderReferences } from '../../apps/cli/src/docs/references.js';
import { buildProgram } from '../../apps/cli/src/program.js';

export { findStale } from '../../apps/cli/src/docs/references.js';

/** The references as the code would write them now: path → text. */
export async function renderNow(): Promise<ReadonlyMap<string, string>> {
  return renderReferences(await describeApi(), buildProgram());
}
