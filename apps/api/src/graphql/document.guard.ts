import { Location, type DocumentNode } from 'graphql';
import { fail, FailureError } from '#libs/kernel';

/**
 * Refuses a document that did not come through the parser: Mercurius takes a JSON text in its place for one that was
 * parsed already, which would pass by the limit of tokens and may be anything.
 */
export function refuseUnparsed(document: DocumentNode): void {
  if (!((document as Partial<DocumentNode> | null)?.loc instanceof Location))
    throw new FailureError(fail('INVALID_INPUT', 'Send the operation as a text in the GraphQL language.'));
}
