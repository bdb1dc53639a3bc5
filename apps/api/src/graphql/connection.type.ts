import type { Type } from '@nestjs/common';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { fail, FailureError, type Page, type PageRequest } from '#libs/kernel';
import type { CursorKind } from './cursor.js';

@ObjectType({ description: 'Where a page stands in its list.' })
export class PageInfo {
  @Field()
  hasNextPage!: boolean;

  @Field(() => String, { nullable: true })
  endCursor!: string | null;
}

export interface Edge<T> {
  cursor: string;
  node: T;
}

export interface Connection<T> {
  edges: Edge<T>[];
  pageInfo: PageInfo;
}

/** Makes the connection type of a node (Relay Cursor Connections Specification, forward paging). */
export function connectionTypeOf<T>(node: Type<T>): Type<Connection<T>> {
  const name = node.name.replace(/Type$/, '');
  @ObjectType(`${name}Edge`)
  class NodeEdge {
    @Field()
    cursor!: string;

    @Field(() => node)
    node!: T;
  }

  @ObjectType(`${name}Connection`)
  class NodeConnection {
    @Field(() => [NodeEdge])
    edges!: NodeEdge[];

    @Field(() => PageInfo)
    pageInfo!: PageInfo;
  }
  return NodeConnection;
}

/** Turns a page into a connection; `keyOf` gives what the next page starts after. */
export function toConnection<T, N, Key>(
  page: Page<T>,
  cursor: CursorKind<Key>,
  keyOf: (item: T) => Key,
  toNode: (item: T) => N,
): Connection<N> {
  const edges = page.items.map((item) => ({ cursor: encode(cursor.write(keyOf(item))), node: toNode(item) }));
  return { edges, pageInfo: { hasNextPage: page.hasMore, endCursor: edges.at(-1)?.cursor ?? null } };
}

export const pageArgs = {
  first: { name: 'first', type: () => Int, defaultValue: 20, description: 'Length of the page, 1 to 100.' },
  after: { name: 'after', type: () => String, nullable: true, description: 'endCursor of the page before.' },
} as const;

/** Checks the arguments of a page and reads the key out of its cursor. */
export function readPageArgs<Key>(
  first: number,
  after: string | null | undefined,
  cursor: CursorKind<Key>,
): PageRequest<Key> {
  if (!Number.isInteger(first) || first < 1 || first > 100) {
    throw new FailureError(fail('INVALID_INPUT', '`first` must be a whole number from 1 to 100.'));
  }
  if (after === null || after === undefined) return { first, after: null };
  const text = Buffer.from(after, 'base64url').toString('utf8');
  const key = encode(text) === after ? cursor.read(text) : null;
  if (key === null) throw new FailureError(fail('INVALID_INPUT', '`after` is not a cursor of this list.'));
  return { first, after: key };
}

function encode(key: string): string {
  return Buffer.from(key, 'utf8').toString('base64url');
}
