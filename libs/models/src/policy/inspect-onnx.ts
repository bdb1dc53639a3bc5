import { PbfReader } from 'pbf';
import type { TensorType } from '../model/tensor.js';

/**
 * What an ONNX file says of itself, read without running or loading it (onnx.proto of ONNX 1.x, IR version 3 to 13).
 * Weights are skipped over, not copied.
 */
export interface OnnxFacts {
  /** Version of the operators by their domain; the standard one is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly inputs: readonly OnnxTensor[];
  readonly outputs: readonly OnnxTensor[];
  /** `Conv`, or `domain.Name` for operators that are not standard; those in subgraphs and functions included. */
  readonly operators: ReadonlySet<string>;
  readonly hasExternalData: boolean;
  /** Numbers in all weights, as their shapes say. */
  readonly weights: number;
}

export interface OnnxTensor {
  readonly name: string;
  /** Null for a type that Attune does not send or take. */
  readonly dtype: TensorType | null;
  /** Null for a side of any length. */
  readonly shape: readonly (number | null)[];
}

interface Found {
  opsets: Map<string, number>;
  inputs: OnnxTensor[];
  outputs: OnnxTensor[];
  initializers: Set<string>;
  operators: Set<string>;
  hasExternalData: boolean;
  weights: number;
  graphs: number;
}

/** How deep subgraphs may be nested, so that a made-up file cannot exhaust the stack. */
const deepest = 8;

/** @returns null where the bytes are no ONNX model */
export function inspectOnnx(bytes: Uint8Array): OnnxFacts | null {
  const found: Found = {
    opsets: new Map(),
    inputs: [],
    outputs: [],
    initializers: new Set(),
    operators: new Set(),
    hasExternalData: false,
    weights: 0,
    graphs: 0,
  };
  const pbf = new PbfReader(bytes);
  try {
    pbf.readFields(readModel, found);
  } catch {
    return null;
  }
  // A file that is cut off says of its last part that it goes on behind its end.
  if (pbf.pos !== bytes.length || found.graphs === 0 || found.opsets.size === 0) return null;
  const inputs = found.inputs.filter(({ name }) => !found.initializers.has(name)); // older files list weights as inputs
  return { ...found, inputs };
}

function readModel(tag: number, found: Found, pbf: PbfReader): void {
  if (tag === 7) {
    found.graphs += 1;
    readGraph(found, pbf, 0);
  } else if (tag === 8) {
    const opset = pbf.readMessage(readOpset, { domain: '', version: 0 });
    found.opsets.set(opset.domain === 'ai.onnx' ? '' : opset.domain, opset.version);
  } else if (tag === 25) {
    // Functions of its own: their operators count as if they stood in the graph.
    pbf.readMessage((field, into: Found, inner) => (field === 7 ? readNode(into, inner, 1) : undefined), found);
  }
}

function readOpset(tag: number, opset: { domain: string; version: number }, pbf: PbfReader): void {
  if (tag === 1) opset.domain = pbf.readString();
  else if (tag === 2) opset.version = pbf.readVarint();
}

function readGraph(found: Found, pbf: PbfReader, depth: number): void {
  if (depth > deepest) throw new RangeError('Subgraphs are nested too deep.');
  pbf.readMessage((tag, into, inner) => {
    if (tag === 1) readNode(into, inner, depth);
    else if (tag === 5) readWeights(into, inner);
    else if (tag === 15)
      inner.readMessage((field, all: Found, sparse) => (field === 1 ? readWeights(all, sparse) : undefined), into);
    else if (tag === 11 && depth === 0) into.inputs.push(readValue(inner));
    else if (tag === 12 && depth === 0) into.outputs.push(readValue(inner));
  }, found);
}

function readNode(found: Found, pbf: PbfReader, depth: number): void {
  const node = { type: '', domain: '' };
  pbf.readMessage((tag, into, inner) => {
    if (tag === 4) into.type = inner.readString();
    else if (tag === 7) into.domain = inner.readString();
    else if (tag === 5) readAttribute(found, inner, depth);
  }, node);
  const isStandard = node.domain === '' || node.domain === 'ai.onnx';
  found.operators.add(isStandard ? node.type : `${node.domain}.${node.type}`);
}

function readAttribute(found: Found, pbf: PbfReader, depth: number): void {
  pbf.readMessage((tag, into, inner) => {
    if (tag === 5 || tag === 10) readWeights(into, inner);
    else if (tag === 6 || tag === 11) readGraph(into, inner, depth + 1);
  }, found);
}

function readWeights(found: Found, pbf: PbfReader): void {
  const tensor = { name: '', dims: [] as number[], isExternal: false };
  pbf.readMessage((tag, into, inner) => {
    if (tag === 1) readPacked(inner, into.dims);
    else if (tag === 8) into.name = inner.readString();
    else if (tag === 13) into.isExternal = true;
    else if (tag === 14) into.isExternal ||= inner.readVarint() !== 0;
  }, tensor);
  found.initializers.add(tensor.name);
  found.hasExternalData ||= tensor.isExternal;
  found.weights += tensor.dims.reduce((product, side) => product * Math.max(side, 0), 1);
}

/** Numbers of a repeated field, together or one by one. */
function readPacked(pbf: PbfReader, into: number[]): void {
  if (pbf.type === 2) into.push(...pbf.readPackedVarint([], true));
  else into.push(pbf.readVarint(true));
}

const elementTypes: Readonly<Record<number, TensorType>> = { 1: 'float32', 2: 'uint8' };

function readValue(pbf: PbfReader): OnnxTensor {
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
