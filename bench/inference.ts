import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { OnnxRuntime, SmallNet, smallNetModel, TensorFlowRuntime } from '#libs/inference';
import { seededRng } from '#libs/kernel';
import type { InferenceRuntime, ModelFormat, RunnableModel, Tensor } from '#libs/models';
import { bareThroughput } from './support/bare-onnx.js';
import { efficientNet } from './support/efficient-net.js';
import { median, round, saturate } from './support/measure.js';

const rounds = Number(process.env['RUNS'] ?? 5);
const samples = Number(process.env['SAMPLES'] ?? 60);
const seconds = Number(process.env['SECONDS'] ?? 2);
const { values: flags } = parseArgs({ options: { model: { type: 'string' } } });

/**
 * What the platform costs over bare ONNX Runtime, one picture at a time and as many as it can, and the runtimes side by side.
 * Each round measures all in turn, so that a ratio compares what was measured together.
 */
console.log(
  `Node ${process.versions.node}, ${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores; ` +
    `${rounds} rounds`,
);
const { model, bytes, what } = await served(flags.model);
const input = anInput(model.input.shape);
console.log(`\n${what}, ${round(bytes.length / 1e6, 1)} MB, ${model.input.shape.join(' × ')}\n`);
await onePicture();
await manyPictures();
await sideBySide();
process.exit(0);

async function onePicture(): Promise<void> {
  const options = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 } as const;
  const session = await InferenceSession.create(bytes, options);
  const runtime = new OnnxRuntime({ threads: 1 });
  const bare = async (): Promise<void> => {
    await session.run({ [model.input.name]: new OnnxTensor('uint8', input.data as Uint8Array, [1, ...input.shape]) });
  };
  const ours = asker(runtime, model, input);
  await time(bare, 10);
  await time(ours, 10);
  const found = { bare: [] as number[], ours: [] as number[], ratio: [] as number[] };
  // Neighbours of this machine come and go within seconds: a few pictures each, in turn.
  for (let turn = 0; turn < 6 * rounds; turn++) {
    const [before, own] = [await time(bare, 10), await time(ours, 10)];
    found.bare.push(before);
    found.ours.push(own);
    found.ratio.push(own / before);
  }
  line('one picture, bare ONNX Runtime, one core', `${show(found.bare)} ms`);
  line('one picture, platform', `${show(found.ours)} ms`, `× ${show(found.ratio, 3)} (aim: ≤ 1.10)`);
  await runtime.close();
  await session.release();
}

async function manyPictures(): Promise<void> {
  const alone = { bytes, input: model.input.name, shape: model.input.shape, data: input.data as Uint8Array };
  const ways = [
    { what: 'two threads, one by one', threads: 2, cores: 1, batch: 1 },
    { what: 'two threads, by twos', threads: 2, cores: 1, batch: 2 },
    { what: 'two threads, by eights', threads: 2, cores: 1, batch: 8 },
    { what: 'one thread on two cores, by eights', threads: 1, cores: 2, batch: 8 },
  ];
  const bare = ways.map((): number[] => []);
  const ours: number[] = [];
  const runtime = new OnnxRuntime({ threads: 2 });
  const ask = asker(runtime, model, input);
  await saturate(16, 1, ask);
  for (let turn = 0; turn < 2 * rounds; turn++) {
    for (const [at, way] of ways.entries()) bare[at]!.push(await bareThroughput(alone, { ...way, seconds }));
    ours.push((await saturate(16, seconds, ask)).perSecond);
  }
  await runtime.close();
  for (const [at, way] of ways.entries()) {
    const ratio = ours.map((rate, turn) => rate / bare[at]![turn]!);
    line(`pictures a second, bare, ${way.what}`, show(bare[at]!, 1), `platform × ${show(ratio, 3)}`);
  }
  line('pictures a second, platform, two threads, 16 at once', show(ours, 1), '(aim: ≥ × .95)');
}

/** The same net in each runtime's format, one picture at a time on one core. */
async function sideBySide(): Promise<void> {
  const net = new SmallNet('bench', { side: 224, filters: [32, 64, 128, 256, 512], classes: 10 });
  const picture = net.drawInput('picture');
  const nativeFolder = join(import.meta.dirname, '../../.attune/tfjs-node');
  const entries: { what: string; runtime: InferenceRuntime; format: ModelFormat }[] = [
    { what: 'ONNX Runtime', runtime: new OnnxRuntime({ threads: 1 }), format: 'onnx' },
    { what: 'TensorFlow.js, WebAssembly', runtime: new TensorFlowRuntime({ threads: 1 }), format: 'tfjs-graph' },
    {
      what: 'TensorFlow.js, native',
      runtime: new TensorFlowRuntime({ threads: 1, nativeFolder }),
      format: 'saved-model',
    },
  ];
  console.log('\nA net of five convolutions, 240 million multiplications, in each runtime, one picture at a time\n');
  const there = [];
  for (const entry of entries) {
    const { formats, note } = await entry.runtime.status();
    if (formats.includes(entry.format)) there.push({ ...entry, times: [] as number[] });
    else line(entry.what, 'not there', note);
  }
  for (const { runtime, format } of there) await time(asker(runtime, smallNetModel(net, format), picture), 10);
  for (let turn = 0; turn < rounds; turn++) {
    for (const { runtime, format, times } of there) {
      times.push(await time(asker(runtime, smallNetModel(net, format), picture), samples));
    }
  }
  const first = median(there[0]!.times);
  for (const { what: name, times } of there) line(name, `${show(times)} ms`, `× ${round(median(times) / first, 2)}`);
  for (const { runtime } of entries) await runtime.close();
}

/** The model of a file, or EfficientNet-B0 with weights of chance. */
async function served(file: string | undefined): Promise<{ model: RunnableModel; bytes: Uint8Array; what: string }> {
  if (file === undefined) {
    const net = efficientNet();
    return { model: runnable(net), bytes: net.bytes, what: 'EfficientNet-B0, weights of chance' };
  }
  const content = await readFile(file);
  const session = await InferenceSession.create(content);
  const [metadata] = session.inputMetadata;
  if (!metadata?.isTensor || metadata.type !== 'uint8') throw new Error('The model has to take pictures as uint8.');
  const shape = metadata.shape.slice(1).map(Number);
  const found = { bytes: content, input: metadata.name, outputs: [...session.outputNames], shape };
  await session.release();
  return { model: runnable(found), bytes: content, what: file };
}

function runnable(of: { bytes: Uint8Array; input: string; outputs: string[]; shape: number[] }): RunnableModel {
  return {
    key: 'bench',
    format: 'onnx',
    entry: 'model.onnx',
    input: { name: of.input, dtype: 'uint8', shape: of.shape },
    outputs: of.outputs,
    files: () => Promise.resolve(new Map([['model.onnx', of.bytes]])),
  };
}

function anInput(shape: readonly number[]): Tensor {
  const rng = seededRng('picture');
  const size = shape.reduce((product, side) => product * side, 1);
  return { dtype: 'uint8', shape, data: Uint8Array.from({ length: size }, () => Math.floor(rng() * 256)) };
}

function asker(runtime: InferenceRuntime, asked: RunnableModel, picture: Tensor): () => Promise<void> {
  return async () => {
    const answer = await runtime.infer(asked, picture);
    if ('reason' in answer) throw new Error(answer.detail);
  };
}

/** The median of so many runs, in milliseconds. */
async function time(run: () => Promise<void>, count: number): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < count; turn++) {
    const began = performance.now();
    await run();
    times.push(performance.now() - began);
  }
  return median(times);
}

function show(values: readonly number[], digits = 2): string {
  const sorted = [...values].sort((a, b) => a - b);
  return `${round(median(values), digits)} [${round(sorted[0]!, digits)} to ${round(sorted.at(-1)!, digits)}]`;
}

function line(name: string, value: string, remark = ''): void {
  console.log(`${name.padEnd(62)}${value.padEnd(30)}${remark}`.trimEnd());
}
