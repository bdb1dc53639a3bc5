// ONNX Runtime inside a thread of the pool. Its calls hold the thread that makes them, so it is kept out of the main one.
import { createRequire } from 'node:module';

/** @import { BatchOutput, BatchToRun, Engine, LoadedModel, ModelToLoad } from '../pool/messages.js' */
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
      return new OnnxModel(library.Tensor, session, model, batchOf(session, model));
    } catch (error) {
      await session.release();
      throw error;
    }
  },
};
export default engine;

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
    if (this.atOnce === null || count === 1) return this.runOnce(count, data);
    // A model that was exported for one example at a time is given them so.
    const size = data.length / count;
    /** @type {BatchOutput[][]} */
    const each = [];
    for (let at = 0; at < count; at++) each.push(await this.runOnce(1, data.subarray(at * size, (at + 1) * size)));
    return joined(each);
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

/** @param {BatchOutput[][]} each the outputs of one example each @returns {BatchOutput[]} those of the batch */
function joined(each) {
  return /** @type {BatchOutput[]} */ (each[0]).map(({ name, shape }, index) => {
    const parts = each.map((outputs) => /** @type {BatchOutput} */ (outputs[index]).data);
    const size = /** @type {Float32Array} */ (parts[0]).length;
    const data = new Float32Array(size * parts.length);
    parts.forEach((part, at) => data.set(part, at * size));
    return { name, shape: [parts.length, ...shape.slice(1)], data };
  });
}

/**
 * Compares a model with what its manifest declares.
 * @param {InferenceSession} session @param {ModelToLoad} model @returns {number | null} its batch, if that is fixed
 */
function batchOf(session, { input, outputs }) {
  const missing = outputs.find((name) => !session.outputNames.includes(name));
  if (missing !== undefined) throw new Error(`The model has no output ${missing}.`);
  if (session.inputNames.length !== 1) throw new Error('The model takes more than one input.');
  const declared = session.inputMetadata[0];
  if (declared?.name !== input.name) throw new Error(`The model has no input ${input.name}.`);
  if (!declared.isTensor) throw new Error('The input of the model is not a tensor.');
  if (declared.type !== input.dtype) throw new Error(`The model takes ${declared.type}, not ${input.dtype}.`);
  const [batch, ...sides] = declared.shape;
  const isSame =
    sides.length === input.shape.length &&
    sides.every((side, at) => typeof side === 'string' || side === input.shape[at]);
  if (!isSame) throw new Error(`The model takes ${sides.join(' × ')}, not ${input.shape.join(' × ')}.`);
  if (typeof batch !== 'number') return null;
  if (batch !== 1) throw new Error(`The model takes batches of ${batch} only.`);
  return batch;
}
