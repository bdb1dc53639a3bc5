import { writeOnnx, type OnnxNode, type OnnxWeights } from '#libs/models';
import { smallNetNames, smallNetScaling, type SmallNet } from './small-net.js';

/**
 * A small net as an ONNX file: uint8 NHWC in, as the models of the training package.
 * @param batch examples that it takes in one go; null for any number
 */
export function smallNetAsOnnx(net: SmallNet, batch: number | null = null): Uint8Array {
  const nodes: OnnxNode[] = [];
  const node = (type: string, inputs: string[], output: string, attributes: OnnxNode['attributes'] = {}): void => {
    nodes.push({ type, inputs, output, attributes });
  };
  const weights: OnnxWeights[] = [
    { name: 'scale', shape: [], data: Float32Array.of(smallNetScaling.scale) },
    { name: 'offset', shape: [], data: Float32Array.of(smallNetScaling.offset) },
  ];
  node('Cast', [smallNetNames.input], 'numbers', { to: 1 });
  node('Mul', ['numbers', 'scale'], 'scaled');
  node('Add', ['scaled', 'offset'], 'centred');
  node('Transpose', ['centred'], 'picture', { perm: [0, 3, 1, 2] });
  let last = 'picture';
  net.convolutions.forEach(({ pads: [before, after], channels, filters, kernel, bias }, index) => {
    // Row, column, channel, filter become filter, channel, row, column.
    const turned = new Float32Array(kernel.length);
    kernel.forEach((value, at) => {
      const [filter, rest] = [at % filters, Math.floor(at / filters)];
      const [channel, place] = [rest % channels, Math.floor(rest / channels)];
      turned[(filter * channels + channel) * 9 + place] = value;
    });
    weights.push({ name: `kernel${index}`, shape: [filters, channels, 3, 3], data: turned });
    weights.push({ name: `bias${index}`, shape: [filters], data: bias });
    const how = { kernel_shape: [3, 3], strides: [2, 2], pads: [before, before, after, after] };
    node('Conv', [last, `kernel${index}`, `bias${index}`], `sum${index}`, how);
    node('Relu', [`sum${index}`], `relu${index}`);
    last = `relu${index}`;
  });
  const [logits, probs, embedding] = smallNetNames.outputs;
  const features = net.convolutions.at(-1)!.filters;
  const { classes } = net.shape;
  weights.push({ name: 'dense', shape: [features, classes], data: net.dense.kernel });
  weights.push({ name: 'dense_bias', shape: [classes], data: net.dense.bias });
  node('GlobalAveragePool', [last], 'mean');
  node('Flatten', ['mean'], embedding, { axis: 1 });
  node('Gemm', [embedding, 'dense', 'dense_bias'], logits);
  node('Softmax', [logits], probs, { axis: 1 });
  return writeOnnx({
    nodes,
    weights,
    input: { name: smallNetNames.input, type: 'uint8', shape: [batch, ...net.inputShape] },
    outputs: [
      { name: logits, type: 'float32', shape: [batch, classes] },
      { name: probs, type: 'float32', shape: [batch, classes] },
      { name: embedding, type: 'float32', shape: [batch, features] },
    ],
  });
}
