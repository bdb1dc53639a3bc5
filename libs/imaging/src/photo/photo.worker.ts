// The inside of the thread that measures photos.
import { parentPort, workerData } from 'node:worker_threads';
import { learnPixels } from './learn-pixels.js';
import { measurePhoto } from './measure.js';
import { loadOpenCv, messageOf } from './load-open-cv.js';
import type { ThreadRequest, ThreadSettings } from './messages.js';
import type { OpenCv } from './open-cv.js';

const port = parentPort!;
const { mostBytes, limits } = workerData as ThreadSettings;
const loading = loadOpenCv(mostBytes);

function answerTo(cv: OpenCv, request: ThreadRequest): object {
  switch (request.kind) {
    case 'start':
      return { kind: 'started' };
    case 'measure':
      return measurePhoto(cv, request.photo, request.request, limits);
    case 'learn':
      return { kind: 'learnt', forest: learnPixels(cv, request.examples, request.seed) };
  }
}

port.on('message', async (request: ThreadRequest) => {
  const cv = await loading;
  const answered = () => ({ heldBytes: cv.HEAPU8.length });
  try {
    const answer = answerTo(cv, request);
    port.postMessage({ ...answer, ...answered() });
  } catch (error) {
    port.postMessage({ kind: 'failed', detail: messageOf(cv, error).slice(0, 500), ...answered() });
  }
});
