import { PbfReader, PbfWriter } from 'pbf';
import { writeNode, writeValue, writeWeights } from '#libs/models';
import type { Head } from './fit-head.js';
import { rowOf } from './matrix.js';
import { OnnxBuilder, type Step } from './onnx-builder.js';
import { distanceFloor, type TopicDistance } from './topic-distance.js';

/** The output of a model that a head is put on. */
export interface EmbeddingOutput {
  readonly name: string;
  /** Without the batch. */
  readonly shape: readonly number[];
}

/** Numbers of the fields of onnx.proto3 that are looked at here. */
const inModel = { irVersion: 1, graph: 7 } as const;
const inGraph = { node: 1, initializer: 5, input: 11, output: 12, valueInfo: 13 } as const;
/** The first version in which weights need not be listed as inputs. */
const leastIrVersion = 4;

/** A field of a message, as it was written. */
interface Field {
  readonly tag: number;
  /** With its tag and length. */
  readonly whole: Uint8Array;
  /** Of a message: what is in it. */
  readonly body: Uint8Array;
}

/** What a head adds to a model. */
export interface HeadToAttach {
  readonly head: Head;
  readonly topic: TopicDistance;
}

/** The outputs that come with a head. */
export const headOutputs = ['logits', 'probs', 'distances'] as const;

/**
 * Puts a head on an ONNX model: everything that its embedding is not made of goes, with its other outputs, and `logits`,
 * `probs` = softmax(logits / temperature), and the `distances` to each class come in their place. The rest of the file
 * stays as it was, byte by byte.
 * @returns null where the bytes are no ONNX model with such an output, or need one of those names themselves
 */
export function attachHead(model: Uint8Array, embedding: EmbeddingOutput, head: HeadToAttach): Uint8Array | null {
  try {
    const fields = fieldsOf(model);
    const graph = fields.find(({ tag }) => tag === inModel.graph);
    const edited = graph && editGraph(fieldsOf(graph.body), embedding, head);
    if (!edited) return null;
    const writer = new PbfWriter();
    const irVersion = fields.find(({ tag }) => tag === inModel.irVersion);
    writer.writeVarintField(inModel.irVersion, Math.max(leastIrVersion, irVersion ? numberOf(irVersion) : 0));
    const rest = fields.filter(({ tag }) => tag !== inModel.irVersion && tag !== inModel.graph);
    writer.writeBytesField(inModel.graph, edited);
    return joined([writer.finish(), ...rest.map(({ whole }) => whole)]);
  } catch {
    return null; // of what is read here only damaged bytes can fail
  }
}

function editGraph(fields: readonly Field[], embedding: EmbeddingOutput, head: HeadToAttach): Uint8Array | null {
  const nodes = fields.flatMap((field) => (field.tag === inGraph.node ? [{ field, ...linksOf(field.body) }] : []));
  const maker = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const needed = new Set([embedding.name]);
  const kept = new Set<Field>();
  for (const name of needed) {
    const node = maker.get(name);
    if (node === undefined || kept.has(node.field)) continue;
    kept.add(node.field);
    for (const each of [...node.inputs, ...node.outputs]) if (each !== '') needed.add(each);
  }
  const outputs = fields.filter(({ tag, body }) => tag === inGraph.output && nameIn(body, 1) === embedding.name);
  if (kept.size === 0 || outputs.length !== 1 || headOutputs.some((name) => needed.has(name))) return null;
  const initializers = new Set(
    fields.flatMap(({ tag, body }) => (tag === inGraph.initializer ? [nameIn(body, 8)] : [])),
  );
  const stays = (field: Field): boolean => {
    const { tag, body } = field;
    switch (tag) {
      case inGraph.node:
        return kept.has(field);
      case inGraph.initializer:
        return needed.has(nameIn(body, 8));
      case inGraph.input:
        return needed.has(nameIn(body, 1)) || !initializers.has(nameIn(body, 1));
      case inGraph.output:
        return nameIn(body, 1) === embedding.name;
      default:
        return tag !== inGraph.valueInfo; // only tells what can be worked out
    }
  };
  let prefix = 'head_';
  while ([...needed].some((name) => name.startsWith(prefix))) prefix = `_${prefix}`;
  return joined([...fields.filter(stays).map(({ whole }) => whole), writeHead(embedding, head, prefix)]);
}

/** The fields that are added to the graph. */
function writeHead({ name, shape }: EmbeddingOutput, { head, topic }: HeadToAttach, prefix: string): Uint8Array {
  const g = new OnnxBuilder(prefix);
  const { scale, map, temperature } = head;
  const { rows: features, columns: classes, data } = map.weights;
  const flat = shape.length === 1 ? name : g.flatten(name);
  const centred = g.node('Sub', [flat, g.numbers([1, features], scale.mean)]);
  const scaled = g.multiply(centred, g.numbers([1, features], scale.factor));
  const [weights, bias] = [g.numbers([features, classes], data), g.numbers([classes], map.bias)];
  const logits = g.node('Gemm', [scaled, weights, bias], {}, 'logits');
  g.node('Softmax', [g.multiply(logits, 1 / temperature)], { axis: 1 }, 'probs');
  writeDistances(g, flat, topic);
  const added = g.parts();
  const writer = new PbfWriter();
  for (const node of added.nodes) writer.writeMessage(inGraph.node, writeNode, node);
  for (const each of added.weights) writer.writeMessage(inGraph.initializer, writeWeights, each);
  for (const output of headOutputs) {
    writer.writeMessage(inGraph.output, writeValue, { name: output, type: 'float32', shape: [null, classes] });
  }
  return writer.finish();
}

/** |z − m|² = |z|² − 2 z·m + |m|² for each class at once, where z is the embedding in the measure of the distances. */
function writeDistances(g: OnnxBuilder, flat: Step, { mean, factor, centres }: TopicDistance): void {
  const { rows: classes, columns: features } = centres;
  const z = g.multiply(g.node('Sub', [flat, g.numbers([1, features], mean)]), g.numbers([1, features], factor));
  const length = g.node('MatMul', [g.multiply(z, z), g.numbers([features, 1], new Float32Array(features).fill(1))]);
  const squares = Array.from({ length: classes }, (_, label) => {
    return rowOf(centres, label).reduce((sum, value) => sum + value ** 2, 0);
  });
  const towards = new Float64Array(features * classes);
  centres.data.forEach((value, at) => {
    towards[(at % features) * classes + Math.floor(at / features)] = -2 * value;
  });
  const products = g.node('Gemm', [z, g.numbers([features, classes], towards), g.numbers([classes], squares)]);
  const squared = g.node('Relu', [g.add(length, products)]); // rounding may take it below 0
  g.node('Sqrt', [g.add(squared, distanceFloor)], {}, 'distances');
}

/** @throws {RangeError} where the bytes are cut off */
function fieldsOf(bytes: Uint8Array): Field[] {
  const pbf = new PbfReader(bytes);
  const fields: Field[] = [];
  while (pbf.pos < bytes.length) {
    const start = pbf.pos;
    const key = pbf.readVarint();
    const begin = pbf.pos;
    const isMessage = (key & 7) === 2;
    const length = isMessage ? pbf.readVarint() : 0;
    const body = pbf.pos;
    if (isMessage) pbf.pos += length;
    else pbf.skip(key);
    if (pbf.pos > bytes.length) throw new RangeError('The model is cut off.');
    fields.push({
      tag: key >> 3,
      whole: bytes.subarray(start, pbf.pos),
      body: bytes.subarray(isMessage ? body : begin, pbf.pos),
    });
  }
  return fields;
}

/** What a node takes and gives. */
function linksOf(node: Uint8Array): { inputs: string[]; outputs: string[] } {
  const named = (which: number): string[] =>
    fieldsOf(node).flatMap(({ tag, body }) => (tag === which ? [textOf(body)] : []));
  return { inputs: named(1), outputs: named(2) };
}

function nameIn(message: Uint8Array, tag: number): string {
  const field = fieldsOf(message).find((each) => each.tag === tag);
  return field === undefined ? '' : textOf(field.body);
}

function textOf(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}

function numberOf({ body }: Field): number {
  return new PbfReader(body).readVarint();
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
