type Node<T> = readonly (Node<T> | T | undefined)[];
type Filled<T> = (Filled<T> | T | undefined)[];

const bits = 5;
const width = 1 << bits;

/**
 * An immutable table from whole numbers to values. Setting one copies the path to it only, 32 references a level, and
 * shares the rest with the table before (a radix tree, as in P. Bagwell, "Ideal Hash Trees", 2001).
 */
export class NumberTable<T> {
  static readonly empty: NumberTable<never> = new NumberTable<never>([], bits, width, 0);

  private constructor(
    private readonly root: Node<T>,
    /** Bits that the root and what is below it tell apart. */
    private readonly reach: number,
    /** Keys are below 2 to the power of that. */
    private readonly limit: number,
    /** Number of values. */
    readonly size: number,
  ) {}

  /** A table of rows, each under its first number: it is filled in place, so it takes time in proportion to the rows. */
  static of<T>(rows: readonly (readonly number[])[], valueOf: (row: readonly number[]) => T): NumberTable<T> {
    let [reach, limit, most] = [bits, width, 0];
    for (const row of rows) most = Math.max(most, row[0]!);
    for (; most >= limit; reach += bits) limit *= width;
    const root: Filled<T> = [];
    let size = 0;
    for (const row of rows) {
      const key = row[0]!;
      let node = root;
      for (let shift = reach - bits; shift > 0; shift -= bits) {
        const place = (key >>> shift) & (width - 1);
        node = (node[place] ??= []) as Filled<T>;
      }
      if (node[key & (width - 1)] === undefined) size++;
      node[key & (width - 1)] = valueOf(row);
    }
    return new NumberTable<T>(root, reach, limit, size);
  }

  get(key: number): T | undefined {
    if (key >= this.limit) return undefined;
    let node: Node<T> | undefined = this.root;
    for (let shift = this.reach - bits; shift > 0; shift -= bits) {
      node = node[(key >>> shift) & (width - 1)] as Node<T> | undefined;
      if (node === undefined) return undefined;
    }
    return node[key & (width - 1)] as T | undefined;
  }

  set(key: number, value: T): NumberTable<T> {
    let { root, reach, limit } = this;
    for (; key >= limit; reach += bits, limit *= width) root = this.size === 0 ? [] : [root];
    const isNew = this.get(key) === undefined;
    return new NumberTable(copyWith(root, reach - bits, key, value), reach, limit, this.size + (isNew ? 1 : 0));
  }

  /** Keys and values in the order of the keys. */
  *entries(): Generator<[number, T]> {
    yield* this.mapped((key, value): [number, T] => [key, value]);
  }

  /** What a function makes of each key and value, in the order of the keys. */
  mapped<R>(make: (key: number, value: T) => R): R[] {
    const made: R[] = [];
    collect(this.root, this.reach - bits, 0, make, made);
    return made;
  }
}

function copyWith<T>(node: Node<T> | undefined, shift: number, key: number, value: T): Node<T> {
  const copy = node === undefined ? [] : node.slice();
  const place = (key >>> shift) & (width - 1);
  copy[place] = shift === 0 ? value : copyWith(copy[place] as Node<T> | undefined, shift - bits, key, value);
  return copy;
}

function collect<T, R>(
  node: Node<T>,
  shift: number,
  base: number,
  make: (key: number, value: T) => R,
  made: R[],
): void {
  for (let place = 0; place < node.length; place++) {
    const child = node[place];
    if (child === undefined) continue;
    const key = base + (place << shift);
    if (shift === 0) made.push(make(key, child as T));
    else collect(child as Node<T>, shift - bits, key, make, made);
  }
}
