import { afterEach, describe, expect, it } from 'vitest';
import type { Inference, NotInferred, RunnableModel, Tensor } from '#libs/models';
import { InferencePool } from './inference-pool.js';
import type { PoolOptions } from './pool-options.js';

/** What an example makes the engine of these tests do. */
type Deed = 'answer' | 'takeTime' | 'fail' | 'hang' | 'exit' | 'throwLater' | 'shortAnswer' | 'fillHeap';
const deeds: Deed[] = ['answer', 'takeTime', 'fail', 'hang', 'exit', 'throwLater', 'shortAnswer', 'fillHeap'];
const engine = { module: new URL('../testing/fragile.engine.mjs', import.meta.url) };

const pools: InferencePool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function aPool(options: Partial<PoolOptions> = {}): InferencePool {
  const pool = new InferencePool(engine, { threads: 1, ...options });
  pools.push(pool);
  return pool;
}

function aModel(key = 'a', order = '', bytes = 10): RunnableModel {
  return {
    key,
    format: 'onnx',
    entry: 'm',
    input: { name: 'in', dtype: 'uint8', shape: [2] },
    outputs: ['out'],
    files: () => Promise.resolve(new Map([['m', Buffer.from(order.padEnd(bytes))]])),
  };
}

function example(deed: Deed, value = 1): Tensor {
  return { dtype: 'uint8', shape: [2], data: Uint8Array.of(deeds.indexOf(deed), value) };
}

/** The value that was sent, how many were in the batch, and the thread. */
function told(answer: Inference | NotInferred): { value: number; together: number; thread: number } {
  if (!(answer instanceof Map)) throw new Error(JSON.stringify(answer));
  const [value, together, thread] = (answer as Inference).get('out')!.data;
  return { value: value!, together: together!, thread: thread! };
}

const reason = (answer: Inference | NotInferred): string => ('reason' in answer ? answer.reason : 'inferred');

describe('threads that run models', () => {
  it('take what is there at once, and put together what comes while they are busy', async () => {
    const pool = aPool({ batch: 4 });
    expect(told(await pool.infer(aModel(), example('answer'))).together).toBe(1);
    const first = pool.infer(aModel(), example('takeTime'));
    await new Promise((resolve) => setImmediate(resolve));
    const rest = await Promise.all([1, 2, 3, 4, 5].map((value) => pool.infer(aModel(), example('answer', value))));
    expect(told(await first).together).toBe(1);
    expect(rest.map((answer) => told(answer).value)).toEqual([1, 2, 3, 4, 5]);
    expect(rest.map((answer) => told(answer).together)).toEqual([4, 4, 4, 4, 1]);
  });

  it('share what comes at the same time', async () => {
    const pool = aPool({ threads: 2 });
    const answers = await Promise.all([1, 2, 3, 4].map(() => pool.infer(aModel(), example('takeTime'))));
    expect(answers.map((answer) => told(answer).together)).toEqual([2, 2, 2, 2]);
    expect(new Set(answers.map((answer) => told(answer).thread)).size).toBe(2);
  });

  it('make batches that end in time', async () => {
    const pool = aPool({ batchMs: 149 });
    await pool.infer(aModel(), example('takeTime'));
    const answers = await Promise.all([1, 2, 3, 4].map(() => pool.infer(aModel(), example('takeTime'))));
    expect(Math.max(...answers.map((answer) => told(answer).together))).toBe(2);
  });

  it('serve models in turn, whoever has the longer line', async () => {
    const pool = aPool({ batch: 1 });
    const order: string[] = [];
    const ask = (key: string): Promise<number> =>
      pool.infer(aModel(key), example('answer')).then(() => order.push(key));
    await Promise.all([ask('a'), ask('a'), ask('a'), ask('b'), ask('a'), ask('b')]);
    expect(order.indexOf('b')).toBeLessThanOrEqual(2);
  });

  it.each(['exit', 'throwLater', 'fillHeap'] as const)('crash without taking others along: %s', async (deed) => {
    const pool = aPool({ circuit: { failures: 9, restMs: 60_000 }, heapBytes: 32 * 1024 * 1024 });
    await pool.infer(aModel(), example('answer'));
    const asked = [example('answer', 1), example(deed), example('answer', 3)];
    const answers = await Promise.all(asked.map((input) => pool.infer(aModel(), input)));
    expect(answers.map(reason)).toEqual(['inferred', 'broken', 'inferred']);
    expect(told(answers[2]!).value).toBe(3);
    const why = { exit: 'ended with code 7', throwLater: 'told to throw', fillHeap: 'memory limit' }[deed];
    expect(answers[1]).toMatchObject({ detail: expect.stringContaining(why) as string });
  });

  it('are ended when they are stuck, and others are served by a new one', async () => {
    const pool = aPool({ stuckMs: 400 });
    const before = told(await pool.infer(aModel(), example('answer')));
    const stuck = pool.infer(aModel(), example('hang'));
    await new Promise((resolve) => setImmediate(resolve));
    const next = pool.infer(aModel('b'), example('answer', 2));
    expect(await stuck).toMatchObject({
      reason: 'broken',
      detail: expect.stringContaining('did not answer') as string,
    });
    expect(told(await next).thread).not.toBe(before.thread);
  });

  it('are ended when they load for too long', async () => {
    const pool = aPool({ loadMs: 2_000 });
    expect(reason(await pool.infer(aModel('a', 'hang'), example('answer')))).toBe('broken');
    expect(reason(await pool.infer(aModel('b'), example('answer')))).toBe('inferred');
  });

  it('let a request go when its time is over, and drop what comes of it', async () => {
    const pool = aPool();
    await pool.infer(aModel(), example('answer'));
    const slow = pool.infer(aModel(), example('takeTime'), { timeout: 10 });
    const waiting = pool.infer(aModel(), example('answer'), { timeout: 10 });
    expect([reason(await slow), reason(await waiting)]).toEqual(['too-slow', 'too-slow']);
    expect(told(await pool.infer(aModel(), example('answer', 9))).value).toBe(9);
  });

  it('give an error to the one whose it is', async () => {
    const pool = aPool();
    await pool.infer(aModel(), example('answer'));
    const asked = [example('answer', 1), example('fail'), example('answer', 3)];
    const answers = await Promise.all(asked.map((input) => pool.infer(aModel(), input)));
    expect(answers.map(reason)).toEqual(['inferred', 'broken', 'inferred']);
  });

  it('do not take outputs that do not fit the batch', async () => {
    expect(await aPool().infer(aModel(), example('shortAnswer'))).toMatchObject({
      reason: 'broken',
      detail: 'The output out has the shape 1 × 2 for 1 examples.',
    });
  });

  it('leave a model alone that keeps failing, and try it again after a rest', async () => {
    const pool = aPool({ circuit: { failures: 2, restMs: 100 } });
    const ask = (deed: Deed): Promise<Inference | NotInferred> => pool.infer(aModel(), example(deed));
    await ask('fail');
    await ask('fail');
    expect(await ask('answer')).toMatchObject({
      reason: 'broken',
      detail: expect.stringContaining('tried again in 1 s') as string,
    });
    expect(reason(await pool.infer(aModel('b'), example('answer')))).toBe('inferred');
    await new Promise((resolve) => setTimeout(resolve, 110));
    expect(reason(await ask('answer'))).toBe('inferred');
    expect(reason(await ask('answer'))).toBe('inferred');
  });

  it('hold as many models as there is room for, and let go the one that was used longest ago', async () => {
    const pool = aPool({ modelBytes: 25 });
    const held = (): string[] => pool.held().flatMap((models) => [...models.keys()]);
    for (const key of ['a', 'b', 'a', 'c']) await pool.infer(aModel(key), example('answer'));
    expect(held()).toEqual(['a', 'c']);
    expect(await pool.infer(aModel('large', '', 26), example('answer'))).toMatchObject({
      reason: 'broken',
      detail: 'The model has 26 bytes, and there is room for 25.',
    });
    expect(held()).toEqual(['a', 'c']);
    await pool.evict('a');
    expect(held()).toEqual(['c']);
  });

  it('wait for room beside models that are being run', async () => {
    const pool = aPool({ threads: 2, modelBytes: 15 });
    const answers = await Promise.all(
      ['a', 'b', 'a', 'b'].map((key, value) => pool.infer(aModel(key, 'slow'), example('takeTime', value))),
    );
    expect(answers.map((answer) => told(answer).value)).toEqual([0, 1, 2, 3]);
    expect(pool.held().reduce((count, models) => count + models.size, 0)).toBe(1);
  });

  it('load a model once for all who ask, and again only in another thread', async () => {
    let reads = 0;
    const model = { ...aModel(), files: () => (reads++, aModel().files()) };
    const pool = aPool();
    await Promise.all([1, 2, 3].map(() => pool.infer(model, example('answer'))));
    await pool.infer(model, example('answer'));
    expect(reads).toBe(1);
  });

  it('say why the files of a model cannot be had', async () => {
    const files = (): Promise<never> => Promise.reject(new Error('There is no such package.'));
    expect(await aPool().infer({ ...aModel(), files }, example('answer'))).toMatchObject({
      reason: 'broken',
      detail: 'The files of the model cannot be read: There is no such package.',
    });
  });

  it('throw at whoever asked what nobody expected', async () => {
    const pool = aPool();
    const odd = { ...aModel(), outputs: [(() => undefined) as unknown as string] };
    await expect(pool.infer(odd, example('answer'))).rejects.toThrow('could not be cloned');
    expect(reason(await pool.infer(aModel('b'), example('answer')))).toBe('inferred');
  });

  it('end with the pool, whatever they do', async () => {
    const pool = aPool({ threads: 2 });
    await pool.infer(aModel(), example('answer'));
    const answers = [pool.infer(aModel(), example('hang')), pool.infer(aModel('b', 'slow'), example('answer'))];
    const late = Array.from({ length: 5 }, () => pool.infer(aModel(), example('answer')));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await pool.close();
    expect((await Promise.all([...answers, ...late])).map(reason)).toEqual(new Array(7).fill('cancelled'));
  });
});
