import { describe, expect, it } from 'vitest';
import { inspectGraphModel, inspectLayersModel } from './inspect-tensorflow.js';

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
