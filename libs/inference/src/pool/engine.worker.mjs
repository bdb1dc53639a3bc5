// The inside of a thread that runs models. Plain JavaScript, because Node 20 starts a thread from a file that it can run as
// it is: from the sources under test, and from dist, where the compiler copies it to and checks its types on the way.
import { parentPort, workerData } from 'node:worker_threads';

/** @import { LoadedModel, OpenEngine, ThreadAnswer, ThreadRequest } from './messages.js' */

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
/** @type {{ default: OpenEngine }} */
const { default: open } = await import(workerData.engine);
const engine = await open(workerData.settings);
/** @type {Map<string, LoadedModel>} */
const models = new Map();

/** One request after the other, although engines answer by promise. */
let last = Promise.resolve();
port.on('message', (/** @type {ThreadRequest} */ request) => {
  last = last
    .then(() => answer(request))
    .catch((/** @type {unknown} */ error) => failed(error))
    .then((message) => port.postMessage(message, message.kind === 'outputs' ? [message.memory] : []));
});

/** @param {ThreadRequest} request @returns {Promise<ThreadAnswer>} */
async function answer(request) {
  switch (request.kind) {
    case 'report':
      return { kind: 'report', report: await engine.report() };
    case 'load':
      models.set(request.model.key, await engine.load(request.model));
      return { kind: 'done' };
    case 'run': {
      const model = models.get(request.batch.key);
      if (model === undefined) throw new Error('The model is not loaded.');
      const began = performance.now();
      const outputs = await model.run(request.batch);
      return { kind: 'outputs', outputs, milliseconds: performance.now() - began, memory: request.batch.data.buffer };
    }
    case 'unload': {
      const model = models.get(request.key);
      models.delete(request.key);
      await model?.dispose();
      return { kind: 'done' };
    }
  }
}

/** @param {unknown} error @returns {ThreadAnswer} */
function failed(error) {
  const detail = error instanceof Error ? error.message : String(error);
  const isUnsupported = error instanceof Error && 'reason' in error && error.reason === 'unsupported';
  return { kind: 'failed', reason: isUnsupported ? 'unsupported' : 'broken', detail: detail.slice(0, 500) };
}
