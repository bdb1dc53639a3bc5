import type { PbfReader } from 'pbf';
import type { TensorType } from '../model/tensor.js';

/** What goes in or comes out of a graph. */
export interface OnnxTensor {
  readonly name: string;
  /** Null for a type that Attune does not send or take. */
  readonly dtype: TensorType | null;
  /** Null for a side of any length. */
  readonly shape: readonly (number | null)[];
}

const elementTypes: Readonly<Record<number, TensorType>> = { 1: 'float32', 2: 'uint8' };

/** Reads a ValueInfoProto. */
export function readValue(pbf: PbfReader): OnnxTensor {
  const value = { name: '', dtype: null as TensorType | null, shape: [] as (number | null)[] };
  pbf.readMessage((tag, into, inner) => {
    if (tag === 1) into.name = inner.readString();
    else if (tag === 2) {
      inner.readMessage((kind, tensor: typeof value, type) => {
        if (kind === 1) type.readMessage(readTensorType, tensor);
      }, into);
    }
  }, value);
  return value;
}

function readTensorType(
  tag: number,
  value: { dtype: TensorType | null; shape: (number | null)[] },
  pbf: PbfReader,
): void {
  if (tag === 1) value.dtype = elementTypes[pbf.readVarint()] ?? null;
  else if (tag === 2) {
    pbf.readMessage((field, shape: (number | null)[], inner) => {
      if (field === 1) {
        const side = inner.readMessage(
          (kind, into: { length: number | null }, dim) => {
            if (kind === 1) into.length = dim.readVarint(true);
          },
          { length: null as number | null },
        );
        shape.push(side.length);
      }
    }, value.shape);
  }
}
