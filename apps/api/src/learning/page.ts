import { fail, FailureError, isId } from '#libs/kernel';
import type { PageRequest } from '#libs/learning';
import { readPageArgs } from '../graphql/connection.type.js';

/** Page arguments of a list whose keys are ids. */
export function readIdPage(first: number, after: string | null | undefined): PageRequest {
  return readPage(first, after, isId);
}

/** Page arguments of a list whose keys are small whole numbers. */
export function readNumberPage(first: number, after: string | null | undefined): PageRequest {
  return readPage(first, after, (key) => /^[1-9]\d{0,8}$/.test(key));
}

function readPage(first: number, after: string | null | undefined, isKey: (key: string) => boolean): PageRequest {
  const page = readPageArgs(first, after);
  if (page.after !== null && !isKey(page.after))
    throw new FailureError(fail('INVALID_INPUT', '`after` is not a cursor of this list.'));
  return page;
}
