import { describe, expect, it } from 'vitest';
import { packageLimits, type Manifest } from '../model/manifest.js';
import { checkInventory, checkListing, isPickle } from './check-files.js';

const file = (path: string, bytes = 1) => ({ path, bytes });

describe('the listing of a package', () => {
  it('passes where all paths are plain', () => {
    expect(checkListing([file('manifest.json'), file('golden/0.jpg'), file('a/b/c_1-2.bin')])).toBeNull();
  });

  it.for(['../x', 'a/../x', '/x', 'a//x', 'a\\x', '.x', 'a/.x', 'x/', 'C:x', 'a b', 'ä', 'x\u0000', '-x', ''])(
    'is refused for the path %j',
    (path) => expect(checkListing([file('manifest.json'), file(path)])).toMatchObject({ reason: 'unsafe-path' }),
  );

  it('is refused for one path twice, in whatever capitals', () => {
    const twice = [file('manifest.json'), file('model.onnx'), file('Model.onnx')];
    expect(checkListing(twice)).toMatchObject({ reason: 'unsafe-path', detail: 'Model.onnx' });
  });

  it('is refused where there is too much, or no manifest', () => {
    const many = Array.from({ length: packageLimits.files + 1 }, (_, i) => file(`f${i}`));
    expect(checkListing(many)).toMatchObject({ reason: 'too-large' });
    const large = [file('manifest.json'), file('model.onnx', packageLimits.unpackedBytes)];
    expect(checkListing(large)).toMatchObject({ reason: 'too-large', detail: 'model.onnx' });
    expect(checkListing([file('manifest.json', packageLimits.textBytes + 1)])).toMatchObject({ reason: 'too-large' });
    expect(checkListing([file('model.onnx')])).toMatchObject({ reason: 'manifest-missing' });
  });
});

describe('the inventory of a package', () => {
  const listed = ['model.onnx', 'MODEL_CARD.md', 'metrics.jsonl', 'golden/0.u8', 'golden/0.json'];
  const manifest = (paths = listed, more: object = {}): Manifest =>
    ({
      format: 'onnx',
      entry: 'model.onnx',
      golden: { cases: [{ image: null, input: 'golden/0.u8', outputs: 'golden/0.json' }] },
      files: paths.map((path) => file(path)),
      ...more,
    }) as unknown as Manifest;
  const zip = (paths = listed) => [file('manifest.json'), ...paths.map((path) => file(path))];

  it('passes where zip and manifest name the same files', () => {
    expect(checkInventory(zip(), manifest())).toBeNull();
    const shards = ['model.json', 'group1-shard1of1.bin', ...listed.slice(1)];
    expect(checkInventory(zip(shards), manifest(shards, { format: 'tfjs-graph', entry: 'model.json' }))).toBeNull();
    const saved = ['net/saved_model.pb', 'net/variables/variables.index', ...listed.slice(1)];
    expect(checkInventory(zip(saved), manifest(saved, { format: 'saved-model', entry: 'net' }))).toBeNull();
  });

  it('is refused for what only one of the two names, and for sizes that differ', () => {
    expect(checkInventory(zip([...listed, 'golden/1.u8']), manifest())).toMatchObject({ reason: 'file-unlisted' });
    expect(checkInventory(zip(listed.slice(1)), manifest())).toMatchObject({ reason: 'file-missing' });
    expect(checkInventory(zip(listed.slice(0, 4)), manifest(listed.slice(0, 4)))).toMatchObject({
      reason: 'file-missing',
      detail: 'golden/0.json',
    });
    const longer = zip().map((each) => (each.path === 'model.onnx' ? file(each.path, 2) : each));
    expect(checkInventory(longer, manifest())).toMatchObject({ reason: 'hash-mismatch' });
    expect(checkInventory(zip(), manifest([...listed, 'model.onnx']))).toMatchObject({ reason: 'manifest-invalid' });
  });

  it.for(['run.py', 'weights.pkl', 'other.onnx', 'golden/run.sh', 'assets/x.bin'])('has no place for %s', (path) => {
    const paths = [...listed, path];
    expect(checkInventory(zip(paths), manifest(paths))).toMatchObject({ reason: 'file-not-allowed', detail: path });
  });
});

describe('a pickle', () => {
  it('is told by how it begins', () => {
    for (const protocol of [2, 3, 4, 5]) expect(isPickle(Uint8Array.of(0x80, protocol, 0x95))).toBe(true);
    expect(isPickle(new TextEncoder().encode('PK\u0003\u0004'))).toBe(true);
    expect(isPickle(Uint8Array.of(0x08, 8, 0x12))).toBe(false);
    expect(isPickle(Uint8Array.of(0x80, 0x3f))).toBe(false);
    expect(isPickle(new Uint8Array())).toBe(false);
  });
});
