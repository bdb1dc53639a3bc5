import type { FeatureIndex } from './feature-index.js';
import type { FeatureSet } from './features.js';
import { templates, type FeatureGroup } from './templates.js';

/** Columns are remembered by the place of their arguments up to here. */
const furthestPlace = 1 << 20;

/** In place of a column that was not looked up yet, and of one that the index does not have. */
const unknown = -1;
const absent = -2;

/**
 * A row of features: columns and values, in single precision as they are fitted. Used again from row to row; columns of
 * features other than pairs are looked up in the index once and then found by their arguments.
 */
export class FeatureRow {
  columns = new Int32Array(256);
  values = new Float32Array(256);
  templates = new Uint8Array(256);
  length = 0;
  private readonly has: Uint8Array;
  private readonly seconds = Uint8Array.from(templates, ({ seconds }) => seconds);
  private readonly known: Int32Array[] = templates.map(() => new Int32Array(16).fill(unknown));
  /** How large the index was when columns were last looked up: what it lacked then, it may have got since. */
  private indexSize = 0;

  /** @param grows whether a feature that the index lacks gets a column; else it is left out */
  constructor(
    private readonly index: FeatureIndex,
    features: FeatureSet,
    private readonly grows: boolean,
  ) {
    this.has = Uint8Array.from(templates, (_, template) => (features.has(template) ? 1 : 0));
  }

  clear(): void {
    this.length = 0;
    if (this.indexSize !== this.index.size) this.lookAgain();
  }

  /** Whether a feature of a template could find a column at all. */
  takes(template: number): boolean {
    return this.has[template] === 1 && (this.grows || this.index.holds(template));
  }

  add(template: number, value: number, a = 0, b = 0): void {
    if (this.has[template] === 0) return;
    const seconds = this.seconds[template]!;
    let column = unknown;
    if (seconds === 0) column = this.lookUp(template, a, b);
    else {
      const place = a * seconds + b;
      const known = this.known[template]!;
      if (place < known.length) column = known[place]!;
      if (column === unknown) column = this.remember(template, a, b, place);
    }
    if (column < 0) return;
    const at = this.length;
    if (at === this.columns.length) this.widen();
    this.columns[at] = column;
    this.values[at] = value;
    this.templates[at] = template;
    this.length = at + 1;
  }

  /** The parts of the weighted sum, in logits, by the groups of the features. */
  termsBy(weights: Float64Array): readonly { readonly name: FeatureGroup; readonly value: number }[] {
    const sums = new Map<FeatureGroup, number>();
    for (let place = 0; place < this.length; place++) {
      const { group } = templates[this.templates[place]!]!;
      sums.set(group, (sums.get(group) ?? 0) + weights[this.columns[place]!]! * this.values[place]!);
    }
    return Array.from(sums, ([name, value]) => ({ name, value }));
  }

  /** The weighted sum of the row, in logits. */
  dot(weights: Float64Array): number {
    const { columns, values, length } = this;
    let sum = 0;
    for (let place = 0; place < length; place++) sum += weights[columns[place]!]! * values[place]!;
    return sum;
  }

  private lookUp(template: number, a: number, b: number): number {
    return this.grows ? this.index.intern(template, a, b) : this.index.find(template, a, b);
  }

  private remember(template: number, a: number, b: number, place: number): number {
    const column = this.lookUp(template, a, b);
    if (place >= furthestPlace) return column;
    let known = this.known[template]!;
    if (place >= known.length) {
      known = new Int32Array(1 << (32 - Math.clz32(place))).fill(unknown);
      known.set(this.known[template]!);
      this.known[template] = known;
    }
    known[place] = column < 0 ? absent : column;
    return column;
  }

  private lookAgain(): void {
    this.indexSize = this.index.size;
    if (this.grows) return; // lacks nothing
    for (const known of this.known) {
      for (let place = 0; place < known.length; place++) if (known[place] === absent) known[place] = unknown;
    }
  }

  private widen(): void {
    const { columns, values, templates: numbers } = this;
    this.columns = new Int32Array(columns.length * 2);
    this.columns.set(columns);
    this.values = new Float32Array(values.length * 2);
    this.values.set(values);
    this.templates = new Uint8Array(numbers.length * 2);
    this.templates.set(numbers);
  }
}
