import { createHash } from 'node:crypto';
import type { ModelFormat, RunnableModel } from '#libs/models';
import { smallNetAsOnnx } from './small-net.onnx.js';
import { smallNetAsSavedModel } from './small-net.saved-model.js';
import { smallNetAsLayers, smallNetAsTfjsGraph } from './small-net.tfjs.js';
import { smallNetNames, type SmallNet } from './small-net.js';

/** A small net as a model that runtimes take, in a format. */
export function smallNetModel(net: SmallNet, format: ModelFormat = 'onnx'): RunnableModel {
  const { entry, files } = filesOf(net, format);
  return {
    key: createHash('sha256')
      .update(JSON.stringify([net.seed, net.shape, format]))
      .digest('hex'),
    format,
    entry,
    input: { name: smallNetNames.input, dtype: 'uint8', shape: net.inputShape },
    outputs: [...smallNetNames.outputs],
    files: () => Promise.resolve(files),
  };
}

function filesOf(net: SmallNet, format: ModelFormat): { entry: string; files: ReadonlyMap<string, Uint8Array> } {
  switch (format) {
    case 'onnx':
      return { entry: 'model.onnx', files: new Map([['model.onnx', smallNetAsOnnx(net)]]) };
    case 'tfjs-layers':
      return { entry: 'model.json', files: smallNetAsLayers(net) };
    case 'tfjs-graph':
      return { entry: 'model.json', files: smallNetAsTfjsGraph(net) };
    case 'saved-model':
      return { entry: 'saved_model', files: smallNetAsSavedModel(net) };
  }
}
