// What engines have in common: comparing a model with what its manifest declares, and giving it what it takes in one go.

/** @import { BatchOutput, BatchToRun, ModelToLoad } from './messages.js' */

/**
 * Compares the shape that a model takes with the one that its manifest declares.
 * @param {readonly (number | string | null)[]} shape with the batch first; what is no positive number may be of any length
 * @param {Pick<ModelToLoad, 'input'>} model
 * @returns {number | null} how many examples the model takes in one go, if that is fixed
 */
export function batchOf(shape, { input }) {
  const isFree = (/** @type {unknown} */ side) => typeof side !== 'number' || side < 1;
  const [batch, ...sides] = shape;
  const isSame =
    sides.length === input.shape.length && sides.every((side, at) => isFree(side) || side === input.shape[at]);
  if (!isSame) throw new Error(`The model takes ${sides.join(' × ')}, not ${input.shape.join(' × ')}.`);
  if (typeof batch !== 'number' || batch < 1) return null;
  if (batch !== 1) throw new Error(`The model takes batches of ${batch} only.`);
  return batch;
}

/**
 * Runs a batch, in one go or, for a model that was exported for one example at a time, one by one.
 * @param {number | null} atOnce how many examples the model takes in one go, if that is fixed
 * @param {Pick<BatchToRun, 'count' | 'data'>} batch
 * @param {(count: number, data: Uint8Array | Float32Array) => Promise<BatchOutput[]>} run
 * @returns {Promise<BatchOutput[]>}
 */
export async function runInSteps(atOnce, { count, data }, run) {
  if (atOnce === null || count === 1) return run(count, data);
  const size = data.length / count;
  /** @type {BatchOutput[][]} */
  const each = [];
  for (let at = 0; at < count; at++) each.push(await run(1, data.subarray(at * size, (at + 1) * size)));
  return /** @type {BatchOutput[]} */ (each[0]).map(({ name, shape }, index) => {
    const parts = each.map((outputs) => /** @type {BatchOutput} */ (outputs[index]).data);
    const length = /** @type {Float32Array} */ (parts[0]).length;
    const joined = new Float32Array(length * count);
    parts.forEach((part, at) => joined.set(part, at * length));
    return { name, shape: [count, ...shape.slice(1)], data: joined };
  });
}
