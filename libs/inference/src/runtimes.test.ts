import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Inference, InferenceRuntime, ModelFormat, NotInferred, RunnableModel, Tensor } from '#libs/models';
import { smallNetModel } from './golden/small-net.model.js';
import { deviation, SmallNet } from './golden/small-net.js';
import { OnnxRuntime } from './onnx/onnx.runtime.js';
import { OpenInferenceRuntime } from './remote/open-inference.runtime.js';
import { OpenInferenceServer } from './testing/open-inference.server.js';
import { TensorFlowRuntime } from './tfjs/tensorflow.runtime.js';

/** What an adapter may be told, in the words of all adapters. */
interface ContractOptions {
  readonly waiting?: number;
  readonly modelBytes?: number;
  readonly circuit?: { readonly failures: number; readonly restMs: number };
}

/** An adapter under test. */
interface RuntimeUnderTest {
  readonly name: string;
  readonly formats: readonly ModelFormat[];
  /** Makes a runtime; a remote one knows the models that are given. */
  start(options: ContractOptions, models: readonly RunnableModel[]): Promise<InferenceRuntime>;
  /** Why it cannot be run here; undefined where it can. */
  lacks?(): string | undefined;
}

/** Largest deviation from plain loops that any adapter may have. */
const contractTolerance = 1e-4;

/** Says that something was inferred, and gives it. */
function inferred(answer: Inference | NotInferred): Inference {
  if (answer instanceof Map) return answer as Inference;
  throw new Error(`Not inferred: ${JSON.stringify(answer)}`);
}

/** The reason of a refusal; null for an inference. */
function refusalOf(answer: Inference | NotInferred): string | null {
  return 'reason' in answer ? answer.reason : null;
}

/** Where npm run provision:tfjs-node puts it. */
const nativeFolder = join(import.meta.dirname, '../../../.attune/tfjs-node');

const closers: (() => Promise<void>)[] = [];
afterAll(async () => {
  await Promise.all(closers.map((close) => close()));
});

const runtimes: RuntimeUnderTest[] = [
  {
    name: 'ONNX Runtime',
    formats: ['onnx'],
    start: (options) => Promise.resolve(new OnnxRuntime({ threads: 2, ...options })),
  },
  {
    name: 'TensorFlow.js, WebAssembly',
    formats: ['tfjs-layers', 'tfjs-graph'],
    start: (options) => Promise.resolve(new TensorFlowRuntime({ threads: 2, ...options })),
  },
  {
    name: 'TensorFlow.js, native',
    formats: ['tfjs-layers', 'tfjs-graph', 'saved-model'],
    start: (options) => Promise.resolve(new TensorFlowRuntime({ threads: 2, nativeFolder, ...options })),
    lacks: () => (existsSync(nativeFolder) ? undefined : 'not there: npm run provision:tfjs-node'),
  },
  {
    name: 'Open Inference Protocol',
    formats: ['onnx'],
    start: async (options, models) => {
      const nameOf = ({ key }: RunnableModel): { name: string } => ({ name: `model-${key.slice(0, 8)}` });
      const named = new Map(models.map((model) => [nameOf(model).name, model]));
      const servers = await Promise.all([1, 2].map(() => OpenInferenceServer.start(named)));
      const runtime = new OpenInferenceRuntime({ urls: servers.map(({ url }) => url), nameOf, ...options });
      closers.push(...servers.map((server) => () => server.close()));
      return runtime;
    },
  },
];

const lacking = (runtime: RuntimeUnderTest): boolean => runtime.lacks?.() !== undefined;
runtimes.filter((runtime) => !lacking(runtime)).forEach(describeRuntime);
it.for(runtimes.filter(lacking))('$name runs models', ({ lacks }, { skip }) => skip(lacks?.()));

/** What every runtime promises, tried with nets whose outputs plain loops have worked out. */
function describeRuntime({ name, formats, start }: RuntimeUnderTest): void {
  describe.each(formats)(`${name} with %s`, (format) => {
    const nets = [new SmallNet('one'), new SmallNet('two', { side: 9, filters: [5], classes: 3 })] as const;
    const models = nets.map((net) => smallNetModel(net, format));
    let runtime: InferenceRuntime;
    let worst = 0;

    const ask = async (which: number, input: Tensor): Promise<number> => {
      const outputs = inferred(await runtime.infer(models[which]!, input));
      const off = deviation(outputs, nets[which]!.expected(input));
      worst = Math.max(worst, off);
      return off;
    };

    beforeAll(async () => {
      runtime = await start({}, models);
    });
    afterAll(async () => {
      await runtime.close();
      console.log(`${name}, ${format}: largest deviation from plain loops ${worst.toExponential(1)}`);
    });

    it('says that it is there', async () => {
      const status = await runtime.status();
      expect(status).toMatchObject({ isThere: true, version: expect.stringMatching(/\d/) as string });
      expect(status.formats).toContain(format);
      expect(status.note).not.toBe('');
    });

    it('gives what the net gives by plain loops', async () => {
      for (let turn = 0; turn < 5; turn++) {
        for (const which of [0, 1]) {
          expect(await ask(which, nets[which]!.drawInput(`input ${turn}`))).toBeLessThan(contractTolerance);
        }
      }
      const outputs = inferred(await runtime.infer(models[0]!, nets[0].drawInput('shapes')));
      expect([...outputs].map(([output, { dtype, shape }]) => [output, dtype, shape])).toEqual([
        ['logits', 'float32', [4]],
        ['probs', 'float32', [4]],
        ['embedding', 'float32', [8]],
      ]);
    });

    it('gives everyone their own, however many ask at once, in batches as one by one', async () => {
      const asked = fc.array(fc.record({ which: fc.constantFrom(0, 1), seed: fc.nat(40) }), { maxLength: 40 });
      await fc.assert(
        fc.asyncProperty(asked, async (requests) => {
          const offs = await Promise.all(
            requests.map(({ which, seed }) => ask(which, nets[which]!.drawInput(String(seed)))),
          );
          for (const off of offs) expect(off).toBeLessThan(contractTolerance);
        }),
        { numRuns: 10 },
      );
    });

    it('leaves the input to whoever gave it', async () => {
      const input = nets[0].drawInput('kept');
      await ask(0, input);
      expect(input).toEqual(nets[0].drawInput('kept'));
    });

    it('throws for an input that is not of the model', async () => {
      await expect(runtime.infer(models[0]!, nets[1].drawInput('other'))).rejects.toThrow(RangeError);
      const numbers = { dtype: 'float32', shape: nets[0].inputShape, data: new Float32Array(12 * 12 * 3) } as const;
      await expect(runtime.infer(models[0]!, numbers)).rejects.toThrow('float32');
    });

    it('does not run for who has left, before or meanwhile', async () => {
      const input = nets[0].drawInput('left');
      expect(refusalOf(await runtime.infer(models[0]!, input, { signal: AbortSignal.abort() }))).toBe('cancelled');
      const leaving = new AbortController();
      setMaxListeners(0, leaving.signal);
      const answers = Array.from({ length: 20 }, () => runtime.infer(models[0]!, input, { signal: leaving.signal }));
      leaving.abort();
      expect(new Set((await Promise.all(answers)).map(refusalOf))).toEqual(new Set(['cancelled']));
      expect(await ask(0, input)).toBeLessThan(contractTolerance);
    });

    it('refuses after the time that was given', async () => {
      const slow = await start({}, models);
      try {
        // It starts from nothing, which takes longer than this.
        const answer = await slow.infer(models[0]!, nets[0].drawInput('slow'), { timeout: 1 });
        expect(refusalOf(answer)).toBe('too-slow');
      } finally {
        await slow.close();
      }
    });

    it('refuses what would wait too long in line', async () => {
      const small = await start({ waiting: 2 }, models);
      try {
        const input = nets[0].drawInput('crowd');
        const answers = await Promise.all(Array.from({ length: 50 }, () => small.infer(models[0]!, input)));
        const reasons = answers.map(refusalOf);
        expect(reasons).toContain('busy');
        expect(reasons).toContain(null);
        expect(new Set(reasons)).toEqual(new Set(['busy', null]));
      } finally {
        await small.close();
      }
    });

    it('refuses a model that is not what it says, and leaves it alone after a while', async () => {
      const wrong: RunnableModel = { ...models[0]!, key: 'f'.repeat(64), outputs: ['logits', 'nonsense'] };
      const careful = await start({ circuit: { failures: 2, restMs: 60_000 } }, [...models, wrong]);
      try {
        const input = nets[0].drawInput('wrong');
        const first = await careful.infer(wrong, input);
        expect(first).toMatchObject({
          kind: 'not-inferred',
          reason: 'broken',
          detail: expect.stringContaining('nonsense') as string,
        });
        await careful.infer(wrong, input);
        const third = await careful.infer(wrong, input);
        expect(third).toMatchObject({ reason: 'broken', detail: expect.stringContaining('tried again in') as string });
        expect(deviation(inferred(await careful.infer(models[0]!, input)), nets[0].expected(input))).toBeLessThan(
          contractTolerance,
        );
      } finally {
        await careful.close();
      }
    });

    it('runs a model again after it was let go', async () => {
      const input = nets[0].drawInput('again');
      await ask(0, input);
      const meanwhile = [ask(0, input), ask(1, nets[1].drawInput('again'))];
      await runtime.evict(models[0]!.key);
      for (const off of await Promise.all([...meanwhile, ask(0, input)])) expect(off).toBeLessThan(contractTolerance);
    });

    it('refuses everything once it is closed', async () => {
      const closing = await start({}, models);
      const input = nets[0].drawInput('closed');
      const before = Array.from({ length: 10 }, () => closing.infer(models[0]!, input));
      await closing.close();
      expect(new Set((await Promise.all(before)).map(refusalOf))).toEqual(new Set(['cancelled']));
      expect(refusalOf(await closing.infer(models[0]!, input))).toBe('cancelled');
      expect(await closing.status()).toMatchObject({ isThere: false });
      await closing.close();
    });
  });
}
