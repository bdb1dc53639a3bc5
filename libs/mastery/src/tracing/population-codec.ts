import { DifficultyTable, type Count } from './difficulty.js';
import { FeatureIndex } from './feature-index.js';
import { attuneFeatures, templates } from './features.js';
import type { OnlineMemory } from './online-learner.js';
import type { Population } from './population.js';

/** What stands before the numbers, as JSON. */
interface Header {
  readonly format: 1;
  /** Of the features: a population of another version cannot be read any more. */
  readonly features: number;
  readonly width: number;
  readonly all: Counted;
  readonly items: readonly (readonly [number, ...Counted])[];
  readonly skillSets: readonly (readonly [string, ...Counted])[];
}

type Counted = readonly [responses: number, right: number, authored: number];

const lengthBytes = 4;

/**
 * A population as bytes: the length of a JSON header (32 bits), the header, then for each column its template (8 bits), its
 * two arguments (32 bits each) and its weight (64 bits), little-endian, one list after another.
 */
export function encodePopulation({ features, index, weights, difficulties }: Population): Uint8Array {
  const width = index.size;
  const header: Header = {
    format: 1,
    features: features.version,
    width,
    all: counted(difficulties.all),
    items: Array.from(difficulties.items, ([item, count]) => [item, ...counted(count)]),
    skillSets: Array.from(difficulties.skillSets, ([set, count]) => [set, ...counted(count)]),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(lengthBytes + text.length + width * (1 + 4 + 4 + 8));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, text.length, true);
  bytes.set(text, lengthBytes);
  const at = placesIn(lengthBytes + text.length, width);
  for (let column = 0; column < width; column++) {
    const { template, a, b } = index.featureOf(column);
    view.setUint8(at.template + column, template);
    view.setUint32(at.a + column * 4, a, true);
    view.setUint32(at.b + column * 4, b, true);
    view.setFloat64(at.weight + column * 8, weights[column]!, true);
  }
  return bytes;
}

/** Reads what {@link encodePopulation} wrote; throws a `TypeError` for anything else. */
export function decodePopulation(bytes: Uint8Array): Population {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = headerOf(bytes, view);
  const { width } = header;
  const start = lengthBytes + view.getUint32(0, true);
  if (bytes.length !== start + width * (1 + 4 + 4 + 8)) throw new TypeError('Population: the bytes are cut short.');
  const at = placesIn(start, width);
  const index = new FeatureIndex(Math.max(1 << 10, 2 ** Math.ceil(Math.log2(width + 1))));
  const weights = new Float64Array(width);
  for (let column = 0; column < width; column++) {
    const template = view.getUint8(at.template + column);
    if (template >= templates.length) throw new TypeError(`Population: there is no feature ${template}.`);
    index.intern(template, view.getUint32(at.a + column * 4, true), view.getUint32(at.b + column * 4, true));
    weights[column] = view.getFloat64(at.weight + column * 8, true);
  }
  const difficulties = new DifficultyTable();
  Object.assign(difficulties.all, countOf(header.all));
  for (const [item, ...count] of header.items) difficulties.items.set(item, countOf(count));
  for (const [set, ...count] of header.skillSets) difficulties.skillSets.set(set, countOf(count));
  return { features: attuneFeatures, index, weights, difficulties };
}

/** The memory of an online learner as bytes: two 64-bit numbers, then two lists of 64-bit and one of 32-bit numbers. */
export function encodeOnlineMemory({ latest, squares, steps, rateOfPairs, squaresOfRate }: OnlineMemory): Uint8Array {
  const width = latest.length;
  const bytes = new Uint8Array(16 + width * 20);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, rateOfPairs, true);
  view.setFloat64(8, squaresOfRate, true);
  for (let column = 0; column < width; column++) {
    view.setFloat64(16 + column * 8, latest[column]!, true);
    view.setFloat64(16 + (width + column) * 8, squares[column]!, true);
    view.setInt32(16 + width * 16 + column * 4, steps[column]!, true);
  }
  return bytes;
}

/** Reads what {@link encodeOnlineMemory} wrote; throws a `TypeError` for anything else. */
export function decodeOnlineMemory(bytes: Uint8Array): OnlineMemory {
  const width = (bytes.length - 16) / 20;
  if (!Number.isInteger(width) || width < 0)
    throw new TypeError('Memory of the online learner: the bytes are cut short.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    rateOfPairs: view.getFloat64(0, true),
    squaresOfRate: view.getFloat64(8, true),
    latest: Float64Array.from({ length: width }, (_, column) => view.getFloat64(16 + column * 8, true)),
    squares: Float64Array.from({ length: width }, (_, column) => view.getFloat64(16 + (width + column) * 8, true)),
    steps: Int32Array.from({ length: width }, (_, column) => view.getInt32(16 + width * 16 + column * 4, true)),
  };
}

function headerOf(bytes: Uint8Array, view: DataView): Header {
  let header: Header;
  try {
    const length = view.getUint32(0, true);
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(lengthBytes, lengthBytes + length))) as Header;
  } catch {
    throw new TypeError('Population: the header cannot be read.');
  }
  if (header.format !== 1) throw new TypeError('Population: the format is not 1.');
  if (header.features !== attuneFeatures.version) {
    throw new TypeError(`Population: its features are of version ${header.features}, not ${attuneFeatures.version}.`);
  }
  return header;
}

function placesIn(start: number, width: number): { template: number; a: number; b: number; weight: number } {
  return { template: start, a: start + width, b: start + width * 5, weight: start + width * 9 };
}

function counted({ responses, right, authored }: Count): Counted {
  return [responses, right, authored];
}

function countOf([responses, right, authored]: Counted): Count {
  return { responses, right, authored };
}
