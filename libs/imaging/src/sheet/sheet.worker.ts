// The inside of the thread that reads sheets.
import { parentPort, workerData } from 'node:worker_threads';
import type { SheetScript } from '#libs/grading';
import { loadOpenCv, messageOf } from '../photo/load-open-cv.js';
import { loadTesseract, type LineReader } from './load-tesseract.js';
import type { SheetThreadRequest, SheetThreadSettings } from './messages.js';
import { readSheet } from './read-sheet.js';

const port = parentPort!;
const { mostBytes } = workerData as SheetThreadSettings;
const loading = loadOpenCv(mostBytes);
const readers = new Map<SheetScript, LineReader>();

async function readerFor(script: SheetScript): Promise<LineReader> {
  const reader = readers.get(script) ?? (await loadTesseract(script));
  readers.set(script, reader);
  return reader;
}

port.on('message', async (request: SheetThreadRequest) => {
  const cv = await loading;
  const heldBytes = (): number =>
    [...readers.values()].reduce((sum, reader) => sum + reader.heldBytes, cv.HEAPU8.length);
  try {
    const reader = await readerFor(request.script);
    const answer = request.kind === 'start' ? { kind: 'started' } : readSheet(cv, reader, request);
    port.postMessage({ ...answer, heldBytes: heldBytes() });
  } catch (error) {
    port.postMessage({ kind: 'failed', detail: messageOf(cv, error).slice(0, 500), heldBytes: heldBytes() });
  }
});
