import { smallNetNames, smallNetScaling, type SmallNet } from './small-net.js';

/** Kinds of element, with their numbers in TensorFlow's types.proto. */
export const graphTypes = { DT_FLOAT: 1, DT_INT32: 3, DT_UINT8: 4 } as const;
export type GraphType = keyof typeof graphTypes;

/** What a node is told beside its inputs. */
export type GraphAttribute =
  | { readonly type: GraphType }
  | { readonly flag: boolean }
  | { readonly text: string }
  | { readonly numbers: readonly number[] }
  | { readonly shape: readonly number[] }
  | { readonly constant: GraphConstant };

/** Numbers that a graph holds. */
export interface GraphConstant {
  readonly type: GraphType;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** A step of a graph; its output is known by its name. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly inputs: readonly string[];
  readonly attributes: Readonly<Record<string, GraphAttribute>>;
}

/** A small net as the steps of a TensorFlow graph; -1 stands for the batch. */
export function smallNetAsGraph(net: SmallNet): GraphNode[] {
  const nodes: GraphNode[] = [];
  const node = (
    name: string,
    op: string,
    inputs: string[],
    attributes: GraphNode['attributes'] = { T: { type: 'DT_FLOAT' } },
  ): string => {
    nodes.push({ name, op, inputs, attributes });
    return name;
  };
  const constant = (name: string, shape: readonly number[], data: Float32Array | Int32Array): string => {
    const type = data instanceof Int32Array ? 'DT_INT32' : 'DT_FLOAT';
    return node(name, 'Const', [], { dtype: { type }, value: { constant: { type, shape, data } } });
  };
  const float = { T: { type: 'DT_FLOAT' } } as const;
  const format = { data_format: { text: 'NHWC' } } as const;

  const shape = { shape: [-1, ...net.inputShape] };
  node(smallNetNames.input, 'Placeholder', [], { dtype: { type: 'DT_UINT8' }, shape });
  node('numbers', 'Cast', [smallNetNames.input], { SrcT: { type: 'DT_UINT8' }, DstT: { type: 'DT_FLOAT' } });
  node('scaled', 'Mul', ['numbers', constant('scale', [], Float32Array.of(smallNetScaling.scale))]);
  let last = node('centred', 'AddV2', ['scaled', constant('offset', [], Float32Array.of(smallNetScaling.offset))]);
  net.convolutions.forEach(({ channels, filters, kernel, bias }, index) => {
    const weights = constant(`kernel${index}`, [3, 3, channels, filters], kernel);
    const steps = { strides: { numbers: [1, 2, 2, 1] }, dilations: { numbers: [1, 1, 1, 1] } };
    const sum = node(`sum${index}`, 'Conv2D', [last, weights], {
      ...float,
      ...format,
      ...steps,
      padding: { text: 'SAME' },
    });
    const biased = node(`biased${index}`, 'BiasAdd', [sum, constant(`bias${index}`, [filters], bias)], {
      ...float,
      ...format,
    });
    last = node(`relu${index}`, 'Relu', [biased]);
  });
  const [logits, probs, embedding] = smallNetNames.outputs;
  const features = net.convolutions.at(-1)!.filters;
  const { classes } = net.shape;
  const mean = node('mean', 'Mean', [last, constant('sides', [2], Int32Array.of(1, 2))], {
    ...float,
    Tidx: { type: 'DT_INT32' },
    keep_dims: { flag: false },
  });
  const product = node('product', 'MatMul', [mean, constant('dense', [features, classes], net.dense.kernel)], {
    ...float,
    transpose_a: { flag: false },
    transpose_b: { flag: false },
  });
  const sum = node('sum', 'BiasAdd', [product, constant('dense_bias', [classes], net.dense.bias)], {
    ...float,
    ...format,
  });
  node(embedding, 'Identity', [mean]);
  node(logits, 'Identity', [sum]);
  node(probs, 'Softmax', [sum]);
  return nodes;
}
