// TensorFlow.js inside a thread of the pool: the native library where it was provisioned, WebAssembly otherwise.
import { createRequire } from 'node:module';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { batchOf, runInSteps } from '../pool/declared-shape.mjs';

/** @import { BatchOutput, BatchToRun, Engine, LoadedModel, ModelToLoad, OpenEngine } from '../pool/messages.js' */
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
const advice = 'For the native library, which is faster and runs SavedModels, run npm run provision:tfjs-node.';

/** @type {OpenEngine} */
const open = async ({ nativeFolder }) => {
  const native = typeof nativeFolder === 'string' ? openNative(nativeFolder) : { trouble: '' };
  const library = 'core' in native ? native : await openWasm();
  return new TensorFlowEngine(library, 'trouble' in native ? native.trouble : '');
};
export default open;

/** @implements {Engine} */
class TensorFlowEngine {
  /** @param {Library} library @param {string} trouble why there is no native library, if one was expected */
  constructor(library, trouble) {
    this.library = library;
    this.trouble = trouble;
  }

  /** @type {Engine['report']} */
  async report() {
    const { core, native } = this.library;
    const version = core.version_core;
    if (native !== null) {
      const note = 'Native TensorFlow on the CPU; its own threads are shared by all of ours.';
      return { isThere: true, version, formats: ['tfjs-layers', 'tfjs-graph', 'saved-model'], note };
    }
    const why = this.trouble === '' ? '' : ` The native library does not load here (${this.trouble}).`;
    return { isThere: true, version, formats: ['tfjs-layers', 'tfjs-graph'], note: `WebAssembly.${why} ${advice}` };
  }

  /** @type {Engine['load']} */
  async load(model) {
    const runner = await this.open(model);
    try {
      return new TensorFlowModel(this.library.core, runner, model, compare(runner, model));
    } catch (error) {
      runner.dispose();
      throw error;
    }
  }

  /** @param {ModelToLoad} model @returns {Promise<Runner>} */
  open(model) {
    switch (model.format) {
      case 'tfjs-layers':
        return openLayers(this.library, model);
      case 'tfjs-graph':
        return openGraph(this.library, model);
      case 'saved-model':
        return openSavedModel(this.library, model);
      case 'onnx':
        throw unsupported('TensorFlow.js does not run ONNX.');
    }
  }
}

/** @implements {LoadedModel} */
class TensorFlowModel {
  /** @param {Library['core']} core @param {Runner} runner @param {ModelToLoad} model @param {number | null} atOnce */
  constructor(core, runner, model, atOnce) {
    this.core = core;
    this.runner = runner;
    this.model = model;
    this.atOnce = atOnce;
  }

  /** @param {BatchToRun} batch @returns {Promise<BatchOutput[]>} */
  async run(batch) {
    try {
      return await runInSteps(this.atOnce, batch, (count, data) => this.runOnce(count, data));
    } catch (error) {
      if (error instanceof Error && /not registered for the backend/.test(error.message)) {
        throw unsupported(`${error.message.split('\n')[0]} ${advice}`);
      }
      throw error;
    }
  }

  /** @param {number} count @param {Uint8Array | Float32Array} data @returns {Promise<BatchOutput[]>} */
  async runOnce(count, data) {
    const { input, outputs } = this.model;
    const isWhole = this.runner.inputType === 'int32';
    const shape = [count, ...input.shape];
    const tensor = this.core.tensor(
      isWhole ? Int32Array.from(data) : Float32Array.from(data),
      shape,
      isWhole ? 'int32' : 'float32',
    );
    /** @type {Tensor[]} */
    let results = [];
    try {
      results = this.runner.run(tensor);
      return outputs.map((name, at) => {
        const result = /** @type {Tensor} */ (results[at]);
        if (result.dtype !== 'float32') throw new Error(`The output ${name} is ${result.dtype}, not float32.`);
        // A copy: what the backend shows may be its own memory, which is used again.
        return { name, shape: result.shape, data: Float32Array.from(/** @type {Float32Array} */ (result.dataSync())) };
      });
    } finally {
      this.core.dispose([tensor, ...results]);
    }
  }

  /** Frees the weights. */
  async dispose() {
    this.runner.dispose();
  }
}

/** @param {string} folder @returns {Library | { trouble: string }} */
function openNative(folder) {
  try {
    const load = createRequire(join(folder, 'package.json'));
    // Gone from Node 23 on, and asked for by the package.
    const util = load('node:util');
    util.isNullOrUndefined ??= (/** @type {unknown} */ value) => value === null || value === undefined;
    util.isArray ??= Array.isArray;
    const tf = load('@tensorflow/tfjs-node');
    return { core: tf, loadLayersModel: tf.loadLayersModel, loadGraphModel: tf.loadGraphModel, native: tf.node };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return { trouble: '' };
    return { trouble: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

/** @returns {Promise<Library>} */
async function openWasm() {
  const require = createRequire(import.meta.url);
  const core = require('@tensorflow/tfjs-core');
  const wasm = require('@tensorflow/tfjs-backend-wasm');
  // The files lie in the package: nothing is fetched.
  wasm.setWasmPaths(dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + sep);
  await core.setBackend('wasm');
  await core.ready();
  const { loadLayersModel } = require('@tensorflow/tfjs-layers');
  const { loadGraphModel } = require('@tensorflow/tfjs-converter');
  return { core, loadLayersModel, loadGraphModel, native: null };
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

/**
 * Compares a model with what its manifest declares.
 * @param {Runner} runner @param {ModelToLoad} model @returns {number | null} its batch, if that is fixed
 */
function compare({ inputName, inputShape, inputType, outputNames }, { input, outputs }) {
  const missing = outputs.find((name) => !outputNames.includes(name));
  if (missing !== undefined) throw new Error(`The model has no output ${missing}.`);
  if (inputName !== input.name) throw new Error(`The model has no input ${input.name}, but ${inputName}.`);
  // TensorFlow.js has no bytes: they are fed as whole numbers, or as any numbers where the model takes those.
  const fits = inputType === 'float32' || (inputType === 'int32' && input.dtype === 'uint8');
  if (!fits) throw new Error(`The model takes ${inputType}, not ${input.dtype}.`);
  return batchOf(inputShape, { input });
}

/** @param {string} detail */
function unsupported(detail) {
  return Object.assign(new Error(detail), { reason: 'unsupported' });
}
