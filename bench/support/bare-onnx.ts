import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** What each bare thread runs: ONNX Runtime and nothing of ours. */
const inside = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { InferenceSession, Tensor } = require('onnxruntime-node');
  const { bytes, input, shape, data, batch, cores } = workerData;
  const all = new Uint8Array(data.length * batch);
  for (let at = 0; at < batch; at++) all.set(data, at * data.length);
  const options = { intraOpNumThreads: cores, interOpNumThreads: 1, logSeverityLevel: 4 };
  InferenceSession.create(bytes, options).then(async (session) => {
    const run = () => session.run({ [input]: new Tensor('uint8', all, [batch, ...shape]) });
    await run();
    parentPort.postMessage('ready');
    parentPort.on('message', async (seconds) => {
      const began = performance.now();
      let done = 0;
      while (performance.now() - began < seconds * 1000) {
        await run();
        done += batch;
      }
      parentPort.postMessage((done / (performance.now() - began)) * 1000);
    });
  });
`;

/** A model and an input of it. */
export interface BareModel {
  readonly bytes: Uint8Array;
  readonly input: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** Pictures a second that ONNX Runtime alone gets through, in so many threads with so many cores each. */
export async function bareThroughput(
  model: BareModel,
  { threads, cores, batch, seconds }: { threads: number; cores: number; batch: number; seconds: number },
): Promise<number> {
  const workers = Array.from(
    { length: threads },
    () => new Worker(inside, { eval: true, workerData: { ...model, batch, cores } }),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  const rates = workers.map((worker) => once(worker, 'message') as Promise<[number]>);
  for (const worker of workers) worker.postMessage(seconds, []);
  const perSecond = (await Promise.all(rates)).reduce((sum, [rate]) => sum + rate, 0);
  await Promise.all(workers.map((worker) => worker.terminate()));
  return perSecond;
}
