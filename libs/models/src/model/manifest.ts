import { z } from 'zod';
import { tensorTypes } from './tensor.js';

/**
 * The manifest of a model package, version 1: what a trained model is, what it takes and gives, how it was made, and how
 * well it does. docs/schemas/model-manifest.schema.json is generated from it, and the training package writes by it.
 */

/** The newest manifest that this program reads. */
export const manifestVersion = 1;

/** What a model does. */
export const modelTasks = ['image-classification', 'object-detection', 'engagement-window'] as const;
export type ModelTask = (typeof modelTasks)[number];

/** How the weights are stored. Never as pickles: reading one runs code. */
export const modelFormats = ['onnx', 'tfjs-layers', 'tfjs-graph', 'saved-model'] as const;
export type ModelFormat = (typeof modelFormats)[number];

/** Sizes that a package keeps to. */
export const packageLimits = {
  /** Bytes of the zip, and of all that is in it. */
  zipBytes: 512 * 1024 * 1024,
  unpackedBytes: 768 * 1024 * 1024,
  /** Bytes of the manifest, the card and the metrics each. */
  textBytes: 4 * 1024 * 1024,
  files: 400,
  /** Numbers in one example, and in what a model gives for one. */
  elements: 16 * 1024 * 1024,
  /**
   * Numbers in one tensor whose length an ONNX file states (a constant shape, repeats, scales, padding), for one example: 256 MiB
   * as float32. What lengths are computed from the input is bounded when the model is tried, by the memory of the process.
   */
  tensorElements: 64 * 1024 * 1024,
  labels: 1_000,
  goldenCases: 64,
  mistakes: 50,
} as const;

/** Deviations that a package may ask to be allowed at most. */
export const toleranceLimits = { tensor: 1e-3, image: 0.1 } as const;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in small hexadecimal digits');
const text = (longest: number) => z.string().trim().min(1).max(longest);
const share = z.number().min(0).max(1);
const count = z.int().min(0).max(1_000_000_000);

/** A relative path inside the package: no empty, hidden or upward part, no backslash, no drive. */
export const packagePathSchema = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/, 'a relative path such as golden/0.jpg');

/** A side of a tensor; null where it may be of any length: the batch. */
const shape = z.array(z.int().min(1).max(1_000_000).nullable()).min(1).max(6);

const preprocessingSchema = z
  .strictObject({
    width: z.int().min(8).max(2_048),
    height: z.int().min(8).max(2_048),
    resize: z
      .enum(['squash', 'pad', 'crop'])
      .describe(
        'squash: both sides as given. pad: the whole picture, centred on the padding colour. crop: the middle of the picture.',
      ),
    resample: z.literal('bilinear').describe('Triangle filter, widened when it shrinks, as in Pillow.'),
    padding: z.tuple([z.int().min(0).max(255), z.int().min(0).max(255), z.int().min(0).max(255)]).default([0, 0, 0]),
    colour: z.literal('rgb').describe('sRGB, after the picture was turned upright by its EXIF orientation.'),
  })
  .describe('How a picture becomes the input. Scaling of the numbers is part of the model.');

const inputSchema = z.strictObject({
  name: text(100),
  dtype: z.enum(tensorTypes),
  layout: z.enum(['NHWC', 'NCHW', 'NTF']).describe('NTF: batch, time, feature.'),
  shape: shape.describe('With the batch first, which is null.'),
  preprocessing: preprocessingSchema.nullable().describe('Null where the input is not a picture.'),
});

const outputSchema = z.strictObject({ name: text(100), dtype: z.literal('float32'), shape });

const overallSchema = z
  .strictObject({
    accuracy: share.optional(),
    macroF1: share.optional(),
    meanAveragePrecision: share.optional().describe('Of detection, at an overlap of one half.'),
    auc: share.optional(),
    kappa: z.number().min(-1).max(1).optional().describe('Cohen, quadratic weights where labels have an order.'),
    ece: share
      .optional()
      .describe('Expected calibration error: 15 bins of equal mass, fewer where one would have less than 20 examples.'),
    abstained: share.optional().describe('Share of examples below the threshold for abstaining.'),
    majorityF1: share.optional().describe('Macro F1 of always giving the most frequent label.'),
    aucGain: z
      .strictObject({ difference: z.number(), lower: z.number() })
      .optional()
      .describe('AUC above a model of behaviour and content alone, with the lower end of its 95 % interval.'),
    selective: z
      .strictObject({ coverage: share, precision: share })
      .optional()
      .describe('Where the model does not abstain.'),
  })
  .describe('On examples that training never saw.');

const metricsSchema = z.strictObject({
  split: z
    .enum(['validation', 'test', 'cross-validation'])
    .describe(
      'What they were measured on. cross-validation: each example by a model of the same procedure that was fitted, tuned ' +
        'and calibrated without its group (nested); the model of the package learnt from all of them.',
    ),
  folds: z.int().min(2).max(1_000).optional().describe('Of cross-validation; else it is left out.'),
  examples: count,
  groups: count.describe('Subjects, students or sources that these examples come from; none is in the training set.'),
  overall: overallSchema,
  perClass: z
    .array(
      z.strictObject({
        label: text(200),
        examples: count,
        precision: share.nullable(),
        recall: share.nullable(),
        f1: share.nullable(),
        groups: count.optional().describe('Subjects that have examples of it.'),
        auc: share.optional(),
        aucLower: share.optional().describe('Lower end of its 95 % interval, by subjects.'),
      }),
    )
    .max(packageLimits.labels),
  perGroup: z
    .array(
      z.strictObject({
        attribute: text(100),
        value: text(100),
        examples: count,
        groups: count.optional(),
        accuracy: share.nullable(),
        falseAlarms: share.optional(),
        abstained: share.optional(),
      }),
    )
    .max(1_000)
    .describe('By an attribute of people or pictures, such as the device; empty where none was given.'),
  confusion: z
    .array(z.array(count).max(packageLimits.labels))
    .max(packageLimits.labels)
    .optional()
    .describe('Rows: the label that is true. Columns: the label that was given.'),
  mistakes: z
    .array(z.strictObject({ sha256, label: text(200), given: text(200), probability: share }))
    .max(packageLimits.mistakes)
    .optional()
    .describe('Examples that were given another label than theirs, by the SHA-256 of the picture; surest first.'),
});

/** What the learning material was, and on what ground it may be used. */
export const datasetCardSchema = z.strictObject({
  sha256: sha256.describe('Of the archive that it was trained on.'),
  description: text(2_000),
  examples: count,
  perLabel: z.record(text(200), count),
  splitBy: z.enum(['subject', 'student', 'source', 'image']),
  split: z.strictObject({ training: count, validation: count, test: count }),
  isSynthetic: z.boolean().describe('True where a program made the examples.'),
  consentBasis: z
    .enum(['consent', 'contract', 'public-interest', 'open-licence', 'generated'])
    .describe('Why these examples may be used for training.'),
  licence: text(200),
});

const goldenSchema = z.strictObject({
  tolerance: z
    .number()
    .positive()
    .max(toleranceLimits.tensor)
    .describe('Largest absolute deviation of any output from the same input tensor.'),
  imageTolerance: z
    .number()
    .positive()
    .max(toleranceLimits.image)
    .describe('The same for `probs` from the picture, whose decoding and resizing differ slightly.'),
  cases: z
    .array(
      z.strictObject({
        image: packagePathSchema.nullable().describe('A JPEG or PNG as it would be handed in; null without pictures.'),
        input: packagePathSchema.describe('The input tensor of it, raw, without the batch: little-endian, row-major.'),
        outputs: packagePathSchema.describe('JSON: the numbers of each output by its name, flat.'),
        label: text(200).nullable().describe('What it shows.'),
      }),
    )
    .min(1)
    .max(packageLimits.goldenCases),
});

/** Version 1 of the manifest. */
export const manifestSchema = z.strictObject({
  schemaVersion: z.literal(manifestVersion),
  id: z.uuid().describe('Made by whoever trains; the same package has the same id.'),
  name: text(100).describe('What the model is for. Packages of one name are versions of one model.'),
  task: z.enum(modelTasks),
  labels: z.array(text(200)).min(1).max(packageLimits.labels).describe('In the order of the outputs.'),
  format: z.enum(modelFormats),
  entry: packagePathSchema.describe('model.onnx, model.json, or the folder of a SavedModel.'),
  opset: z.int().min(7).max(26).nullable().describe('Of ONNX; else null.'),
  input: inputSchema,
  outputs: z
    .array(outputSchema)
    .min(1)
    .max(16)
    .describe('A classifier gives `logits`, `probs` (calibrated, in the order of the labels) and `embedding`.'),
  metrics: metricsSchema,
  calibration: z.strictObject({
    method: z.enum(['temperature', 'none']),
    temperature: z.number().positive().max(100),
    ece: share.nullable(),
  }),
  abstainBelow: share.nullable().describe('Below this probability the model says nothing.'),
  offTopicAbove: z
    .number()
    .positive()
    .optional()
    .describe(
      'A picture whose output `distances`, one for each label, are all above this shows something else. Left out where the model ' +
        'cannot tell.',
    ),
  dataset: datasetCardSchema,
  training: z.strictObject({
    run: z.uuid().nullable().describe('The training run of the platform.'),
    engine: text(50),
    backbone: text(100),
    seed: z.int(),
    epochs: z.int().min(0).max(100_000),
    config: z.record(z.string().max(100), z.json()),
  }),
  hardware: z.strictObject({
    kind: text(100).describe('Such as TPU v5e, NVIDIA H100 or CPU.'),
    count: z.int().min(1).max(10_000),
    imagesPerSecond: z.number().positive().nullable(),
  }),
  frameworks: z.record(z.string().max(50), z.string().max(50)).describe('Versions by name.'),
  baseWeights: z
    .strictObject({ architecture: text(100), source: text(500), sha256, licence: text(200) })
    .nullable()
    .describe('What training began with; null for random weights.'),
  golden: goldenSchema,
  files: z
    .array(z.strictObject({ path: packagePathSchema, bytes: z.int().min(0).max(packageLimits.unpackedBytes), sha256 }))
    .min(4)
    .max(packageLimits.files)
    .describe('All files of the package but the manifest.'),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type DatasetCard = z.infer<typeof datasetCardSchema>;
export type Preprocessing = z.infer<typeof preprocessingSchema>;
