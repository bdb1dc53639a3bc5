import { getOperationAST, Kind, Location, parse, type DocumentNode } from 'graphql';
import { fail, FailureError } from '#libs/kernel';
import { excessOf, operationLimits } from './operation-limits.js';

/**
 * Refuses a document before the rules of GraphQL look at it, some of which take more than linear time: one beyond the
 * limits, and one that did not come through the parser. Mercurius takes a JSON text in its place for one that was
 * parsed already, which would pass by the limit of tokens and may be anything.
 */
export function refuseUnfitDocument(document: DocumentNode): void {
  if (!((document as Partial<DocumentNode> | null)?.loc instanceof Location))
    throw new FailureError(fail('INVALID_INPUT', 'Send the operation as a text in the GraphQL language.'));
  const excess = excessOf(document);
  if (excess !== null) throw new FailureError(fail('QUERY_TOO_COMPLEX', excess));
}

/**
 * Keeps a document with several operations from being compiled. Mercurius keeps what it compiled by the text alone,
 * and would run the operation that was asked for first, whatever `operationName` says. A document that a hook
 * hands back is neither compiled nor run compiled.
 */
export function withoutCompiling(document: DocumentNode): { document: DocumentNode } | undefined {
  const operations = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  return operations.length > 1 ? { document } : undefined;
}

/**
 * Refuses a GET whose document has no operation of the name that is asked for, or several and no name is given.
 * Mercurius looks at the operation of a GET before anything is executed, and takes for granted that there is one.
 */
export function refuseUnnamed(source: string, operationName: string | undefined): void {
  let document: DocumentNode;
  try {
    document = parse(source, { maxTokens: operationLimits.tokens, noLocation: true });
  } catch {
    // Mercurius parses it again, and says what is wrong with it.
    return;
  }
  if (!getOperationAST(document, operationName))
    throw new FailureError(fail('INVALID_INPUT', 'Name one operation of the document as `operationName`.'));
}
