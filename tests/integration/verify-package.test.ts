import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PbfWriter } from 'pbf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProcessPackageVerifier } from '#libs/inference';
import type { Manifest, PackageRefusalReason } from '#libs/models';
import { writePackage, writeZip, type PackageChanges } from '../support/model-package.js';

/** The process as it is built: what is tested here is what runs. */
const entry = join(import.meta.dirname, '../../dist/apps/verifier/src/main.js');

describe('a model package', () => {
  let folder: string;
  let zip: string;
  const verifier = new ProcessPackageVerifier(entry);
  const refused = async (changes: PackageChanges): Promise<{ reason: PackageRefusalReason; detail: string | null }> => {
    await writePackage(zip, changes);
    const outcome = await verifier.verify(zip);
    if (outcome.kind !== 'refused') throw new Error('The package was accepted.');
    return outcome;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-package-'));
    zip = join(folder, 'package.zip');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.for(['onnx', 'tfjs-layers', 'tfjs-graph'] as const)(
    'in the format %s gives its golden outputs here',
    async (format) => {
      const manifest = await writePackage(zip, { format });
      const outcome = await verifier.verify(zip);
      expect(outcome).toMatchObject({ kind: 'verified', manifest: { id: manifest.id } });
      if (outcome.kind === 'refused') return;
      const { golden, latency, runtime } = outcome.verification;
      expect(golden).toMatchObject({ right: 4, labelled: 4 });
      expect(golden.tensor).toBeLessThan(1e-5);
      expect(golden.picture).toBeLessThan(1e-5);
      expect(latency.median).toBeGreaterThan(0);
      expect(runtime).toMatch(format === 'onnx' ? /^ONNX Runtime \d/ : /^TensorFlow\.js/);
    },
  );

  it('with a file that is not what the manifest says is refused', async () => {
    const flip = (files: Map<string, Buffer>): void => {
      const bytes = files.get('model.onnx')!;
      bytes[bytes.length - 1]! ^= 1;
    };
    expect(await refused({ files: flip })).toMatchObject({ reason: 'hash-mismatch', detail: 'model.onnx' });
    const grow = (files: Map<string, Buffer>): void => void files.set('metrics.jsonl', Buffer.from('{}\n{}\n'));
    expect(await refused({ files: grow })).toMatchObject({ reason: 'hash-mismatch' });
  });

  it('that lacks a file, or holds one more, is refused', async () => {
    expect(await refused({ files: (files) => void files.delete('MODEL_CARD.md') })).toMatchObject({
      reason: 'file-missing',
      detail: 'MODEL_CARD.md',
    });
    expect(await refused({ files: (files) => void files.set('extra.json', Buffer.from('{}')) })).toMatchObject({
      reason: 'file-unlisted',
      detail: 'extra.json',
    });
    expect(await refused({ contents: (files) => void files.set('setup.py', Buffer.from('1')) })).toMatchObject({
      reason: 'file-not-allowed',
      detail: 'setup.py',
    });
    expect(await refused({ files: (files) => void files.delete('manifest.json') })).toMatchObject({
      reason: 'manifest-missing',
    });
  });

  it('with pickles is refused, whatever they are called', async () => {
    const pickle = Buffer.from([0x80, 4, 0x95, 0, 0, 0, 0, 0, 0, 0, 0, 0x2e]);
    expect(await refused({ contents: (files) => void files.set('golden/0.u8', pickle) })).toMatchObject({
      reason: 'pickle',
      detail: 'golden/0.u8',
    });
  });

  it.for(['../escape.json', '/etc/passwd', 'golden/../../x.json', 'C:/x.json', '.hidden'])(
    'with a file called %s is refused',
    async (path) => {
      // The library that writes zips would not; a name of the same length is put in its place.
      const name = 'x'.repeat(path.length);
      await writePackage(zip, { files: (files) => void files.set(name, Buffer.from('{}')) });
      const bytes = (await readFile(zip)).toString('latin1').replaceAll(name, path);
      await writeFile(zip, Buffer.from(bytes, 'latin1'));
      expect(await verifier.verify(zip)).toMatchObject({ kind: 'refused', reason: 'unsafe-path' });
    },
  );

  it('with labels in another order than the outputs is refused', async () => {
    const swap = (manifest: Manifest): Manifest => ({ ...manifest, labels: ['triangle', 'circle', 'square'] });
    const swapped = await refused({ manifest: swap });
    expect(swapped.reason).toBe('labels-swapped');
    const fewer = (manifest: Manifest): Manifest => ({ ...manifest, labels: ['circle', 'square'] });
    expect(await refused({ manifest: fewer })).toMatchObject({ reason: 'labels-mismatch' });
  });

  it('of the future, without a ground for its data, or not in its shape is refused', async () => {
    expect(await refused({ manifest: (manifest) => ({ ...manifest, schemaVersion: 2 }) })).toMatchObject({
      reason: 'manifest-too-new',
    });
    const unfounded = ({ dataset, ...rest }: Manifest): unknown => ({
      ...rest,
      dataset: { ...dataset, consentBasis: undefined },
    });
    expect(await refused({ manifest: unfounded })).toMatchObject({ reason: 'consent-basis-missing' });
    expect(await refused({ manifest: (manifest) => ({ ...manifest, author: 'me' }) })).toMatchObject({
      reason: 'manifest-invalid',
    });
    expect(await refused({ files: (files) => void files.set('manifest.json', Buffer.from('{')) })).toMatchObject({
      reason: 'manifest-invalid',
    });
  });

  it('whose golden outputs are others, or whose shapes are not what it says, is refused', async () => {
    const shift = (files: Map<string, Buffer>): void => {
      const outputs = JSON.parse(files.get('golden/1.json')!.toString()) as { logits: number[] };
      outputs.logits[0]! += 0.01;
      files.set('golden/1.json', Buffer.from(JSON.stringify(outputs)));
    };
    expect(await refused({ contents: shift })).toMatchObject({ reason: 'golden-mismatch' });
    const wider = ({ outputs: [logits, probs], ...rest }: Manifest): unknown => ({
      ...rest,
      outputs: [logits, probs, { name: 'embedding', dtype: 'float32', shape: [null, 9] }],
    });
    expect(['shape-mismatch', 'golden-incomplete']).toContain((await refused({ manifest: wider })).reason);
    const renamed = (manifest: Manifest): unknown => ({ ...manifest, input: { ...manifest.input, name: 'other' } });
    expect(await refused({ manifest: renamed })).toMatchObject({ reason: 'shape-mismatch' });
    const giant = (manifest: Manifest): unknown => ({
      ...manifest,
      outputs: manifest.outputs,
      input: { ...manifest.input, shape: [null, 999_999, 999_999, 3], preprocessing: null },
    });
    expect(await refused({ manifest: giant })).toMatchObject({ reason: 'too-large' });
    const giving = ({ outputs: [logits, probs], ...rest }: Manifest): unknown => ({
      ...rest,
      outputs: [logits, probs, { name: 'embedding', dtype: 'float32', shape: [null, 999_999, 999_999] }],
    });
    expect(await refused({ manifest: giving })).toMatchObject({ reason: 'too-large', detail: 'embedding: its shape' });
  });

  it('with operators that are not allowed, or weights outside of it, is refused', async () => {
    const unknown = await refused({ contents: (files) => edit(files, (model) => rename(model, 'Softmax', 'Softmux')) });
    expect(unknown).toMatchObject({ reason: 'unknown-operator', detail: 'Softmux' });
    const outside = await refused({ contents: (files) => edit(files, addExternalWeights) });
    expect(outside).toMatchObject({ reason: 'external-data' });
    const damaged = await refused({ contents: (files) => edit(files, (model) => model.subarray(0, 40)) });
    expect(damaged).toMatchObject({ reason: 'model-unreadable' });
  });

  it('that gives no numbers is refused', async () => {
    const nan = await refused({ contents: (files) => edit(files, withNaN) });
    expect(nan).toMatchObject({ reason: 'not-finite' });
  });

  it('that is no zip, or damaged, is refused', async () => {
    await writeFile(zip, 'not a zip');
    expect(await verifier.verify(zip)).toMatchObject({ reason: 'not-a-zip' });
    await writePackage(zip);
    await writeFile(zip, (await readFile(zip)).subarray(0, 900));
    expect(await verifier.verify(zip)).toMatchObject({ reason: 'not-a-zip' });
    await writeZip(zip, new Map());
    expect(await verifier.verify(zip)).toMatchObject({ reason: 'manifest-missing' });
  });

  it('that takes too long or too much memory is refused, and its process is gone', async () => {
    await writePackage(zip);
    const hasty = new ProcessPackageVerifier(entry, { time: 50, memory: 3 * 1024 ** 3 });
    expect(await hasty.verify(zip)).toMatchObject({ reason: 'too-slow' });
    const small = new ProcessPackageVerifier(entry, { time: 60_000, memory: 40 * 1024 ** 2 });
    expect((await small.verify(zip)) as object).toMatchObject({
      reason: expect.stringMatching(/ran-out-of-memory|crashed/),
    });
  });
});

function edit(files: Map<string, Buffer>, change: (model: Buffer) => Uint8Array): void {
  files.set('model.onnx', Buffer.from(change(files.get('model.onnx')!)));
}

/** Another name of the same length for an operator. */
function rename(model: Buffer, from: string, to: string): Buffer {
  return Buffer.from(model.toString('latin1').replaceAll(from, to), 'latin1');
}

/**
 * Appends to a model: protocol buffers put together what stands twice, so a second graph is one that is merged with the
 * first. Its weights say that they lie in a file (data_location = EXTERNAL).
 */
function addExternalWeights(model: Buffer): Uint8Array {
  return nested(model, (graph) =>
    graph.writeMessage(
      5,
      (_, tensor) => {
        tensor.writeStringField(8, 'outside');
        tensor.writeVarintField(14, 1);
      },
      null,
    ),
  );
}

/** The last bias of the net, found by its name, as NaN. */
function withNaN(model: Buffer): Uint8Array {
  const copy = Buffer.from(model);
  for (let at = 0; at + 4 <= copy.length; at += 1) {
    // Raw data of a tensor: field 9, its length, then the numbers.
    if (copy[at] !== 0x4a) continue;
    const length = copy[at + 1]!;
    if (length % 4 !== 0 || length === 0 || length > 127 || at + 2 + length > copy.length) continue;
    for (let i = 0; i < length; i += 4) copy.writeUInt32LE(0x7fc00000, at + 2 + i);
    return copy;
  }
  throw new Error('There is no small tensor in the model.');
}

function nested(model: Buffer, write: (graph: PbfWriter) => void): Uint8Array {
  const graph = new PbfWriter();
  write(graph);
  const outer = new PbfWriter();
  outer.writeBytesField(7, graph.finish());
  return Buffer.concat([model, outer.finish()]);
}
