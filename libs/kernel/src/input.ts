import { fail, type Failure, type FailureIssue } from './failure.js';

/** At most this many problems are told at once. */
const toldIssues = 20;

/** The part of a schema's error that is told. */
interface SchemaError {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}

/** What a schema found wrong, each problem with its place, below `place` if that is given. */
export function issuesOf({ issues }: SchemaError, ...place: string[]): FailureIssue[] {
  return issues.map(({ path, message }) => ({ path: [...place, ...path].join('.'), message }));
}

/** INVALID_INPUT that speaks of the first problem and lists them. */
export function refuseInput(issues: readonly FailureIssue[]): Failure {
  const [first] = issues;
  const place = first?.path ? `${first.path}: ` : '';
  return fail('INVALID_INPUT', `${place}${first?.message ?? 'wrong shape'}`, { issues: issues.slice(0, toldIssues) });
}
