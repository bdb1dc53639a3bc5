import { fail, type Failure } from '#libs/kernel';
import type { Manifest, Preprocessing, RunnableModel } from '#libs/models';
import { writtenOpset } from '#libs/models';
import type { EmbeddingOutput } from './attach-head.js';
import {
  classicalBackbone,
  classicalEmbedding,
  classicalFeatures,
  classicalPreprocessing,
} from './classical/classical-embedding.js';

/** A model that turns pictures into embeddings, which a head is put on. */
export interface Backbone {
  /** What the package calls it. */
  readonly name: string;
  /** The ONNX file. */
  readonly model: Uint8Array;
  readonly opset: number;
  readonly input: string;
  readonly embedding: EmbeddingOutput;
  readonly preprocessing: Preprocessing;
  /** Where its weights come from; null where there are none that were learnt. */
  readonly baseWeights: Manifest['baseWeights'];
}

/** The description of pictures that needs no weights. */
export function classical(): Backbone {
  return {
    name: classicalBackbone,
    model: classicalEmbedding(),
    opset: writtenOpset,
    input: 'image',
    embedding: { name: 'embedding', shape: [classicalFeatures] },
    preprocessing: classicalPreprocessing,
    baseWeights: null,
  };
}

/**
 * The embedding of a registered model.
 * @param sha256 of its package
 * @param model its ONNX file
 */
export function backboneOf(manifest: Manifest, sha256: string, model: Uint8Array): Backbone | Failure {
  const { input, outputs, format, opset, training, name, dataset } = manifest;
  const output = outputs.find((each) => each.name === 'embedding');
  const { preprocessing } = input;
  if (format !== 'onnx' || opset === null || output === undefined || preprocessing === null) {
    return fail(
      'WRONG_STATE',
      `“${name}” gives no embedding of pictures in the format ONNX. Choose another model, or ${classicalBackbone}.`,
    );
  }
  return {
    name: training.backbone,
    model,
    opset,
    input: input.name,
    embedding: { name: output.name, shape: output.shape.slice(1) as number[] },
    preprocessing,
    baseWeights: { architecture: training.backbone, source: `model package ${name}`, sha256, licence: dataset.licence },
  };
}

/** As a runtime runs it for one owner. */
export function runnableBackbone(backbone: Backbone, owner: string): RunnableModel {
  return runnablePictures(backbone, `${owner}/embedding`, backbone.model, [backbone.embedding.name]);
}

/** A model in memory that takes the pictures of a backbone. */
export function runnablePictures(
  { input, preprocessing }: Backbone,
  key: string,
  model: Uint8Array,
  outputs: readonly string[],
): RunnableModel {
  const entry = 'model.onnx';
  return {
    key,
    format: 'onnx',
    entry,
    input: { name: input, dtype: 'uint8', shape: [preprocessing.height, preprocessing.width, 3] },
    outputs,
    files: async () => new Map([[entry, model]]),
  };
}
