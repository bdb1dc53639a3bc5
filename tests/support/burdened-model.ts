import { PbfWriter } from 'pbf';
import { writeNode, writeWeights, type OnnxNode, type OnnxWeights } from '#libs/models';

/** What a model does beside its work, for a picture whose smallest number is a certain one. Its outputs stay the same. */
export interface Burden {
  /** From 0 to 255; null for every picture. */
  readonly when: number | null;
  /** How many numbers of float32 it makes in one tensor. */
  readonly make?: number;
  /** How many rows and columns two matrices have that it multiplies. */
  readonly multiply?: number;
}

/** A picture of one grey, whose smallest number is its brightness. */
export function greyPixels(side: number, brightness: number): Uint8Array {
  return new Uint8Array(side * side * 3).fill(brightness);
}

/** The name that the small net gives to its input once it is scaled, as an input of the step after, and one of the same length. */
const [before, after] = ['centred', 'burdens'];
const asInput = (name: string): string => `\x0a${String.fromCharCode(name.length)}${name}`;

/**
 * Puts burdens into the ONNX file of a small net, between scaling and the first layer. How large they are is computed from the
 * picture, so nothing in the file says it.
 */
export function burden(model: Uint8Array, ...burdens: readonly Burden[]): Uint8Array {
  const nodes: OnnxNode[] = [];
  const weights: OnnxWeights[] = [];
  const node = (type: string, inputs: string[], output: string, attributes: OnnxNode['attributes'] = {}): string => {
    nodes.push({ type, inputs, output, attributes });
    return output;
  };
  const number = (name: string, value: number): string => {
    weights.push({ name, shape: [], data: Float32Array.of(value) });
    return name;
  };
  const length = (name: string, value: number, shape: number[] = []): string => {
    weights.push({ name, shape, data: BigInt64Array.of(BigInt(value)) });
    return name;
  };
  number('nothing', 0);
  length('one', 1);
  length('flat', 1, [1]);
  node('ReduceMin', ['numbers'], 'least', { axes: [1, 2, 3], keepdims: 0 });
  const sums = burdens.map(({ when, make, multiply }, at) => {
    const asked =
      when === null
        ? node('GreaterOrEqual', ['least', 'nothing'], `asked${at}`)
        : node('Equal', ['least', number(`when${at}`, when)], `asked${at}`);
    const flags = node('Cast', [asked], `flags${at}`, { to: 7 });
    const flag = node('ReduceMax', [flags], `flag${at}`, { keepdims: 0 });
    const more = node('Mul', [flag, length(`amount${at}`, make ?? multiply ?? 0)], `more${at}`);
    const side = node('Reshape', [node('Add', [more, 'one'], `side${at}`), 'flat'], `line${at}`);
    const square = multiply === undefined ? side : node('Concat', [side, side], `square${at}`, { axis: 0 });
    const made = node('Expand', ['nothing', square], `made${at}`);
    const whole = multiply === undefined ? made : node('MatMul', [made, made], `product${at}`);
    return node('ReduceSum', [whole], `total${at}`, { keepdims: 0 });
  });
  sums.reduce((sum, each, at) => {
    return node('Add', [sum, each], at === sums.length - 1 ? after : `laden${at}`);
  }, before);
  const changed = Buffer.from(model).toString('latin1').replace(asInput(before), asInput(after));
  return withMore(Buffer.from(changed, 'latin1'), nodes, weights);
}

/** Adds steps and weights to an ONNX file: protocol buffers put a second graph together with the first. */
export function withMore(
  model: Uint8Array,
  nodes: readonly OnnxNode[],
  weights: readonly OnnxWeights[] = [],
  more?: (graph: PbfWriter) => void,
): Uint8Array {
  const graph = new PbfWriter();
  for (const each of nodes) graph.writeMessage(1, writeNode, each);
  for (const each of weights) graph.writeMessage(5, writeWeights, each);
  more?.(graph);
  const outer = new PbfWriter();
  outer.writeBytesField(7, graph.finish());
  return Buffer.concat([model, outer.finish()]);
}
