// ONNX Runtime inside a thread of the pool. Its calls hold the thread that makes them, so it is kept out of the main one.
import { createRequire } from 'node:module';
import { batchOf, runInSteps } from '../pool/declared-shape.mjs';

/** @import { BatchOutput, BatchToRun, Engine, LoadedModel, ModelToLoad, OpenEngine } from '../pool/messages.js' */
/** @import { InferenceSession } from 'onnxruntime-node' */

const require = createRequire(import.meta.url);
/** @type {typeof import('onnxruntime-node') | null} */
let library = null;
let trouble = '';
try {
  library = require('onnxruntime-node');
} catch (error) {
  trouble = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}

/** @type {Engine} */
const engine = {
  async report() {
    const isThere = library !== null;
    const version = isThere ? require('onnxruntime-node/package.json').version : null;
    const note = isThere
      ? 'CPU, one core for each thread.'
      : `The package onnxruntime-node does not load here (${trouble}): run npm ci, on Linux with glibc, macOS or Windows.`;
    return { isThere, version, formats: isThere ? ['onnx'] : [], note };
  },

  async load(model) {
    if (library === null || model.format !== 'onnx') {
      const why = library === null ? `onnxruntime-node does not load here: ${trouble}` : 'Not an ONNX model.';
      throw Object.assign(new Error(why), { reason: 'unsupported' });
    }
    const bytes = model.files.get(model.entry);
    if (bytes === undefined) throw new Error(`The package has no file ${model.entry}.`);
    const session = await library.InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 4,
    });
    try {
      return new OnnxModel(library.Tensor, session, model, compare(session, model));
    } catch (error) {
      await session.release();
      throw error;
    }
  },
};

/** @type {OpenEngine} */
const open = async () => engine;
export default open;

/** @implements {LoadedModel} */
class OnnxModel {
  /**
   * @param {typeof import('onnxruntime-node').Tensor} Tensor
   * @param {InferenceSession} session
   * @param {ModelToLoad} model
   * @param {number | null} atOnce examples that the model takes in one go, if that is fixed
   */
  constructor(Tensor, session, model, atOnce) {
    this.Tensor = Tensor;
    this.session = session;
    this.model = model;
    this.atOnce = atOnce;
  }

  /** @param {BatchToRun} batch @returns {Promise<BatchOutput[]>} */
  async run({ count, data }) {
    return runInSteps(this.atOnce, { count, data }, (some, part) => this.runOnce(some, part));
  }

  /** @param {number} count @param {Uint8Array | Float32Array} data @returns {Promise<BatchOutput[]>} */
  async runOnce(count, data) {
    const { input, outputs } = this.model;
    const tensor = new this.Tensor(input.dtype, data, [count, ...input.shape]);
    const results = await this.session.run({ [input.name]: tensor }, outputs);
    return outputs.map((name) => {
      const { type, dims, data: numbers } = /** @type {import('onnxruntime-node').Tensor} */ (results[name]);
      if (type !== 'float32') throw new Error(`The output ${name} is ${type}, not float32.`);
      if (dims[0] !== count) throw new Error(`The output ${name} does not have the batch first.`);
      return { name, shape: dims, data: /** @type {Float32Array} */ (numbers) };
    });
  }

  /** Frees the weights. */
  async dispose() {
    await this.session.release();
  }
}

/**
 * Compares a model with what its manifest declares.
 * @param {InferenceSession} session @param {ModelToLoad} model @returns {number | null} its batch, if that is fixed
 */
function compare(session, { input, outputs }) {
  const missing = outputs.find((name) => !session.outputNames.includes(name));
  if (missing !== undefined) throw new Error(`The model has no output ${missing}.`);
  if (session.inputNames.length !== 1) throw new Error('The model takes more than one input.');
  const declared = session.inputMetadata[0];
  if (declared?.name !== input.name) throw new Error(`The model has no input ${input.name}.`);
  if (!declared.isTensor) throw new Error('The input of the model is not a tensor.');
  if (declared.type !== input.dtype) throw new Error(`The model takes ${declared.type}, not ${input.dtype}.`);
  return batchOf(declared.shape, { input });
}
