/** A GraphQL document with the types of what it takes and gives. */
export interface Operation<Data, Variables> {
  readonly name: string;
  readonly document: string;
  /** For the compiler only. */
  readonly __types?: (variables: Variables) => Data;
}

/**
 * Makes an operation of a document that holds exactly one named operation. Where a field gives a union, select
 * `__typename` and `...on Refusal { code message }` beside the good outcome: a refusal is thrown as AttuneFailure.
 */
export function operation<Data, Variables = Record<string, never>>(document: string): Operation<Data, Variables> {
  const text = document.replaceAll(/\s+/g, ' ').trim();
  const name = /^(?:query|mutation)\s+(\w+)/.exec(text)?.[1];
  if (name === undefined) throw new Error('An operation starts with `query Name` or `mutation Name`.');
  return { name, document: text };
}

/** How an operation selects a refusal. */
export const refusal = '... on Refusal { code message }';

/** What a field gives when it is not refused. */
export type Outcome<Name extends string, Fields> = { readonly __typename: Name } & Readonly<Fields>;
