import { fail, FailureError, isId } from '#libs/kernel';

/** Where an item stands in a list by time: pages go on after it. */
export function timeKey(at: Date, id: string): string {
  return `${at.toISOString()}/${id}`;
}

/** Reads a key back; another text is a cursor of another list. */
export function readTimeKey(key: string): { readonly at: Date; readonly id: string } {
  const [time = '', id = '', ...more] = key.split('/');
  const at = new Date(time);
  if (Number.isNaN(at.getTime()) || !isId(id) || more.length > 0) {
    throw new FailureError(fail('INVALID_INPUT', '`after` is not a cursor of this list.'));
  }
  return { at, id };
}
