// An engine that does as it is told by its input, for the tests of the threads: it may crash, hang, fail or take its time.
import { threadId } from 'node:worker_threads';

/** @import { Engine, OpenEngine } from '../pool/messages.js' */

/** What the first number of an example makes the engine do. */
const deeds = { answer: 0, takeTime: 1, fail: 2, hang: 3, exit: 4, throwLater: 5, shortAnswer: 6, fillHeap: 7 };

/** @type {Engine} */
const engine = {
  async report() {
    return { isThere: true, version: '1', formats: ['onnx'], note: 'For tests.' };
  },
  async load(model) {
    const order = new TextDecoder().decode(model.files.get(model.entry)).trim();
    if (order === 'hang') for (;;);
    if (order === 'fail') throw new Error('It was told to fail.');
    if (order === 'slow') wait(100);
    return {
      async run({ count, data }) {
        const size = data.length / count;
        const values = new Float32Array(count * 3);
        for (let at = 0; at < count; at++) {
          await act(data[at * size] ?? 0);
          values.set([data[at * size + 1] ?? 0, count, threadId], at * 3);
        }
        const isShort = data[0] === deeds.shortAnswer;
        return [{ name: 'out', shape: isShort ? [count, 2] : [count, 3], data: values }];
      },
      dispose: async () => undefined,
    };
  },
};

/** @type {OpenEngine} */
const open = async () => engine;
export default open;

/** @param {number} deed */
async function act(deed) {
  if (deed === deeds.takeTime) wait(50);
  if (deed === deeds.fail) throw new Error('It was told to fail.');
  if (deed === deeds.hang) for (;;);
  if (deed === deeds.exit) process.exit(7);
  if (deed === deeds.fillHeap) for (const held = []; ;) held.push(new Array(10_000).fill({}));
  if (deed === deeds.throwLater) {
    setImmediate(() => {
      throw new Error('It was told to throw.');
    });
    await new Promise(() => undefined);
  }
}

/** @param {number} milliseconds */
function wait(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
