/** At most `first` items after a key, and whether there are more. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
}

/** Which page of a list; the key says where the page before ended. */
export interface PageRequest<Key = string> {
  /** Length of the page, 1 to 100. */
  readonly first: number;
  readonly after: Key | null;
}

/** Where an item stands in a list by time. */
export interface TimeKey {
  readonly at: Date;
  readonly id: string;
}
