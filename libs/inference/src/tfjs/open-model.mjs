// A model of any format that TensorFlow.js reads, from files in memory.
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';

/** @import { ModelToLoad } from '../pool/messages.js' */
/** @import { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core' */

/**
 * @typedef {object} Library
 * @property {typeof import('@tensorflow/tfjs-core')} core
 * @property {typeof import('@tensorflow/tfjs-layers').loadLayersModel} loadLayersModel
 * @property {typeof import('@tensorflow/tfjs-converter').loadGraphModel} loadGraphModel
 * @property {Native | null} native
 */

/**
 * What the native library has beyond the others; its package is not among ours, so its types are not either.
 * @typedef {object} Native
 * @property {(folder: string, tags: string[], signature: string) => Promise<SavedModel>} loadSavedModel
 * @property {(folder: string) => Promise<{ signatureDefs: Record<string, Signature> }[]>} getMetaGraphsFromSavedModel
 *
 * @typedef {object} SavedModel
 * @property {(inputs: NamedTensorMap) => NamedTensorMap} predict
 * @property {() => void} dispose
 *
 * @typedef {object} Signature
 * @property {Record<string, { dtype: string, shape: unknown }>} inputs
 * @property {Record<string, unknown>} outputs
 */

/**
 * A model of any format: what goes in, and what comes out of it.
 * @typedef {object} Runner
 * @property {string} inputName
 * @property {readonly (number | null)[]} inputShape
 * @property {string} inputType
 * @property {readonly string[]} outputNames
 * @property {(input: Tensor) => Tensor[]} run in the order of the outputs that were asked for
 * @property {() => void} dispose
 */

/** What to do to get the native library. */
export const advice = 'For the native library, which is faster and runs SavedModels, run npm run provision:tfjs-node.';

/** @param {Library} library @param {ModelToLoad} model @returns {Promise<Runner>} */
export function openModel(library, model) {
  switch (model.format) {
    case 'tfjs-layers':
      return openLayers(library, model);
    case 'tfjs-graph':
      return openGraph(library, model);
    case 'saved-model':
      return openSavedModel(library, model);
    case 'onnx':
      throw unsupported('TensorFlow.js does not run ONNX.');
  }
}

/** @param {Library} library @param {ModelToLoad} model @returns {Promise<Runner>} */
async function openLayers({ loadLayersModel, core }, model) {
  const artifacts = artifactsOf(core, model);
  const loaded = await loadLayersModel({ load: async () => artifacts });
  const order = model.outputs.map((name) => loaded.outputNames.indexOf(name));
  const [input] = loaded.inputs;
  if (input === undefined || loaded.inputs.length !== 1) throw new Error('The model does not take one input.');
  return {
    inputName: loaded.inputNames[0] ?? '',
    inputShape: input.shape,
    inputType: input.dtype,
    outputNames: loaded.outputNames,
    run: (tensor) => {
      const results = [loaded.predictOnBatch(tensor)].flat();
      return order.map((at) => /** @type {Tensor} */ (results[at]));
    },
    dispose: () => loaded.dispose(),
  };
}

/** @param {Library} library @param {ModelToLoad} model @returns {Promise<Runner>} */
async function openGraph({ loadGraphModel, core }, model) {
  const artifacts = artifactsOf(core, model);
  const loaded = await loadGraphModel({ load: async () => artifacts });
  const [input] = loaded.inputs;
  if (input === undefined || loaded.inputs.length !== 1) throw new Error('The model does not take one input.');
  // A signature gives names of its own to the nodes; without one the nodes have theirs.
  /** @type {{ inputs?: Record<string, { name: string }>, outputs?: Record<string, { name: string }> }} */
  const signature = artifacts.signature ?? {};
  const named = Object.entries(signature.outputs ?? {}).map(
    ([name, { name: node }]) => /** @type {const} */ ([name, node]),
  );
  const nodes = new Map(named.length > 0 ? named : loaded.outputNodes.map((node) => [node, node]));
  const wanted = model.outputs.map((name) => nodes.get(name) ?? '');
  return {
    inputName: Object.keys(signature.inputs ?? {})[0] ?? input.name.replace(/:0$/, ''),
    inputShape: input.shape ?? [],
    inputType: input.dtype,
    outputNames: [...nodes.keys()],
    run: (tensor) => [loaded.execute({ [input.name]: tensor }, wanted)].flat(),
    dispose: () => loaded.dispose(),
  };
}

/** @param {Library} library @param {ModelToLoad} model @returns {Promise<Runner>} */
async function openSavedModel({ native, core }, model) {
  if (native === null) throw unsupported(`A SavedModel needs the native library. ${advice}`);
  const folder = await mkdtemp(join(tmpdir(), 'attune-saved-model-'));
  try {
    for (const [path, content] of model.files) {
      const file = join(folder, path);
      if (!file.startsWith(folder + sep)) throw new Error('A file of the model is outside of its folder.');
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
    }
    const at = join(folder, model.entry);
    const name = 'serving_default';
    const signature = (await native.getMetaGraphsFromSavedModel(at))[0]?.signatureDefs[name];
    if (signature === undefined) throw new Error(`The model has no signature ${name}.`);
    const [input, ...more] = Object.entries(signature.inputs);
    if (input === undefined || more.length > 0) throw new Error('The model does not take one input.');
    const [inputName, { dtype, shape }] = input;
    const loaded = await native.loadSavedModel(at, ['serve'], name);
    return {
      inputName,
      inputShape: sidesOf(shape),
      inputType: dtype,
      outputNames: Object.keys(signature.outputs),
      run: (tensor) => {
        const results = loaded.predict({ [inputName]: tensor });
        const wanted = model.outputs.map((output) => /** @type {Tensor} */ (results[output]));
        core.dispose(Object.values(results).filter((result) => !wanted.includes(result)));
        return wanted;
      },
      dispose: () => loaded.dispose(),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param {unknown} shape as the native library tells it: sides, or objects around them @returns {(number | null)[]} */
function sidesOf(shape) {
  const sides = Array.isArray(shape) ? shape : Object.values(/** @type {object} */ (shape)).find(Array.isArray);
  return (sides ?? []).map((/** @type {unknown} */ side) => Number(Array.isArray(side) ? side[0] : side));
}

/**
 * Puts model.json and its shards together.
 * @param {Library['core']} core @param {ModelToLoad} model @returns {import('@tensorflow/tfjs-core').io.ModelArtifacts}
 */
function artifactsOf(core, { entry, files }) {
  const json = files.get(entry);
  if (json === undefined) throw new Error(`The package has no file ${entry}.`);
  /** @type {import('@tensorflow/tfjs-core').io.ModelJSON} */
  const { modelTopology, weightsManifest, format, signature } = JSON.parse(new TextDecoder().decode(json));
  const folder = entry.includes('/') ? entry.slice(0, entry.lastIndexOf('/') + 1) : '';
  const shards = weightsManifest.flatMap(({ paths }) =>
    paths.map((path) => {
      const shard = files.get(folder + path);
      if (shard === undefined) throw new Error(`The package has no file ${folder + path}.`);
      return /** @type {ArrayBuffer} */ (shard.buffer.slice(shard.byteOffset, shard.byteOffset + shard.byteLength));
    }),
  );
  const weightData = core.io.concatenateArrayBuffers(shards);
  const weightSpecs = weightsManifest.flatMap(({ weights }) => weights);
  return { modelTopology, weightSpecs, weightData, ...(format && { format }), ...(signature && { signature }) };
}

/** An error that says that this cannot be run here. @param {string} detail */
export function unsupported(detail) {
  return Object.assign(new Error(detail), { reason: 'unsupported' });
}
