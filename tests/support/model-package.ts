import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import sharp from 'sharp';
import { ZipFile } from 'yazl';
import { SharpPictureReader } from '#libs/imaging';
import { SmallNet, smallNetModel } from '#libs/inference';
import { isFailure } from '#libs/kernel';
import type { Manifest, ModelFormat, Preprocessing, RunnableModel, Tensor } from '#libs/models';

const side = 16;

/** What a test changes about a package that is right. */
export interface PackageChanges {
  readonly name?: string;
  readonly seed?: string;
  readonly format?: ModelFormat;
  readonly manifest?: (manifest: Manifest) => unknown;
  /** Applied after the manifest was written, so that it does not know. */
  readonly files?: (files: Map<string, Buffer>) => void;
  /** Applied before the manifest is written, so that hashes are right. */
  readonly contents?: (files: Map<string, Buffer>) => void;
}

/** How a picture becomes the input of the net. */
const preprocessing: Preprocessing = {
  width: side,
  height: side,
  resize: 'squash',
  resample: 'bilinear',
  padding: [0, 0, 0],
  colour: 'rgb',
};
const labels = ['circle', 'square', 'triangle'];

/** The net in a package with this seed. */
function netOf(seed: string): SmallNet {
  return new SmallNet(seed, { side, filters: [6, 8], classes: labels.length });
}

/** The model in a package with this seed, as a server would have it. */
export function packagedModel(seed: string): RunnableModel {
  return smallNetModel(netOf(seed));
}

/** What the model in a package with this seed says of a picture. */
export async function judge(seed: string, picture: Uint8Array): Promise<{ label: string; probability: number }> {
  const input = await readPicture(picture);
  const probs = Array.from(netOf(seed).expected(input).get('probs')!.data);
  const probability = Math.max(...probs);
  return { label: labels[probs.indexOf(probability)]!, probability };
}

/** A model package as the training package writes it, around a small net with random weights. */
export async function writePackage(path: string, changes: PackageChanges = {}): Promise<Manifest> {
  const { name = 'Shapes', seed = 'package', format = 'onnx' } = changes;
  const net = netOf(seed);
  const model = smallNetModel(net, format);
  const files = new Map<string, Buffer>();
  for (const [file, bytes] of await model.files()) files.set(file, Buffer.from(bytes));
  files.set('MODEL_CARD.md', Buffer.from(`# ${name}\n\nRandom weights, for tests.\n`));
  files.set('metrics.jsonl', Buffer.from('{"epoch":1,"loss":1}\n'));
  const cases: Manifest['golden']['cases'] = [];
  for (let i = 0; i < 4; i++) {
    const image = await examplePicture(`${seed} ${i}`);
    const input = await readPicture(image);
    const outputs = net.expected(input);
    const probs = Array.from(outputs.get('probs')!.data);
    files.set(`golden/${i}.png`, image);
    files.set(`golden/${i}.u8`, Buffer.from(input.data));
    const flat = Object.fromEntries(Array.from(outputs, ([output, { data }]) => [output, Array.from(data)]));
    files.set(`golden/${i}.json`, Buffer.from(JSON.stringify(flat)));
    cases.push({
      image: `golden/${i}.png`,
      input: `golden/${i}.u8`,
      outputs: `golden/${i}.json`,
      label: labels[probs.indexOf(Math.max(...probs))]!,
    });
  }
  changes.contents?.(files);
  const perClass = labels.map((label) => ({ label, examples: 20, precision: 0.9, recall: 0.9, f1: 0.9 }));
  const manifest: Manifest = {
    schemaVersion: 1,
    id: randomUUID(),
    name,
    task: 'image-classification',
    labels,
    format,
    entry: model.entry,
    opset: format === 'onnx' ? 17 : null,
    input: {
      name: model.input.name,
      dtype: 'uint8',
      layout: 'NHWC',
      shape: [null, side, side, 3],
      preprocessing,
    },
    outputs: [
      { name: 'logits', dtype: 'float32', shape: [null, 3] },
      { name: 'probs', dtype: 'float32', shape: [null, 3] },
      { name: 'embedding', dtype: 'float32', shape: [null, 8] },
    ],
    metrics: {
      split: 'test',
      examples: 60,
      groups: 60,
      overall: { accuracy: 0.9, macroF1: 0.9, ece: 0.03 },
      perClass,
      perGroup: [],
    },
    calibration: { method: 'temperature', temperature: 1, ece: 0.03 },
    abstainBelow: 0.2,
    dataset: {
      sha256: createHash('sha256').update(seed).digest('hex'),
      description: 'Shapes drawn by a program.',
      examples: 200,
      perLabel: { circle: 70, square: 70, triangle: 60 },
      splitBy: 'image',
      split: { training: 100, validation: 40, test: 60 },
      isSynthetic: true,
      consentBasis: 'generated',
      licence: 'CC0-1.0',
    },
    training: { run: null, engine: 'test', backbone: 'small-net', seed: 1, epochs: 1, config: {} },
    hardware: { kind: 'CPU', count: 1, imagesPerSecond: null },
    frameworks: {},
    baseWeights: null,
    golden: { tolerance: 1e-4, imageTolerance: 0.02, cases },
    files: Array.from(files, ([file, bytes]) => ({
      path: file,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })),
  };
  const written = changes.manifest?.(structuredClone(manifest)) ?? manifest;
  files.set('manifest.json', Buffer.from(JSON.stringify(written)));
  changes.files?.(files);
  await writeZip(path, files);
  return manifest;
}

/** Writes a zip; the paths may be as bad as a test wants them. */
export async function writeZip(path: string, files: ReadonlyMap<string, Buffer>): Promise<void> {
  const zip = new ZipFile();
  const stream = zip.outputStream.pipe(createWriteStream(path));
  for (const [file, bytes] of files) zip.addBuffer(bytes, file, { mtime: new Date(0) });
  zip.end();
  await finished(stream);
}

/** A picture of coloured blocks. */
export async function examplePicture(seed: string): Promise<Buffer> {
  const [red, green, blue, hole] = createHash('sha256').update(seed).digest();
  const background = { r: red!, g: green!, b: blue! };
  const block = {
    create: {
      width: 20 + (hole! % 12),
      height: 17,
      channels: 3 as const,
      background: { r: 255 - red!, g: 30, b: green! },
    },
  };
  const image = await sharp({ create: { width: 48, height: 40, channels: 3, background } })
    .composite([{ input: await sharp(block).png().toBuffer(), left: 5, top: 9 }])
    .png()
    .toBuffer();
  return image;
}

async function readPicture(picture: Uint8Array): Promise<Tensor & { dtype: 'uint8' }> {
  const input = await new SharpPictureReader().read(picture, preprocessing);
  if (isFailure(input)) throw new Error(input.message);
  return input;
}
