// The inside of the thread that measures photos.
import { parentPort, workerData } from 'node:worker_threads';
import { learnPixels } from './learn-pixels.js';
import { measurePhoto } from './measure.js';
import { loadOpenCv, messageOf } from './load-open-cv.js';
import type { ThreadRequest, ThreadSettings } from './messages.js';

const port = parentPort!;
const { mostBytes, limits } = workerData as ThreadSettings;
const loading = loadOpenCv(mostBytes);

port.on('message', async (request: ThreadRequest) => {
  const cv = await loading;
  const answered = () => ({ heldBytes: cv.HEAPU8.length });
  try {
    const answer =
      request.kind === 'measure'
        ? measurePhoto(cv, request.photo, request.request, limits)
        : { kind: 'learnt', forest: learnPixels(cv, request.examples, request.seed) };
    port.postMessage({ ...answer, ...answered() });
  } catch (error) {
    port.postMessage({ kind: 'failed', detail: messageOf(cv, error).slice(0, 500), ...answered() });
  }
});
