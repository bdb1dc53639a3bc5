import type { Page, PageRequest, TimeKey } from '#libs/kernel';

/** A page out of rows of which one more was read than the page is long. */
export function pageOf<Row, T>(rows: readonly Row[], first: number, toItem: (row: Row) => T): Page<T> {
  return { items: rows.slice(0, first).map(toItem), hasMore: rows.length > first };
}

/** The rows that a list by time, the latest first, has after a key; `column` is the one that holds the time. */
export function olderThan(column: string, { after }: Pick<PageRequest<TimeKey>, 'after'>): { OR?: object[] } {
  return after === null ? {} : { OR: [{ [column]: { lt: after.at } }, { [column]: after.at, id: { lt: after.id } }] };
}
