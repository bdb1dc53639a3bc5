// Reads a model package as the platform would, and prints how far ONNX Runtime in Node is from its golden outputs:
// from the stored input tensors, and from the pictures themselves, which sharp decodes and resizes.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import ort from 'onnxruntime-node';
import sharp from 'sharp';
import yauzl from 'yauzl';

const files = await unzip(readFileSync(process.argv[2]));
const manifest = JSON.parse(files['manifest.json'].toString());
for (const { path, bytes, sha256 } of manifest.files) {
  const found = createHash('sha256').update(files[path]).digest('hex');
  if (files[path].length !== bytes || found !== sha256) throw new Error(`${path} is not as the manifest says`);
}

const session = await ort.InferenceSession.create(files[manifest.entry]);
const { name, dtype, shape, preprocessing } = manifest.input;
let deviation = 0;
let imageDeviation = 0;
for (const { image, input, outputs } of manifest.golden.cases) {
  const expected = JSON.parse(files[outputs].toString());
  const raw = Uint8Array.from(files[input]);
  const given = await infer(dtype === 'uint8' ? raw : new Float32Array(raw.buffer));
  for (const output of manifest.outputs) {
    deviation = Math.max(deviation, distance(given[output.name].data, expected[output.name]));
  }
  if (image && expected.probs) {
    const { width, height } = preprocessing;
    const pixels = await sharp(files[image])
      .rotate()
      .removeAlpha()
      .resize(width, height, { fit: 'fill', kernel: 'linear', fastShrinkOnLoad: false })
      .raw()
      .toBuffer();
    const seen = await infer(new Uint8Array(pixels));
    imageDeviation = Math.max(imageDeviation, distance(seen.probs.data, expected.probs));
  }
}
console.log(JSON.stringify({ deviation, imageDeviation, test: manifest.metrics.overall }));

async function unzip(data) {
  const unzipped = {};
  const zip = await yauzl.fromBufferPromise(data, { lazyEntries: true });
  for await (const entry of zip.eachEntry())
    unzipped[entry.fileName] = await buffer(await zip.openReadStreamPromise(entry));
  return unzipped;
}

function infer(data) {
  return session.run({ [name]: new ort.Tensor(dtype, data, [1, ...shape.slice(1)]) });
}

function distance(given, expected) {
  if (given.length !== expected.length) throw new Error('another length than the golden outputs');
  return expected.reduce((most, value, index) => Math.max(most, Math.abs(value - given[index])), 0);
}
