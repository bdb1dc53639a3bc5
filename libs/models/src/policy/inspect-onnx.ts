import { PbfReader } from 'pbf';
import { longestMade, type MadeTensor, type OnnxScope, type OnnxStep } from './onnx-lengths.js';
import {
  elementsOf,
  fewNumbersOf,
  isComplete,
  newTensor,
  readNumbers,
  readTensor,
  type StoredTensor,
} from './onnx-tensor.js';
import { readValue, type OnnxTensor } from './onnx-value.js';

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
  /** Numbers in all weights, as their shapes say; of sparse ones with the zeros. */
  readonly weights: number;
  /** A tensor that does not store as many numbers as its shape asks for; null where all do. */
  readonly incomplete: string | null;
  /** The longest tensor that a step makes by what constants say; null where none do. */
  readonly longestMade: MadeTensor | null;
}

interface Found {
  opsets: Map<string, number>;
  inputs: OnnxTensor[];
  outputs: OnnxTensor[];
  initializers: Set<string>;
  operators: Set<string>;
  hasExternalData: boolean;
  weights: number;
  incomplete: string | null;
  graphs: number;
  /** Of the graph, then of the subgraphs and functions in it. */
  scopes: Scope[];
}

/** A scope that is being read. */
interface Scope extends OnnxScope {
  steps: OnnxStep[];
  constants: Map<string, readonly number[]>;
  lengths: Map<string, number>;
}

/** How deep subgraphs may be nested, so that a made-up file cannot exhaust the stack. */
const deepest = 8;

const newScope = (): Scope => ({ steps: [], constants: new Map(), lengths: new Map() });

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
    incomplete: null,
    graphs: 0,
    scopes: [newScope()],
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
  for (const { name, shape } of inputs) found.scopes[0]!.lengths.set(name, elementsOf(shape.map((side) => side ?? 1)));
  const made = found.scopes.flatMap((scope) => longestMade(scope) ?? []);
  const longest = made.reduce<MadeTensor | null>((a, b) => (a !== null && a.elements >= b.elements ? a : b), null);
  return { ...found, inputs, longestMade: longest };
}

function readModel(tag: number, found: Found, pbf: PbfReader): void {
  if (tag === 7) {
    // Protocol buffers put graphs together that stand there twice: they are one scope.
    found.graphs += 1;
    readGraph(found, pbf, 0, found.scopes[0]!);
  } else if (tag === 8) {
    const opset = pbf.readMessage(readOpset, { domain: '', version: 0 });
    found.opsets.set(opset.domain === 'ai.onnx' ? '' : opset.domain, opset.version);
  } else if (tag === 25) {
    // Functions of its own: their operators count as if they stood in the graph.
    const scope = newScope();
    found.scopes.push(scope);
    pbf.readMessage((field, into: Found, inner) => (field === 7 ? readNode(into, inner, 1, scope) : undefined), found);
  }
}

function readOpset(tag: number, opset: { domain: string; version: number }, pbf: PbfReader): void {
  if (tag === 1) opset.domain = pbf.readString();
  else if (tag === 2) opset.version = pbf.readVarint();
}

function readGraph(found: Found, pbf: PbfReader, depth: number, scope: Scope): void {
  if (depth > deepest) throw new RangeError('Subgraphs are nested too deep.');
  pbf.readMessage((tag, into, inner) => {
    if (tag === 1) readNode(into, inner, depth, scope);
    else if (tag === 5) keepWeights(into, readTensor(inner, newTensor()), scope);
    else if (tag === 15) keepSparse(into, inner, scope);
    else if (tag === 11 && depth === 0) into.inputs.push(readValue(inner));
    else if (tag === 12 && depth === 0) into.outputs.push(readValue(inner));
  }, found);
}

function readNode(found: Found, pbf: PbfReader, depth: number, scope: Scope): void {
  const node = { type: '', domain: '', inputs: [] as string[], output: '', numbers: new Map<string, number[]>() };
  const tensors: StoredTensor[] = [];
  pbf.readMessage((tag, into, inner) => {
    if (tag === 1) into.inputs.push(inner.readString());
    else if (tag === 2) into.output ||= inner.readString();
    else if (tag === 4) into.type = inner.readString();
    else if (tag === 7) into.domain = inner.readString();
    else if (tag === 5) {
      const { name, numbers, tensor } = readAttribute(found, inner, depth, scope);
      if (numbers.length > 0) into.numbers.set(name, numbers);
      if (tensor !== null) tensors.push(tensor);
    }
  }, node);
  const isStandard = node.domain === '' || node.domain === 'ai.onnx';
  found.operators.add(isStandard ? node.type : `${node.domain}.${node.type}`);
  scope.steps.push(node);
  // What a constant holds is known by the name of its output; what other steps are given is no tensor of the graph.
  const isConstant = node.type === 'Constant';
  const into = isConstant ? scope : newScope();
  for (const tensor of tensors) keepWeights(found, { ...tensor, name: node.output }, into);
  const stated = [...node.numbers].find(([name]) => name.startsWith('value_'));
  if (isConstant && stated !== undefined) scope.constants.set(node.output, stated[1]);
}

interface Attribute {
  name: string;
  numbers: number[];
  tensor: StoredTensor | null;
}

function readAttribute(found: Found, pbf: PbfReader, depth: number, scope: Scope): Attribute {
  const attribute: Attribute = { name: '', numbers: [], tensor: null };
  return pbf.readMessage((tag, into, inner) => {
    if (tag === 1) into.name = inner.readString();
    else if (tag === 2 || tag === 7) readNumbers(inner, { read: (at) => at.readFloat() }, into.numbers);
    else if (tag === 3 || tag === 8) readNumbers(inner, { read: (at) => at.readVarint(true) }, into.numbers);
    else if (tag === 5) into.tensor = readTensor(inner, into.tensor ?? newTensor());
    else if (tag === 10) keepWeights(found, readTensor(inner, newTensor()), scope);
    else if (tag === 6 || tag === 11) {
      const inside = newScope();
      found.scopes.push(inside);
      readGraph(found, inner, depth + 1, inside);
    } else if (tag === 22 || tag === 23) keepSparse(found, inner, scope);
  }, attribute);
}

/** Sparse weights: a runtime makes them whole when it loads them. */
function keepSparse(found: Found, pbf: PbfReader, scope: Scope): void {
  const sparse = { parts: [] as StoredTensor[], dims: [] as number[] };
  pbf.readMessage((tag, into, inner) => {
    if (tag === 1 || tag === 2) into.parts.push(readTensor(inner, newTensor()));
    else if (tag === 3) readNumbers(inner, { read: (at) => at.readVarint(true) }, into.dims);
  }, sparse);
  // Its parts are no tensors of the graph; the first gives the whole its name.
  for (const part of sparse.parts) keepWeights(found, part, newScope());
  found.weights += elementsOf(sparse.dims);
  scope.lengths.set(sparse.parts[0]?.name ?? '', elementsOf(sparse.dims));
}

function keepWeights(found: Found, tensor: StoredTensor, scope: Scope): void {
  const { name, dims, isExternal } = tensor;
  const elements = elementsOf(dims);
  found.initializers.add(name);
  found.hasExternalData ||= isExternal;
  found.weights += elements;
  if (!isComplete(tensor)) found.incomplete ??= `${name || 'a constant'} of the shape [${dims.slice(0, 8).join(', ')}]`;
  scope.lengths.set(name, elements);
  const numbers = fewNumbersOf(tensor);
  if (numbers !== null) scope.constants.set(name, numbers);
}
