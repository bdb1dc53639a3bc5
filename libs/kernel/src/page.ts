/** At most `first` items after a key, and whether there are more. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
}

export interface PageRequest {
  readonly first: number;
  readonly after: string | null;
}
