import { PbfWriter } from 'pbf';
import { describe, expect, it } from 'vitest';
import { inspectGraphModel, inspectLayersModel, inspectSavedModel } from './inspect-tensorflow.js';

const weightsManifest = [{ paths: ['weights.bin'], weights: [] }];

describe('a TensorFlow.js graph model', () => {
  it('tells its operators, those of functions too, and its files', () => {
    const facts = inspectGraphModel({
      modelTopology: {
        node: [
          { name: 'x', op: 'Placeholder' },
          { name: 'y', op: 'Conv2D' },
        ],
        library: { function: [{ nodeDef: [{ name: 'z', op: 'ReadFile' }] }] },
      },
      weightsManifest,
    });
    expect([...facts!.operators].sort()).toEqual(['Conv2D', 'Placeholder', 'ReadFile']);
    expect(facts!.weightFiles).toEqual(['weights.bin']);
  });

  it.for([null, {}, { modelTopology: {}, weightsManifest }, { modelTopology: { node: [{}] }, weightsManifest }, []])(
    'is told from %j',
    (json) => expect(inspectGraphModel(json)).toBeNull(),
  );
});

describe('a TensorFlow.js layers model', () => {
  const layer = (name: string, config: object = {}) => ({ class_name: name, config });

  it('tells its layers, those inside of others too', () => {
    const layers = [
      layer('InputLayer'),
      layer('TimeDistributed', { layer: layer('Dense') }),
      layer('Sequential', { layers: [layer('Lambda')] }),
      layer('Bidirectional', { layer: layer('LSTM') }),
    ];
    const topology = { model_config: { class_name: 'Functional', config: { layers } } };
    const facts = inspectLayersModel({ modelTopology: topology, weightsManifest });
    expect([...facts!.operators].sort()).toEqual([
      'Bidirectional',
      'Dense',
      'InputLayer',
      'LSTM',
      'Lambda',
      'TimeDistributed',
    ]);
  });

  it.for([
    null,
    {},
    { modelTopology: {}, weightsManifest },
    { modelTopology: { model_config: {} }, weightsManifest: 1 },
  ])('is told from %j', (json) => expect(inspectLayersModel(json)).toBeNull());
});

describe('a SavedModel', () => {
  const message = (write: (pbf: PbfWriter) => void): Uint8Array => {
    const pbf = new PbfWriter();
    write(pbf);
    return pbf.finish();
  };
  const node = (op: string): Uint8Array =>
    message((pbf) => {
      pbf.writeStringField(1, `a ${op}`);
      pbf.writeStringField(2, op);
    });

  it('tells the operators of its graphs and functions', () => {
    const inFunction = message((pbf) => pbf.writeBytesField(3, node('WriteFile')));
    const library = message((pbf) => pbf.writeBytesField(1, inFunction));
    const graph = message((pbf) => {
      pbf.writeBytesField(1, node('MatMul'));
      pbf.writeBytesField(2, library);
    });
    const meta = (inside: Uint8Array): Uint8Array => message((pbf) => pbf.writeBytesField(2, inside));
    const other = message((pbf) => pbf.writeBytesField(1, node('PyFunc')));
    const saved = message((pbf) => {
      pbf.writeVarintField(1, 1);
      pbf.writeBytesField(2, meta(graph));
      pbf.writeBytesField(2, meta(other));
    });
    expect([...inspectSavedModel(saved)!.operators].sort()).toEqual(['MatMul', 'PyFunc', 'WriteFile']);
    expect(inspectSavedModel(saved.subarray(0, saved.length - 2))).toBeNull();
    expect(inspectSavedModel(new Uint8Array())).toBeNull();
  });
});
