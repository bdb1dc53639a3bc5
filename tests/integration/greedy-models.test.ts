import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deviation, OnnxRuntime, ProcessPackageVerifier, SmallNet, smallNetModel } from '#libs/inference';
import type { Inference, RunnableModel, Tensor } from '#libs/models';
import { burden, greyPixels, withMore, type Burden } from '../support/burdened-model.js';
import { writePackage } from '../support/model-package.js';

const entry = join(import.meta.dirname, '../../dist/apps/verifier/src/main.js');

/** More numbers than any machine can address: 2^48 bytes as float32. */
const unthinkable = 2 ** 46;
/** 1 GiB as float32. */
const giant = 2 ** 28;
const mebibyte = 1024 ** 2;

describe('a package whose model wants too much', () => {
  let folder: string;
  let zip: string;
  /** More than what is right needs, and less than a gibibyte on top. */
  const verifier = new ProcessPackageVerifier(entry, { time: 60_000, memory: 900 * mebibyte });
  const verify = async (change: (model: Buffer) => Uint8Array): Promise<unknown> => {
    const contents = (files: Map<string, Buffer>): void => {
      files.set('model.onnx', Buffer.from(change(files.get('model.onnx')!)));
    };
    await writePackage(zip, { contents });
    return verifier.verify(zip);
  };
  const burdened = (of: Omit<Burden, 'when'>): Promise<unknown> =>
    verify((model) => burden(model, { when: null, ...of }));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-greedy-'));
    zip = join(folder, 'package.zip');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is refused before it is run where the file says so', async () => {
    const shape = { name: 'giant', shape: [2], data: BigInt64Array.of(100_000n, 100_000n) };
    const step = { type: 'Expand', inputs: ['scale', 'giant'], output: 'grown', attributes: {} };
    expect(await verify((model) => withMore(model, [step], [shape]))).toMatchObject({
      reason: 'too-large',
      detail: 'Expand grown has 10000000000 numbers, of at most 67108864',
    });
    const hollow = (model: Buffer): Uint8Array =>
      withMore(model, [], [], (graph) =>
        graph.writeMessage(
          5,
          (_, tensor) => {
            tensor.writePackedVarint(1, [100_000, 100_000]);
            tensor.writeVarintField(2, 1);
            tensor.writeStringField(8, 'hollow');
          },
          null,
        ),
      );
    expect(await verify(hollow)).toMatchObject({
      reason: 'model-unreadable',
      detail: 'hollow of the shape [100000, 100000] does not hold as many numbers',
    });
  });

  it('is refused when it is run where that comes from the picture, and the next is none the worse', async () => {
    expect(await burdened({ make: unthinkable })).toMatchObject({
      kind: 'refused',
      reason: 'model-failed',
      detail: expect.stringContaining('Expand') as string,
    });
    expect(await burdened({ make: 10 })).toMatchObject({ kind: 'verified' });
  });

  it('is ended when it takes more memory than it may, and the next is none the worse', async ({ skip }) => {
    skip(process.platform !== 'linux', 'memory is watched on Linux only');
    expect(await burdened({ make: giant })).toMatchObject({
      kind: 'refused',
      reason: 'ran-out-of-memory',
      detail: 'more than 900 MiB',
    });
    expect(await burdened({ make: 10 })).toMatchObject({ kind: 'verified' });
  });
});

describe('ONNX Runtime in a thread', () => {
  const net = new SmallNet('greedy');
  const of = (side: number): Tensor => ({
    dtype: 'uint8',
    shape: net.inputShape,
    data: greyPixels(net.inputShape[0]!, side),
  });
  const greedy = (key: string, ...burdens: readonly Burden[]): RunnableModel => {
    const model = smallNetModel(net);
    const files = async (): Promise<ReadonlyMap<string, Uint8Array>> => {
      const [[path, bytes]] = [...(await model.files())] as [[string, Uint8Array]];
      return new Map([[path, burden(bytes, ...burdens)]]);
    };
    return { ...model, key, files };
  };
  let runtime: OnnxRuntime;

  beforeAll(() => {
    runtime = new OnnxRuntime({ threads: 1, circuit: { failures: 9, restMs: 1_000 } });
  });
  afterAll(() => runtime.close());

  it('outlives a model that cannot have what it asks for, and so do those in a batch with it', async () => {
    const model = greedy('a', { when: 255, make: unthinkable });
    const right = async (brightness: number): Promise<void> => {
      const answer = await runtime.infer(model, of(brightness));
      expect(deviation(answer as Inference, net.expected(of(brightness)))).toBeLessThan(1e-4);
    };
    await right(7);
    const together = [right(8), runtime.infer(model, of(255)), right(9)] as const;
    expect(await together[1]).toMatchObject({ kind: 'not-inferred', reason: 'broken' });
    await Promise.all(together);
    await right(10);
  });

  it('says of bytes that are no model that they are none, and goes on', async () => {
    const files = (): Promise<ReadonlyMap<string, Uint8Array>> =>
      Promise.resolve(new Map([['model.onnx', new Uint8Array(5_000).fill(0x3a)]]));
    expect(await runtime.infer({ ...greedy('b'), files }, of(7))).toMatchObject({ reason: 'broken' });
    expect(await runtime.infer(greedy('c', { when: 1, make: 1 }), of(7))).toBeInstanceOf(Map);
  });
});
