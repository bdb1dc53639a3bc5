import { expect, it } from 'vitest';
import type { TrainingRun } from '../model/training-run.js';
import { wrongEngine } from './wrong-engine.js';

type Chosen = Parameters<typeof wrongEngine>[0];
const weights = (architecture: string, url = 'https://weights.test/a.h5'): TrainingRun['weights'] => ({
  architecture,
  url,
  sha256: 'a'.repeat(64),
  licence: 'MIT',
});
const chosen = (engine: Chosen['engine'], backbone: string, from: Chosen['weights'] = 'none'): Chosen => ({
  engine,
  backbone,
  weights: from,
});

it.for([
  ['keras-jax', 'centre-tiny', 'none', []],
  ['keras-tf', 'centre-mobilenet-v2', weights('mobilenet-v2'), []],
  ['keras-jax', 'centre-mobilenet-v2', weights('centre-mobilenet-v2'), ['weights.architecture']],
  ['keras-jax', 'tiny-convnet', 'none', ['backbone']],
  ['torch-xla', 'centre-tiny', 'none', ['engine']],
  ['node', 'classical', 'none', ['engine']],
] as const)('for detection, %s with %s and %j', ([engine, backbone, from, issues]) => {
  const refused = wrongEngine(chosen(engine, backbone, from), 'object-detection');
  expect((refused?.issues ?? []).map(({ path }) => path)).toEqual(issues);
});

it.for([
  ['keras-jax', 'tiny-convnet', 'none', []],
  ['torch-xla', 'resnet18', weights('resnet18', 'https://weights.test/a.safetensors'), []],
  ['node', 'classical', 'none', []],
  ['keras-jax', 'centre-tiny', 'none', ['backbone']],
  ['keras-jax', 'resnet18', 'none', ['backbone']],
] as const)('for classification, %s with %s and %j', ([engine, backbone, from, issues]) => {
  const refused = wrongEngine(chosen(engine, backbone, from), 'image-classification');
  expect((refused?.issues ?? []).map(({ path }) => path)).toEqual(issues);
});
