import { smallNetAsGraph, type GraphAttribute, type GraphConstant } from './small-net.graph.js';
import { smallNetNames, smallNetScaling, type SmallNet } from './small-net.js';

/** Numbers of a TensorFlow.js model, by name. */
type NamedWeights = (readonly [name: string, Pick<GraphConstant, 'shape' | 'data'>])[];

const shard = 'group1-shard1of1.bin';

/** A small net as TensorFlow.js keeps layers: model.json and a file of weights. */
export function smallNetAsLayers(net: SmallNet): ReadonlyMap<string, Uint8Array> {
  const layers: object[] = [];
  const weights: NamedWeights = [];
  let last = '';
  const layer = (name: string, kind: string, config: object): void => {
    const inbound = last === '' ? [] : [[[last, 0, 0, {}]]];
    layers.push({ name, class_name: kind, config: { name, trainable: false, ...config }, inbound_nodes: inbound });
    last = name;
  };
  layer(smallNetNames.input, 'InputLayer', {
    batch_input_shape: [null, ...net.inputShape],
    dtype: 'float32',
    sparse: false,
  });
  layer('scaled', 'Rescaling', { ...smallNetScaling });
  net.convolutions.forEach(({ channels, filters, kernel, bias }, index) => {
    const name = `convolution${index}`;
    const same = { kernel_size: [3, 3], strides: [2, 2], padding: 'same', data_format: 'channels_last' };
    layer(name, 'Conv2D', { filters, ...same, dilation_rate: [1, 1], activation: 'relu', use_bias: true });
    weights.push([`${name}/kernel`, { shape: [3, 3, channels, filters], data: kernel }]);
    weights.push([`${name}/bias`, { shape: [filters], data: bias }]);
  });
  const [logits, probs, embedding] = smallNetNames.outputs;
  layer(embedding, 'GlobalAveragePooling2D', { data_format: 'channels_last' });
  layer(logits, 'Dense', { units: net.shape.classes, activation: 'linear', use_bias: true });
  const features = net.convolutions.at(-1)!.filters;
  weights.push([`${logits}/kernel`, { shape: [features, net.shape.classes], data: net.dense.kernel }]);
  weights.push([`${logits}/bias`, { shape: [net.shape.classes], data: net.dense.bias }]);
  layer(probs, 'Activation', { activation: 'softmax' });
  const config = {
    name: 'small_net',
    layers,
    input_layers: [[smallNetNames.input, 0, 0]],
    output_layers: smallNetNames.outputs.map((name) => [name, 0, 0]),
  };
  const model_config = { class_name: 'Functional', config };
  return files(
    { format: 'layers-model', modelTopology: { keras_version: '2.13.1', backend: 'tensorflow', model_config } },
    weights,
  );
}

/** A small net as TensorFlow.js keeps graphs: model.json and a file of weights. */
export function smallNetAsTfjsGraph(net: SmallNet): ReadonlyMap<string, Uint8Array> {
  const nodes = smallNetAsGraph(net);
  const weights: NamedWeights = nodes.flatMap(({ name, attributes: { value } }) =>
    value !== undefined && 'constant' in value ? [[name, value.constant] as const] : [],
  );
  const node = nodes.map(({ name, op, inputs, attributes }) => {
    const attr = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, attributeJson(value)]));
    return { name, op, input: inputs, attr };
  });
  const info = (name: string, dtype: string, sides: number[]): object => ({
    name: `${name}:0`,
    dtype,
    tensorShape: shapeJson([-1, ...sides]),
  });
  const [logits, probs, embedding] = smallNetNames.outputs;
  const { classes } = net.shape;
  const signature = {
    inputs: { [smallNetNames.input]: info(smallNetNames.input, 'DT_UINT8', net.inputShape) },
    outputs: {
      [logits]: info(logits, 'DT_FLOAT', [classes]),
      [probs]: info(probs, 'DT_FLOAT', [classes]),
      [embedding]: info(embedding, 'DT_FLOAT', [net.convolutions.at(-1)!.filters]),
    },
  };
  return files({ format: 'graph-model', modelTopology: { node, versions: { producer: 1_087 } }, signature }, weights);
}

function attributeJson(attribute: GraphAttribute): object {
  if ('type' in attribute) return { type: attribute.type };
  if ('flag' in attribute) return { b: attribute.flag };
  if ('text' in attribute) return { s: Buffer.from(attribute.text).toString('base64') };
  if ('numbers' in attribute) return { list: { i: attribute.numbers.map(String) } };
  if ('shape' in attribute) return { shape: shapeJson(attribute.shape) };
  return { tensor: { dtype: attribute.constant.type, tensorShape: shapeJson(attribute.constant.shape) } };
}

function shapeJson(sides: readonly number[]): object {
  return { dim: sides.map((side) => ({ size: String(side) })) };
}

function files(model: object, weights: NamedWeights): ReadonlyMap<string, Uint8Array> {
  const specs = weights.map(([name, { shape, data }]) => ({
    name,
    shape,
    dtype: data instanceof Int32Array ? 'int32' : 'float32',
  }));
  const manifest = { ...model, weightsManifest: [{ paths: [shard], weights: specs }] };
  const bytes = weights.map(([, { data }]) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  return new Map<string, Uint8Array>([
    ['model.json', Buffer.from(JSON.stringify(manifest))],
    [shard, Buffer.concat(bytes)],
  ]);
}
