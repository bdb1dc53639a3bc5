// TensorFlow.js inside a thread of the pool: the native library where it was provisioned, WebAssembly otherwise.
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { batchOf, runInSteps } from '../pool/declared-shape.mjs';
import { advice, openModel, unsupported } from './open-model.mjs';

/** @import { BatchOutput, BatchToRun, Engine, LoadedModel, ModelToLoad, OpenEngine } from '../pool/messages.js' */
/** @import { Tensor } from '@tensorflow/tfjs-core' */
/** @import { Library, Runner } from './open-model.mjs' */

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
    const runner = await openModel(this.library, model);
    try {
      return new TensorFlowModel(this.library.core, runner, model, compare(runner, model));
    } catch (error) {
      runner.dispose();
      throw error;
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
