import { PbfReader } from 'pbf';

/** A TensorProto of onnx.proto. Its numbers are counted where they lie, and not copied. */
export interface StoredTensor {
  name: string;
  readonly dims: number[];
  /** Number of its type in onnx.proto. */
  type: number;
  isExternal: boolean;
  raw: Uint8Array | null;
  /** How many numbers, or texts, it lists in the fields of their kinds. */
  listed: number;
  /** The first of these that are numbers, as many as may matter. */
  readonly first: number[];
}

/** As many numbers as a list of lengths may reasonably have: a shape, padding, scales. */
const few = 64;

/** Numbers of the types in onnx.proto, by the bits of one element. */
const typesByBits: readonly (readonly [bits: number, types: readonly number[]])[] = [
  [2, [25, 26]],
  [4, [21, 22, 23]],
  [8, [2, 3, 9, 17, 18, 19, 20, 24]],
  [16, [4, 5, 10, 16]],
  [32, [1, 6, 12]],
  [64, [7, 11, 13, 14]],
  [128, [15]],
];
const bits = new Map(typesByBits.flatMap(([size, types]) => types.map((type) => [type, size] as const)));
const stringType = 8;

export function newTensor(): StoredTensor {
  return { name: '', dims: [], type: 0, isExternal: false, raw: null, listed: 0, first: [] };
}

/** Reads a message into a tensor; of a field that stands there twice, protocol buffers put the parts together. */
export function readTensor(pbf: PbfReader, into: StoredTensor): StoredTensor {
  return pbf.readMessage(readField, into);
}

interface List {
  /** Bytes of one number; null where they are varints. */
  readonly width: number | null;
  readonly read: (pbf: PbfReader) => number;
}

const varints: List = { width: null, read: (pbf) => pbf.readVarint(true) };
const lists: Readonly<Record<number, List>> = {
  4: { width: 4, read: (pbf) => pbf.readFloat() },
  5: varints,
  7: varints,
  10: { width: 8, read: (pbf) => pbf.readDouble() },
  11: varints,
};

function readField(tag: number, tensor: StoredTensor, pbf: PbfReader): void {
  const list = lists[tag];
  if (list !== undefined) readList(pbf, tensor, list);
  else if (tag === 1) readNumbers(pbf, varints, tensor.dims);
  else if (tag === 2) tensor.type = pbf.readVarint();
  else if (tag === 6) tensor.listed += 1;
  else if (tag === 8) tensor.name = pbf.readString();
  else if (tag === 9) tensor.raw = pbf.readBytes();
  else if (tag === 13) tensor.isExternal = true;
  else if (tag === 14) tensor.isExternal ||= pbf.readVarint() !== 0;
}

function readList(pbf: PbfReader, tensor: StoredTensor, list: List): void {
  if (pbf.type !== 2) {
    tensor.listed += 1;
    if (tensor.first.length < few) tensor.first.push(list.read(pbf));
    return;
  }
  const bytes = pbf.readBytes();
  tensor.listed += list.width === null ? varintsIn(bytes) : bytes.length / list.width;
  const inner = new PbfReader(bytes);
  while (inner.pos < bytes.length && tensor.first.length < few) tensor.first.push(list.read(inner));
}

function varintsIn(bytes: Uint8Array): number {
  let ends = 0;
  for (const byte of bytes) if (byte < 0x80) ends += 1;
  return ends;
}

/** Numbers of a repeated field, together or one by one. */
export function readNumbers(pbf: PbfReader, { read }: Pick<List, 'read'>, into: number[]): void {
  if (pbf.type !== 2) {
    into.push(read(pbf));
    return;
  }
  const end = pbf.readVarint() + pbf.pos;
  while (pbf.pos < end) into.push(read(pbf));
}

/** How many numbers its shape asks for. */
export function elementsOf(dims: readonly number[]): number {
  return dims.reduce((product, side) => product * Math.max(side, 0), 1);
}

/** Whether it stores as many numbers as its shape asks for. */
export function isComplete({ dims, type, raw, listed }: StoredTensor): boolean {
  const elements = elementsOf(dims);
  const size = bits.get(type);
  if (type === stringType) return raw === null && listed === elements;
  if (size === undefined || dims.some((side) => side < 0)) return false;
  if (raw !== null) return listed === 0 && raw.length === Math.ceil((elements * size) / 8);
  if (type === 14 || type === 15) return listed === 2 * elements;
  return listed === (size < 8 ? Math.ceil((elements * size) / 8) : elements);
}

const readers: Readonly<Record<number, (view: DataView, at: number) => number>> = {
  1: (view, at) => view.getFloat32(at * 4, true),
  6: (view, at) => view.getInt32(at * 4, true),
  7: (view, at) => Number(view.getBigInt64(at * 8, true)),
  11: (view, at) => view.getFloat64(at * 8, true),
};

/** Its numbers where they are few and of a type that lengths may have; else null. */
export function fewNumbersOf(tensor: StoredTensor): readonly number[] | null {
  const { dims, type, raw, first } = tensor;
  const read = readers[type];
  const count = elementsOf(dims);
  if (count > few || read === undefined || !isComplete(tensor)) return null;
  if (raw === null) return first;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return Array.from({ length: count }, (_, at) => read(view, at));
}
