import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SharpPictureReader } from '#libs/imaging';
import { OnnxRuntime, ProcessPackageVerifier, SmallNet, smallNetModel } from '#libs/inference';
import { isFailure } from '#libs/kernel';
import { isOffTopic, promotionGate, type DatasetCard, type Manifest } from '#libs/models';
import { verifierEntry } from '#libs/platform';
import { writeZip } from '#libs/storage';
import {
  backboneOf,
  classical,
  trainHead,
  type HeadExample,
  type HeadPackage,
  type HeadPlan,
  type HeadProgress,
} from '#libs/training';
import { examplePicture } from '../support/model-package.js';
import { drawShapes } from '../support/shapes.js';

const runtime = new OnnxRuntime({ threads: 1 });
const tools = {
  runtime,
  pictures: new SharpPictureReader({ mayWait: 100 }),
  sha256: (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex'),
};
let folder: string;
let examples: readonly HeadExample[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'attune-head-'));
  examples = await drawShapes(12);
});
afterAll(async () => {
  await runtime.close();
  await rm(folder, { recursive: true, force: true });
});

const plan = (card: Partial<DatasetCard> = {}): HeadPlan => ({
  id: '0b5a2a1e-7c1b-4a53-9a1f-2d9f3a0f6c11',
  runId: null,
  name: 'Shapes',
  seed: 1,
  abstainBelow: 0.4,
  card: {
    sha256: 'a'.repeat(64),
    description: 'Shapes drawn by a program.',
    examples: examples.length,
    perLabel: {},
    splitBy: 'source',
    split: { training: examples.length, validation: 0, test: 0 },
    isSynthetic: true,
    consentBasis: 'generated',
    licence: 'CC0-1.0',
    ...card,
  },
});

async function trained(...args: Parameters<typeof trainHead>): Promise<HeadPackage> {
  const packed = await trainHead(...args);
  if (isFailure(packed)) throw new Error(packed.message);
  return packed;
}

async function verified(packed: HeadPackage, name: string) {
  const path = join(folder, `${name}.zip`);
  await writeZip(
    path,
    Array.from(packed.files, ([entry, bytes]) => ({ path: entry, read: () => Promise.resolve(bytes) })),
  );
  const outcome = await new ProcessPackageVerifier(verifierEntry).verify(path);
  if (outcome.kind !== 'verified') throw new Error(`${outcome.reason}: ${outcome.detail}`);
  return { ...outcome, bytes: await readFile(path) };
}

describe('a small head on the classical description', () => {
  it('is a package that is verified and meets the gate, and the same one each time', async () => {
    const told: HeadProgress[] = [];
    const packed = await trained(examples, classical(), plan(), tools, { onProgress: (each) => void told.push(each) });
    const { manifest, verification, bytes } = await verified(packed, 'classical');
    expect(manifest.metrics).toMatchObject({ split: 'cross-validation', folds: 5, examples: 36, groups: 12 });
    expect(manifest.metrics.overall.accuracy).toBeGreaterThan(0.9);
    expect(verification.golden).toMatchObject({ right: 4, labelled: 4 });
    expect(verification.golden.tensor).toBeLessThan(1e-5);
    const lines = promotionGate({ manifest, verification, comparison: null, shadowSince: null, now: new Date(0) });
    expect(lines.filter(({ isMet }) => !isMet)).toEqual([]);
    expect(told.map(({ phase }) => phase)).toEqual(expect.arrayContaining(['describing', 'measuring', 'packing']));
    const again = await verified(await trained(examples, classical(), plan(), tools), 'again');
    expect(again.bytes.equals(bytes)).toBe(true);
  });

  it('tells pictures of something else from those of its labels', async () => {
    const { manifest, files } = await trained(examples, classical(), plan(), tools);
    const { preprocessing } = classical();
    const model = {
      key: 'topic',
      format: 'onnx',
      entry: 'model.onnx',
      input: { name: 'image', dtype: 'uint8', shape: [preprocessing.height, preprocessing.width, 3] },
      outputs: ['distances'],
      files: async () => files,
    } as const;
    const isOther = async (picture: Uint8Array): Promise<boolean> => {
      const input = await tools.pictures.read(picture, preprocessing);
      if (isFailure(input)) throw new Error(input.message);
      const given = await runtime.infer(model, input, { timeout: 10_000 });
      if ('reason' in given) throw new Error(given.detail);
      return isOffTopic(given.get('distances')!.data, manifest);
    };
    const others = await Promise.all(['p1', 'p2', 'p3'].map(async (name) => isOther(await examplePicture(name))));
    expect(others).toEqual([true, true, true]);
    const fresh = (await drawShapes(20)).slice(36);
    const taken = await Promise.all(fresh.map(({ picture }) => isOther(picture)));
    expect(taken.filter(Boolean).length).toBeLessThanOrEqual(1);
  });

  it('keeps pictures of learners out of the package', async () => {
    const card = { consentBasis: 'consent', isSynthetic: false, licence: 'none' } as const;
    const packed = await trained(examples, classical(), plan(card), tools);
    const pictures = new Set(examples.map(({ picture }) => tools.sha256(picture)));
    expect([...packed.files.values()].some((bytes) => pictures.has(tools.sha256(bytes)))).toBe(false);
    expect(packed.manifest.golden.cases.map(({ label }) => label)).toEqual([null, null, null, null]);
    const { verification } = await verified(packed, 'consent');
    expect(verification.golden).toMatchObject({ labelled: 0 });
    expect(verification.golden.picture).toBeLessThan(1e-4);
  });

  it('claims no more than chance where labels say nothing of the pictures', async () => {
    const shuffled = examples.map((each, at) => ({ ...each, label: `label ${Math.floor(at / 3) % 3}` }));
    const { manifest } = await trained(shuffled, classical(), plan(), tools);
    expect(manifest.metrics.overall.accuracy).toBeLessThan(0.6);
    const { mistakes = [], confusion = [] } = manifest.metrics;
    const right = confusion.reduce((sum, row, label) => sum + row[label]!, 0);
    expect(mistakes).toHaveLength(examples.length - right);
    const labelOf = new Map(shuffled.map(({ picture, label }) => [tools.sha256(picture), label]));
    for (const { sha256, label, given } of mistakes) {
      expect(label).toBe(labelOf.get(sha256));
      expect(given).not.toBe(label);
    }
    expect(mistakes).toEqual(mistakes.toSorted((a, b) => b.probability - a.probability));
    const verification = {
      golden: { tensor: 0, picture: 0, right: 0, labelled: 0 },
      runtime: '',
      latency: { median: 1, p95: 1 },
      memory: 1,
    };
    const lines = promotionGate({ manifest, verification, comparison: null, shadowSince: null, now: new Date(0) });
    expect(lines.filter(({ isMet }) => !isMet).map(({ name }) => name)).toContain('better than guessing');
  });

  it('says what is missing where there are too few pictures or groups', async () => {
    const few = await trainHead(examples.slice(0, 12), classical(), plan(), tools);
    expect(few).toMatchObject({ kind: 'failure', message: expect.stringContaining('has 4 pictures') });
    const oneSource = examples.map((each) => ({ ...each, group: 'one student' }));
    const grouped = await trainHead(oneSource, classical(), plan(), tools);
    expect(grouped).toMatchObject({ kind: 'failure', message: expect.stringContaining('1 groups') });
    const alike = await trainHead(
      examples.filter(({ label }) => label === 'circle'),
      classical(),
      plan(),
      tools,
    );
    expect(alike).toMatchObject({ kind: 'failure', message: expect.stringContaining('at least two') });
  });

  it('ends between two folds when it is told to', async () => {
    const control = new AbortController();
    const phases: string[] = [];
    const onProgress = ({ phase }: HeadProgress): void => {
      phases.push(phase);
      if (phase === 'measuring') control.abort();
    };
    const ended = await trainHead(examples, classical(), plan(), tools, { onProgress, signal: control.signal });
    expect(ended).toMatchObject({ kind: 'failure', message: expect.stringContaining('cancelled') });
    expect(phases.filter((phase) => phase === 'measuring')).toHaveLength(1);
  });
});

describe('a small head on a registered model', () => {
  it('keeps what the embedding is made of, and replaces the rest', async () => {
    const net = new SmallNet('backbone', { side: 32, filters: [8, 12], classes: 7 });
    const model = (await smallNetModel(net).files()).get('model.onnx')!;
    const first = await trained(examples, classical(), plan(), tools);
    const manifest: Manifest = {
      ...first.manifest,
      opset: 17,
      input: {
        ...first.manifest.input,
        name: smallNetModel(net).input.name,
        shape: [null, 32, 32, 3],
        preprocessing: { ...first.manifest.input.preprocessing!, width: 32, height: 32 },
      },
      outputs: [{ name: 'embedding', dtype: 'float32', shape: [null, 12] }],
    };
    const backbone = backboneOf(manifest, 'b'.repeat(64), model);
    if (isFailure(backbone)) throw new Error(backbone.message);
    const packed = await trained(examples, backbone, plan(), tools);
    const outcome = await verified(packed, 'backbone');
    expect(outcome.manifest.outputs.map(({ name, shape }) => [name, shape[1]])).toEqual([
      ['logits', 3],
      ['probs', 3],
      ['distances', 3],
      ['embedding', 12],
    ]);
    expect(outcome.manifest.baseWeights).toMatchObject({ sha256: 'b'.repeat(64) });
    // A head on a head: the old one goes.
    const onHead = backboneOf(first.manifest, 'c'.repeat(64), first.files.get('model.onnx')!);
    if (isFailure(onHead)) throw new Error(onHead.message);
    const second = await trained(examples, onHead, plan(), tools);
    expect(second.files.get('model.onnx')!.length).toBe(first.files.get('model.onnx')!.length);
    await verified(second, 'second');
  });
});
