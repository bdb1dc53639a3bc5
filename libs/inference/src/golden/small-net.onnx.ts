import { PbfWriter } from 'pbf';
import { smallNetNames, smallNetScaling, type SmallNet } from './small-net.js';

/** Kinds of element in ONNX. */
const elementTypes = { float32: 1, uint8: 2 } as const;

/**
 * A small net as an ONNX file, opset 17: uint8 NHWC in, as the models of the training package. Fields and their numbers are
 * those of onnx.proto3 (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
 * @param batch examples that it takes in one go; null for any number
 */
export function smallNetAsOnnx(net: SmallNet, batch: number | null = null): Uint8Array {
  const writer = new PbfWriter();
  writer.writeVarintField(1, 8);
  writer.writeStringField(2, 'attune');
  writer.writeMessage(7, writeGraph, { net, batch });
  writer.writeMessage(8, (version: number, pbf: PbfWriter) => pbf.writeVarintField(2, version), 17);
  return writer.finish();
}

function writeGraph({ net, batch }: { net: SmallNet; batch: number | null }, pbf: PbfWriter): void {
  const node = (type: string, inputs: string[], output: string, attributes: Record<string, number | number[]> = {}) =>
    pbf.writeMessage(1, writeNode, { type, inputs, output, attributes });
  const weights: [name: string, dims: number[], data: Float32Array][] = [
    ['scale', [], Float32Array.of(smallNetScaling.scale)],
    ['offset', [], Float32Array.of(smallNetScaling.offset)],
  ];
  node('Cast', [smallNetNames.input], 'numbers', { to: elementTypes.float32 });
  node('Mul', ['numbers', 'scale'], 'scaled');
  node('Add', ['scaled', 'offset'], 'centred');
  node('Transpose', ['centred'], 'picture', { perm: [0, 3, 1, 2] });
  let last = 'picture';
  net.convolutions.forEach(({ pads: [before, after], channels, filters, kernel, bias }, index) => {
    const [k, b, sum, output] = ['kernel', 'bias', 'sum', 'relu'].map((name) => `${name}${index}`) as [
      string,
      string,
      string,
      string,
    ];
    // Row, column, channel, filter become filter, channel, row, column.
    const turned = new Float32Array(kernel.length);
    kernel.forEach((value, at) => {
      const [filter, rest] = [at % filters, Math.floor(at / filters)];
      const [channel, place] = [rest % channels, Math.floor(rest / channels)];
      turned[(filter * channels + channel) * 9 + place] = value;
    });
    weights.push([k, [filters, channels, 3, 3], turned], [b, [filters], bias]);
    node('Conv', [last, k, b], sum, { kernel_shape: [3, 3], strides: [2, 2], pads: [before, before, after, after] });
    node('Relu', [sum], output);
    last = output;
  });
  const [logits, probs, embedding] = smallNetNames.outputs;
  const features = net.convolutions.at(-1)!.filters;
  const { classes } = net.shape;
  weights.push(['dense', [features, classes], net.dense.kernel], ['dense_bias', [classes], net.dense.bias]);
  node('GlobalAveragePool', [last], 'mean');
  node('Flatten', ['mean'], embedding, { axis: 1 });
  node('Gemm', [embedding, 'dense', 'dense_bias'], logits);
  node('Softmax', [logits], probs, { axis: 1 });

  pbf.writeStringField(2, 'small-net');
  for (const [name, dims, data] of weights) pbf.writeMessage(5, writeTensor, { name, dims, data });
  const value = (tag: number, name: string, type: keyof typeof elementTypes, sides: number[]) =>
    pbf.writeMessage(tag, writeValue, { name, type, sides: [batch, ...sides] });
  value(11, smallNetNames.input, 'uint8', net.inputShape);
  value(12, logits, 'float32', [classes]);
  value(12, probs, 'float32', [classes]);
  value(12, embedding, 'float32', [features]);
}

interface OnnxNode {
  readonly type: string;
  readonly inputs: string[];
  readonly output: string;
  readonly attributes: Record<string, number | number[]>;
}

function writeNode({ type, inputs, output, attributes }: OnnxNode, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input);
  pbf.writeStringField(2, output);
  pbf.writeStringField(3, output);
  pbf.writeStringField(4, type);
  for (const attribute of Object.entries(attributes)) pbf.writeMessage(5, writeAttribute, attribute);
}

function writeAttribute([name, value]: [string, number | number[]], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if (typeof value === 'number') pbf.writeVarintField(3, value);
  else for (const each of value) pbf.writeVarintField(8, each);
  pbf.writeVarintField(20, typeof value === 'number' ? 2 : 7);
}

function writeTensor({ name, dims, data }: { name: string; dims: number[]; data: Float32Array }, pbf: PbfWriter): void {
  for (const side of dims) pbf.writeVarintField(1, side);
  pbf.writeVarintField(2, elementTypes.float32);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

interface OnnxValue {
  readonly name: string;
  readonly type: keyof typeof elementTypes;
  readonly sides: (number | null)[];
}

function writeValue({ name, type, sides }: OnnxValue, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  const writeSide = (side: number | null, inner: PbfWriter): void => {
    if (side === null) inner.writeStringField(2, 'batch');
    else inner.writeVarintField(1, side);
  };
  const writeShape = (_: null, inner: PbfWriter): void =>
    sides.forEach((side) => inner.writeMessage(1, writeSide, side));
  const writeTensorType = (_: null, inner: PbfWriter): void => {
    inner.writeVarintField(1, elementTypes[type]);
    inner.writeMessage(2, writeShape, null);
  };
  pbf.writeMessage(2, (_: null, inner: PbfWriter) => inner.writeMessage(1, writeTensorType, null), null);
}
