import { describe, expect, it } from 'vitest';
import type { Manifest } from '../model/manifest.js';
import type { Inference } from '../ports.js';
import { readGoldenCase, readGoldenSet } from './golden-cases.js';

const cases = [0, 1].map((at) => ({ image: null, input: `golden/${at}.u8`, outputs: `golden/${at}.json`, label: 'a' }));
const manifest = {
  labels: ['a', 'b'],
  input: { dtype: 'uint8', shape: [null, 2] },
  outputs: [{ name: 'probs' }],
  metrics: { examples: 100, overall: { accuracy: 0.95 } },
  golden: { tolerance: 1e-3, imageTolerance: 0.02, cases },
} as unknown as Manifest;
const text = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const files = new Map([
  ['golden/0.u8', Uint8Array.of(1, 2)],
  ['golden/0.json', text({ probs: [0.75, 0.25] })],
  ['golden/1.u8', Uint8Array.of(3, 4)],
  ['golden/1.json', text({ probs: [0.5, 0.5] })],
]);
const gave = (...probs: number[]): Inference =>
  new Map([['probs', { dtype: 'float32', shape: [2], data: Float32Array.from(probs) }]]);

describe('the golden cases of a package', () => {
  it('are read from its files, and hold who runs it to them', async () => {
    const { inputs, refusal } = await readGoldenSet(manifest, async () => files);
    expect(inputs.map(({ data }) => [...data])).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(refusal([gave(0.75, 0.25), gave(0.5005, 0.4995)])).toBeNull();
    expect(refusal([gave(0.75, 0.25), gave(0.6, 0.4)])).toMatchObject({ reason: 'golden-mismatch' });
    expect(refusal([gave(0.75, 0.25)])).toMatchObject({ reason: 'golden-incomplete' });
  });

  it('are nothing where a file is missing or not what it should be', async () => {
    const without = new Map([...files].filter(([path]) => path !== 'golden/1.u8'));
    await expect(readGoldenSet(manifest, async () => without)).rejects.toThrow('golden/1.u8');
    const right = files.get('golden/0.json')!;
    expect(readGoldenCase(manifest, Uint8Array.of(1), right)).toBeNull();
    for (const wrong of [[1], { probs: 1 }, { probs: ['1'] }]) {
      expect(readGoldenCase(manifest, Uint8Array.of(1, 2), text(wrong))).toBeNull();
    }
    expect(readGoldenCase(manifest, Uint8Array.of(1, 2), new TextEncoder().encode('{'))).toBeNull();
  });

  it('of float32 are little-endian numbers from wherever they stand', () => {
    const floats = { ...manifest, input: { ...manifest.input, dtype: 'float32' } } as Manifest;
    const unaligned = new Uint8Array([0, ...new Uint8Array(Float32Array.of(1.5, -2).buffer)]).subarray(1);
    const read = readGoldenCase(floats, unaligned, files.get('golden/0.json')!);
    expect([...read!.input.data]).toEqual([1.5, -2]);
  });
});
