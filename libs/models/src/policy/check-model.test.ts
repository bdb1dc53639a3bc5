import { PbfWriter } from 'pbf';
import { describe, expect, it } from 'vitest';
import { packageLimits, type Manifest } from '../model/manifest.js';
import { checkModel } from './check-model.js';
import { writeOnnx, type OnnxNode, type OnnxWeights } from './write-onnx.js';

const manifest = {
  format: 'onnx',
  entry: 'model.onnx',
  opset: 17,
  input: { name: 'in', dtype: 'float32', shape: [null, 4] },
  outputs: [{ name: 'out', dtype: 'float32', shape: [null, 4] }],
  files: [],
} as unknown as Manifest;

const step = (type: string, inputs: string[], attributes: OnnxNode['attributes'] = {}): OnnxNode => ({
  type,
  inputs,
  output: 'made',
  attributes,
});
const lengths = (name: string, ...values: number[]): OnnxWeights => ({
  name,
  shape: [values.length],
  data: BigInt64Array.from(values, BigInt),
});
const scales = (name: string, ...values: number[]): OnnxWeights => ({
  name,
  shape: [values.length],
  data: Float32Array.from(values),
});

/** A model that does so much beside handing its input on; protocol buffers put a second graph together with the first. */
function aModel(nodes: OnnxNode[], weights: OnnxWeights[] = [], more?: (graph: PbfWriter) => void): Uint8Array {
  const model = writeOnnx({
    nodes: [...nodes, { type: 'Identity', inputs: ['in'], output: 'out', attributes: {} }],
    weights,
    input: { name: 'in', type: 'float32', shape: [null, 4] },
    outputs: [{ name: 'out', type: 'float32', shape: [null, 4] }],
  });
  if (more === undefined) return model;
  return Buffer.concat([model, message((outer) => outer.writeBytesField(7, message(more)))]);
}

function message(write: (pbf: PbfWriter) => void): Uint8Array {
  const pbf = new PbfWriter();
  write(pbf);
  return pbf.finish();
}

const most = packageLimits.tensorElements;

describe('an ONNX model', () => {
  it.for([
    ['ConstantOfShape', [step('ConstantOfShape', ['n'])], [lengths('n', 100_000, 100_000)]],
    ['Expand', [step('Expand', ['in', 'n'])], [lengths('n', 1, 100_000, 100_000)]],
    ['Tile', [step('Tile', ['in', 'n'])], [lengths('n', 1, most / 2)]],
    ['Range', [step('Range', ['a', 'b', 'c'])], [lengths('a', 0), lengths('b', 1e12), lengths('c', 3)]],
    ['Resize', [step('Resize', ['in', '', '', 'n'])], [lengths('n', 1, 3, 60_000, 60_000)]],
    ['Resize', [step('Resize', ['in', '', 'n'])], [scales('n', 1, most / 2)]],
    ['Upsample', [step('Upsample', ['in', 'n'])], [scales('n', 1, most / 2)]],
    ['Pad', [step('Pad', ['in', 'n'])], [lengths('n', 0, 0, 0, most)]],
    ['Pad', [step('Pad', ['in'], { pads: [9_999, 0, 0, 9_999] })], []],
    ['MaxPool', [step('MaxPool', ['in'], { kernel_shape: [2, 2], pads: [5_000, 5_000, 5_000, 5_000] })], []],
    ['ConvTranspose', [step('ConvTranspose', ['in', 'in'], { output_shape: [90_000, 90_000] })], []],
    ['ConvTranspose', [step('ConvTranspose', ['in', 'in'], { output_padding: [90_000, 90_000] })], []],
    ['Expand', [{ ...step('Constant', [], { value_ints: [most, 2] }), output: 'n' }, step('Expand', ['in', 'n'])], []],
    [
      'Expand',
      [
        { ...step('Constant', [], { value_int: most }), output: 'single' },
        { ...step('Unsqueeze', ['single', 'axis']), output: 'long' },
        { ...step('Concat', ['long', 'long'], { axis: 0 }), output: 'n' },
        step('Expand', ['in', 'n']),
      ],
      [lengths('axis', 0)],
    ],
  ] satisfies [string, OnnxNode[], OnnxWeights[]][])(
    'that says itself how large a tensor it makes is refused unseen: %s',
    ([type, nodes, weights]) => {
      expect(checkModel(aModel(nodes, weights), manifest)).toMatchObject({
        reason: 'too-large',
        detail: expect.stringMatching(new RegExp(`^${type} made has \\d+ numbers, of at most ${most}$`)) as string,
      });
    },
  );

  it('may make tensors as large as packages may, and of lengths that come from its input', () => {
    expect(checkModel(aModel([step('Expand', ['in', 'n'])], [lengths('n', 1, most)]), manifest)).toBeNull();
    const computed = [{ ...step('Shape', ['in']), output: 'n' }, step('Expand', ['in', 'n'])];
    expect(checkModel(aModel(computed), manifest)).toBeNull();
    const filled = [{ ...step('ConstantOfShape', ['few']), output: 'n' }, step('Expand', ['in', 'n'])];
    expect(checkModel(aModel(filled, [lengths('few', 2)]), manifest)).toBeNull();
  });

  /** A tensor of float32 with this shape and so many bytes of data. */
  const tensor = (name: string, dims: number[], bytes: number): Uint8Array =>
    message((pbf) => {
      pbf.writePackedVarint(1, dims);
      pbf.writeVarintField(2, 1);
      pbf.writeStringField(8, name);
      pbf.writeBytesField(9, new Uint8Array(bytes));
    });

  it.for([
    ['fewer', [1_000, 1_000], 4],
    ['more', [2], 12],
    ['none of many', [5_000_000_000], 0],
    ['a negative number', [-1], 4],
  ] as const)('whose weights hold other numbers than their shape says is refused: %s', ([, dims, bytes]) => {
    const weights = tensor('w', [...dims], bytes);
    const model = aModel([], [], (graph) => graph.writeBytesField(5, weights));
    expect(checkModel(model, manifest)).toMatchObject({
      reason: 'model-unreadable',
      detail: `w of the shape [${dims.join(', ')}] does not hold as many numbers`,
    });
  });

  it('lists numbers by their kind as well as raw', () => {
    const listed = (tag: number, type: number, write: (pbf: PbfWriter) => void): Uint8Array =>
      message((pbf) => {
        pbf.writePackedVarint(1, [3]);
        pbf.writeVarintField(2, type);
        pbf.writeStringField(8, `w${tag}`);
        write(pbf);
      });
    const all = [
      listed(4, 1, (pbf) => pbf.writePackedFloat(4, [1, 2, 3])),
      listed(5, 10, (pbf) => pbf.writePackedVarint(5, [1, 200, 40_000])),
      listed(7, 7, (pbf) => [1, 2, 300].forEach((value) => pbf.writeVarintField(7, value))),
      listed(10, 11, (pbf) => pbf.writePackedDouble(10, [1, 2, 3])),
    ];
    const put = (graph: PbfWriter): void => all.forEach((each) => graph.writeBytesField(5, each));
    expect(checkModel(aModel([], [], put), manifest)).toBeNull();
  });

  it('whose sparse weights would be giant once they are whole is refused', () => {
    const sparse = message((pbf) => {
      pbf.writeBytesField(1, tensor('w', [1], 4));
      pbf.writePackedVarint(3, [100_000, 100_000]);
    });
    const attribute = message((pbf) => pbf.writeBytesField(22, sparse));
    const constant = message((pbf) => {
      pbf.writeStringField(4, 'Constant');
      pbf.writeBytesField(5, attribute);
    });
    for (const put of [
      (graph: PbfWriter) => graph.writeBytesField(15, sparse),
      (graph: PbfWriter) => graph.writeBytesField(1, constant),
    ]) {
      expect(checkModel(aModel([], [], put), manifest)).toMatchObject({ reason: 'too-large' });
    }
  });
});
