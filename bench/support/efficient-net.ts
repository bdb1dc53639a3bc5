import { writeOnnx, type OnnxNode, type OnnxWeights } from '#libs/models';
import { seededRng } from '#libs/kernel';

/** A stage of EfficientNet-B0: blocks that widen by a factor, filter each channel by itself, and narrow again. */
interface Stage {
  readonly widen: number;
  readonly kernel: number;
  readonly stride: number;
  readonly channels: number;
  readonly blocks: number;
}

/** Table 1 of Tan and Le, EfficientNet, 2019: https://arxiv.org/abs/1905.11946 */
const stages: readonly Stage[] = [
  { widen: 1, kernel: 3, stride: 1, channels: 16, blocks: 1 },
  { widen: 6, kernel: 3, stride: 2, channels: 24, blocks: 2 },
  { widen: 6, kernel: 5, stride: 2, channels: 40, blocks: 2 },
  { widen: 6, kernel: 3, stride: 2, channels: 80, blocks: 3 },
  { widen: 6, kernel: 5, stride: 1, channels: 112, blocks: 3 },
  { widen: 6, kernel: 5, stride: 2, channels: 192, blocks: 4 },
  { widen: 6, kernel: 3, stride: 1, channels: 320, blocks: 1 },
];
const classes = 1_000;
const features = 1_280;

/** What the model has by the paper, where each of its normalisations has two numbers a channel. */
const parameters = 5_288_548;

/**
 * EfficientNet-B0 for pictures of 224 × 224 with weights of chance, as it is exported for serving: the normalisations are part of the
 * convolutions, so that each channel has one number instead of two. Its time does not depend on the weights.
 */
export function efficientNet(): { bytes: Uint8Array; input: string; outputs: string[]; shape: number[] } {
  const rng = seededRng('efficient-net');
  const nodes: OnnxNode[] = [];
  const weights: OnnxWeights[] = [];
  let normalised = 0;
  const node = (
    type: string,
    inputs: string[],
    attributes: OnnxNode['attributes'] = {},
    output = `${type}${nodes.length}`,
  ): string => {
    nodes.push({ type, inputs, output, attributes });
    return output;
  };
  const draw = (shape: number[], width: number): string => {
    const size = shape.reduce((product, side) => product * side, 1);
    const data = Float32Array.from({ length: size }, () => (2 * rng() - 1) * width);
    weights.push({ name: `weights${weights.length}`, shape, data });
    return `weights${weights.length - 1}`;
  };
  const convolve = (
    input: string,
    from: number,
    to: number,
    { kernel = 1, stride = 1, group = 1, isNormalised = true } = {},
  ): string => {
    const side = (kernel - 1) / 2;
    const width = Math.sqrt(6 / ((from / group) * kernel ** 2));
    if (isNormalised) normalised += to;
    const own = [draw([to, from / group, kernel, kernel], width), draw([to], 0.1)];
    const how = { kernel_shape: [kernel, kernel], strides: [stride, stride], pads: [side, side, side, side], group };
    return node('Conv', [input, ...own], how);
  };
  const silu = (input: string): string => node('Mul', [input, node('Sigmoid', [input])]);

  const scale = draw([], 0.01);
  let last = node('Transpose', [node('Mul', [node('Cast', ['image'], { to: 1 }), scale])], { perm: [0, 3, 1, 2] });
  let channels = 32;
  last = silu(convolve(last, 3, channels, { kernel: 3, stride: 2 }));
  for (const { widen, kernel, stride, channels: to, blocks } of stages) {
    for (let block = 0; block < blocks; block++) {
      const [input, wide, squeezed] = [last, channels * widen, Math.max(1, Math.floor(channels / 4))];
      if (widen > 1) last = silu(convolve(last, channels, wide));
      last = silu(convolve(last, wide, wide, { kernel, stride: block === 0 ? stride : 1, group: wide }));
      const mean = node('GlobalAveragePool', [last]);
      const narrow = silu(convolve(mean, wide, squeezed, { isNormalised: false }));
      const gates = node('Sigmoid', [convolve(narrow, squeezed, wide, { isNormalised: false })]);
      last = convolve(node('Mul', [last, gates]), wide, to);
      if (block > 0) last = node('Add', [last, input]);
      channels = to;
    }
  }
  last = node('GlobalAveragePool', [silu(convolve(last, channels, features))]);
  const embedding = node('Flatten', [last], { axis: 1 }, 'embedding');
  const logits = node('Gemm', [embedding, draw([features, classes], 0.05), draw([classes], 0.1)], {}, 'logits');
  node('Softmax', [logits], { axis: 1 }, 'probs');

  const numbers = weights.reduce((sum, { data }) => sum + data.length, 0) - 1;
  if (numbers + normalised !== parameters)
    throw new Error(`This is not EfficientNet-B0: ${numbers + normalised} numbers.`);
  const shape = [224, 224, 3];
  const output = (name: string, side: number) => ({ name, type: 'float32', shape: [null, side] }) as const;
  const bytes = writeOnnx({
    nodes,
    weights,
    input: { name: 'image', type: 'uint8', shape: [null, ...shape] },
    outputs: [output('logits', classes), output('probs', classes), output('embedding', features)],
  });
  return { bytes, input: 'image', outputs: ['logits', 'probs', 'embedding'], shape };
}
