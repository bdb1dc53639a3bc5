/**
 * Gives each feature its column. A feature is a template (a small number, see `templates`) with up to two arguments,
 * whole numbers from 0 to 2²¹ − 1, such as a skill, an item or a pattern. Open addressing over a typed array, key and
 * column side by side: a look-up allocates nothing and mostly reads one line of memory.
 */
export class FeatureIndex {
  /** Key of each column, in the order of the columns. */
  private keys: Float64Array;
  /** Three numbers a slot: template and first argument, second argument, column + 1; 0 where it is free. */
  private slots: Int32Array;
  private mask: number;
  private count = 0;
  private readonly held = new Uint8Array(templateLimit);

  constructor(capacity = 1 << 10) {
    this.keys = new Float64Array(capacity);
    this.slots = new Int32Array(capacity * 2 * slotSize);
    this.mask = capacity * 2 - 1;
  }

  /** Number of columns. */
  get size(): number {
    return this.count;
  }

  /** Whether any feature of a template has a column. */
  holds(template: number): boolean {
    return this.held[template] === 1;
  }

  /** The column of a feature; -1 when it has none. */
  find(template: number, a = 0, b = 0): number {
    const { slots, mask } = this;
    const first = (template << argumentBits) | a;
    for (let slot = hash(template, a, b) & mask; ; slot = (slot + 1) & mask) {
      const at = slot * slotSize;
      const column = slots[at + 2]! - 1;
      if (column < 0 || (slots[at] === first && slots[at + 1] === b)) return column;
    }
  }

  /** The column of a feature, a new one if need be. */
  intern(template: number, a = 0, b = 0): number {
    const found = this.find(template, a, b);
    if (found >= 0) return found;
    if (this.count === this.keys.length) this.grow();
    const column = this.count++;
    this.keys[column] = keyOf(template, a, b);
    this.held[template] = 1;
    this.place(column);
    return column;
  }

  /** Template and arguments of a column. */
  featureOf(column: number): { template: number; a: number; b: number } {
    const key = this.keys[column]!;
    const rest = Math.floor(key / templateLimit);
    return { template: key % templateLimit, a: rest % argumentLimit, b: Math.floor(rest / argumentLimit) };
  }

  templateOf(column: number): number {
    return this.keys[column]! % templateLimit;
  }

  private grow(): void {
    const keys = new Float64Array(this.keys.length * 2);
    keys.set(this.keys);
    this.keys = keys;
    this.slots = new Int32Array(keys.length * 2 * slotSize);
    this.mask = keys.length * 2 - 1;
    for (let column = 0; column < this.count; column++) this.place(column);
  }

  private place(column: number): void {
    const { slots, mask } = this;
    const { template, a, b } = this.featureOf(column);
    let slot = hash(template, a, b) & mask;
    while (slots[slot * slotSize + 2]! > 0) slot = (slot + 1) & mask;
    slots[slot * slotSize] = (template << argumentBits) | a;
    slots[slot * slotSize + 1] = b;
    slots[slot * slotSize + 2] = column + 1;
  }
}

const slotSize = 3;
const argumentBits = 21;
const templateLimit = 128;
const argumentLimit = 1 << argumentBits;

function keyOf(template: number, a: number, b: number): number {
  return (b * argumentLimit + a) * templateLimit + template;
}

function hash(template: number, a: number, b: number): number {
  let h =
    Math.imul(a + 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x165667b1, 0xc2b2ae35) ^ Math.imul(template + 1, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return (h ^ (h >>> 13)) >>> 0;
}
