import { PbfWriter } from 'pbf';
import { sizeOf } from '../model/tensor.js';

/** Kinds of element, with their numbers in onnx.proto3. */
const elementTypes = { float32: 1, uint8: 2, int64: 7 } as const;

/** A step of a graph. */
export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  /** What its only output is called; no two nodes have the same. */
  readonly output: string;
  /** Whole numbers, lists of them, or a word. */
  readonly attributes: Readonly<Record<string, number | string | readonly number[]>>;
}

/** Numbers that a graph holds: weights as float32, places and lengths as int64. */
export interface OnnxWeights {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** What goes in or comes out; the batch, which comes first, may be of any length where it is null. */
export interface OnnxValue {
  readonly name: string;
  readonly type: Exclude<keyof typeof elementTypes, 'int64'>;
  readonly shape: readonly (number | null)[];
}

/** A model, step by step. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  readonly weights: readonly OnnxWeights[];
  readonly input: OnnxValue;
  readonly outputs: readonly OnnxValue[];
}

/** Version of the operators that {@link writeOnnx} writes for. */
export const writtenOpset = 17;

/**
 * Writes a graph as an ONNX file. Fields and their numbers are those of onnx.proto3
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
 */
export function writeOnnx(graph: OnnxGraph): Uint8Array {
  const writer = new PbfWriter();
  writer.writeVarintField(1, 8);
  writer.writeStringField(2, 'attune');
  writer.writeMessage(7, writeGraph, graph);
  writer.writeMessage(8, (version: number, pbf: PbfWriter) => pbf.writeVarintField(2, version), writtenOpset);
  return writer.finish();
}

function writeGraph({ nodes, weights, input, outputs }: OnnxGraph, pbf: PbfWriter): void {
  for (const node of nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, 'graph');
  for (const each of weights) pbf.writeMessage(5, writeWeights, each);
  pbf.writeMessage(11, writeValue, input);
  for (const output of outputs) pbf.writeMessage(12, writeValue, output);
}

/** Writes the fields of a NodeProto; its name is that of its output. */
export function writeNode({ type, inputs, output, attributes }: OnnxNode, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input);
  pbf.writeStringField(2, output);
  pbf.writeStringField(3, output);
  pbf.writeStringField(4, type);
  for (const attribute of Object.entries(attributes)) pbf.writeMessage(5, writeAttribute, attribute);
}

function writeAttribute([name, value]: [string, number | string | readonly number[]], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if (typeof value === 'number') pbf.writeVarintField(3, value);
  else if (typeof value === 'string') pbf.writeStringField(4, value);
  else for (const each of value) pbf.writeVarintField(8, each);
  pbf.writeVarintField(20, typeof value === 'number' ? 2 : typeof value === 'string' ? 3 : 7);
}

/** Writes the fields of a TensorProto. */
export function writeWeights({ name, shape, data }: OnnxWeights, pbf: PbfWriter): void {
  if (sizeOf(shape) !== data.length) throw new RangeError(`${name}: ${data.length} numbers for [${shape.join(', ')}].`);
  for (const side of shape) pbf.writeVarintField(1, side);
  pbf.writeVarintField(2, data instanceof Float32Array ? elementTypes.float32 : elementTypes.int64);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** Writes the fields of a ValueInfoProto. */
export function writeValue({ name, type, shape }: OnnxValue, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  const writeSide = (side: number | null, inner: PbfWriter): void => {
    if (side === null) inner.writeStringField(2, 'batch');
    else inner.writeVarintField(1, side);
  };
  const writeShape = (_: null, inner: PbfWriter): void =>
    shape.forEach((side) => inner.writeMessage(1, writeSide, side));
  const writeTensorType = (_: null, inner: PbfWriter): void => {
    inner.writeVarintField(1, elementTypes[type]);
    inner.writeMessage(2, writeShape, null);
  };
  pbf.writeMessage(2, (_: null, inner: PbfWriter) => inner.writeMessage(1, writeTensorType, null), null);
}
