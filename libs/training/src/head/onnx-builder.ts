import type { OnnxGraph, OnnxNode, OnnxWeights } from '#libs/models';

/** The name of what a step of a graph gives. */
export type Step = string;

/** Writes down a calculation step by step, as an ONNX graph (opset 17). Pictures are [N, C, H, W] inside of it. */
export class OnnxBuilder {
  private readonly nodes: OnnxNode[] = [];
  private readonly weights: OnnxWeights[] = [];

  /** @param prefix of the names that are made here, so that they cannot meet those of another graph */
  constructor(private readonly prefix = '') {}

  /** Any operator; the step has the name that is given, or a number. */
  node(type: string, inputs: readonly Step[], attributes: OnnxNode['attributes'] = {}, name?: string): Step {
    const output = name ?? `${this.prefix}${type}${this.nodes.length}`;
    this.nodes.push({ type, inputs, output, attributes });
    return output;
  }

  /** Numbers that never change. */
  numbers(shape: readonly number[], data: ArrayLike<number>): Step {
    return this.keep(shape, Float32Array.from(data));
  }

  /** Places and lengths. */
  places(data: readonly number[]): Step {
    return this.keep([data.length], BigInt64Array.from(data.map(BigInt)));
  }

  add(a: Step, b: Step | number): Step {
    return this.node('Add', [a, this.step(b)]);
  }

  subtract(a: Step | number, b: Step): Step {
    return this.node('Sub', [this.step(a), b]);
  }

  multiply(a: Step, b: Step | number): Step {
    return this.node('Mul', [a, this.step(b)]);
  }

  divide(a: Step, b: Step): Step {
    return this.node('Div', [a, b]);
  }

  /** √(x + floor); a floor keeps its slope, and what rounding does to it, small near 0. */
  root(x: Step, floor: number): Step {
    return this.node('Sqrt', [this.add(x, floor)]);
  }

  /** ln(x + floor) */
  log(x: Step, floor: number): Step {
    return this.node('Log', [this.add(x, floor)]);
  }

  /** Each output channel a weighted sum of the input channels, plus a number. `rows` are [output][input]. */
  mix(x: Step, rows: readonly (readonly number[])[], plus?: readonly number[]): Step {
    const kernel = this.numbers([rows.length, rows[0]!.length, 1, 1], rows.flat());
    return this.node('Conv', plus === undefined ? [x, kernel] : [x, kernel, this.numbers([plus.length], plus)]);
  }

  /** Means over squares of `side` pixels. */
  pool(x: Step, side: number): Step {
    return this.node('AveragePool', [x], { kernel_shape: [side, side], strides: [side, side] });
  }

  /** Mean over the whole picture: [N, C, 1, 1]. */
  mean(x: Step): Step {
    return this.node('GlobalAveragePool', [x]);
  }

  /** Sum over all channels: [N, 1, H, W]. */
  sumChannels(x: Step, channels: number): Step {
    return this.mix(x, [Array.from({ length: channels }, () => 1)]);
  }

  /** One after another along the channels or, of flat ones, along the features. */
  join(parts: readonly Step[]): Step {
    return this.node('Concat', parts, { axis: 1 });
  }

  /** [N, C, H, W] → [N, C·H·W] */
  flatten(x: Step): Step {
    return this.node('Flatten', [x], { axis: 1 });
  }

  /** What was written down. */
  parts(): Pick<OnnxGraph, 'nodes' | 'weights'> {
    return { nodes: this.nodes, weights: this.weights };
  }

  private keep(shape: readonly number[], data: OnnxWeights['data']): Step {
    const name = `${this.prefix}weights${this.weights.length}`;
    this.weights.push({ name, shape, data });
    return name;
  }

  private step(value: Step | number): Step {
    return typeof value === 'number' ? this.numbers([], [value]) : value;
  }
}
