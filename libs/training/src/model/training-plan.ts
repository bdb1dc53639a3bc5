import { z } from 'zod';
import { datasetCardSchema, modelTasks, packageLimits, type ModelTask } from '#libs/models';

/**
 * What travels to whoever trains: the plan of a run, and the card of a dataset. docs/schemas/training-plan.schema.json
 * and docs/schemas/training-dataset.schema.json are generated from here; the training package reads by them.
 */

export const planVersion = 1;

/** What the training package can train with. */
export const trainingEngines = ['keras-jax', 'keras-tf', 'torch-xla'] as const;
export type TrainingEngine = (typeof trainingEngines)[number];

/** Networks that a model can grow from, by task. `tiny-convnet` learns simple shapes in a minute, without a TPU. */
export const backbones = {
  'image-classification': [
    'resnet50',
    'efficientnet-b0',
    'vit-b16',
    'mobilenet-v2',
    'resnet18',
    'vit-ti16',
    'tiny-convnet',
  ],
  'object-detection': ['centre-mobilenet-v2', 'centre-tiny'],
  'engagement-window': ['temporal-convolution'],
} as const satisfies Record<ModelTask, readonly string[]>;

/** Of the networks above, those that one engine alone has. */
const onlyOf: Readonly<Record<string, TrainingEngine>> = { resnet18: 'torch-xla' };

/** What an engine trains: detectors and windows are written in Keras alone. */
const classifiesOnly: readonly TrainingEngine[] = ['torch-xla'];

/** The networks for a task that an engine has; none where it does not train for it. */
export function backbonesOf(engine: TrainingEngine, task: ModelTask): readonly string[] {
  if (task !== 'image-classification' && classifiesOnly.includes(engine)) return [];
  return backbones[task].filter((backbone) => (onlyOf[backbone] ?? engine) === engine);
}

/** The network that weights have to be of, so that a backbone can begin with them: a detector grows from a classifier. */
export function architectureOf(backbone: string): string {
  return backbone.replace(/^centre-/, '');
}

/** Endings of files of weights that an engine reads. Never pickles: reading one runs code. */
export const weightsEndings: Readonly<Record<TrainingEngine, string>> = {
  'keras-jax': '.h5',
  'keras-tf': '.h5',
  'torch-xla': '.safetensors',
};

export const backboneNames = Object.values(backbones).flat();

const text = (longest: number) => z.string().trim().min(1).max(longest);
const share = z.number().min(0).max(1);

/** Numbers of a training run; what is left out is as it says here. */
export const trainingNumbersSchema = z.strictObject({
  imageSize: z.int().min(32).max(512).multipleOf(16).default(224).describe('Side of the square input, in pixels.'),
  resize: z
    .enum(['squash', 'pad', 'crop'])
    .default('squash')
    .describe('How a picture becomes square: both sides as given, the whole on black, or its middle.'),
  batchSize: z.int().min(4).max(2_048).default(128).describe('Of all devices together.'),
  epochs: z.int().min(1).max(500).default(20).describe('Of the whole network, after those of the head.'),
  headEpochs: z.int().min(0).max(100).default(3).describe('With the backbone frozen; none for random weights.'),
  learningRate: z.number().positive().max(1).default(0.001).describe('For a batch of 256; scaled by the batch.'),
  warmupEpochs: z.number().min(0).max(50).default(1).describe('Linear, from 0; a cosine to 0 follows.'),
  weightDecay: z.number().min(0).max(1).default(0.0001),
  labelSmoothing: z.number().min(0).max(0.5).default(0.1),
  mixedPrecision: z.boolean().default(true).describe('bfloat16, where the device has it.'),
  patience: z.int().min(1).max(500).default(5).describe('Epochs without a better validation loss, then it stops.'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  augmentation: z
    .strictObject({
      rotation: z.number().min(0).max(180).default(15).describe('Degrees to either side.'),
      flip: z.enum(['none', 'horizontal', 'both']).default('horizontal'),
      jitter: share.default(0.2).describe('Of brightness, contrast and saturation, to either side.'),
      crop: z.number().min(0.3).max(1).default(0.8).describe('Smallest share of the area that a crop keeps.'),
    })
    .prefault({}),
});
export type TrainingNumbers = z.infer<typeof trainingNumbersSchema>;

/** Version 1 of a plan. The token and the URLs in it are secrets that end with the run. */
export const trainingPlanSchema = z.strictObject({
  schemaVersion: z.literal(planVersion),
  run: z.strictObject({ id: z.uuid(), name: text(100).describe('Becomes the name of the model.') }),
  server: z
    .strictObject({
      url: z.url().describe('Base URL of the platform.'),
      token: text(4_000).describe('Bearer token for progress and upload of this run.'),
      secondsBetweenReports: z.number().min(1).max(3_600),
      lastLine: z
        .int()
        .min(0)
        .default(0)
        .describe('The last line of progress that it has: a run goes on counting from there.'),
    })
    .nullable()
    .describe('Null where the run goes by files.'),
  dataset: z.strictObject({
    url: z
      .url()
      .nullable()
      .describe('https:, gs: or a path on a mounted Drive; null where the archive is given by hand.'),
    sha256: datasetCardSchema.shape.sha256,
    bytes: z.int().min(1),
  }),
  task: z.enum(modelTasks),
  engine: z.enum(trainingEngines),
  backbone: z.enum(backboneNames as [string, ...string[]]),
  weights: z
    .union([
      z.literal('none'),
      z.strictObject({
        architecture: text(100),
        url: z.url(),
        sha256: datasetCardSchema.shape.sha256,
        licence: text(200),
      }),
    ])
    .describe('What training begins with. `none`: random weights, asked for and recorded, never a fallback.'),
  abstainBelow: share.nullable(),
  numbers: trainingNumbersSchema,
});
export type TrainingPlan = z.infer<typeof trainingPlanSchema>;

/** `dataset.json` at the top of a dataset archive; images are at `<split>/<label>/<file>`, for detection at `<split>/images/<file>`. */
export const datasetSchema = z.strictObject({
  schemaVersion: z.literal(1),
  task: z.enum(modelTasks),
  labels: z.array(text(200)).min(1).max(packageLimits.labels),
  card: datasetCardSchema.omit({ sha256: true }),
  items: z
    .array(
      z.strictObject({
        path: text(300).describe('In the archive.'),
        split: z.enum(['training', 'validation', 'test']),
        label: text(200).nullable().describe('Null for detection, whose boxes say it.'),
        sha256: datasetCardSchema.shape.sha256,
        group: text(100).nullable().describe('The subject, student or source, as a pseudonym: never in two splits.'),
        attributes: z.record(text(100), text(100)).default({}).describe('For metrics by group, such as the device.'),
        boxes: z
          .array(
            z.strictObject({
              label: text(200),
              x: z.number(),
              y: z.number(),
              width: z.number().positive(),
              height: z.number().positive(),
              keypoints: z.record(text(50), z.tuple([z.number(), z.number()])).default({}),
            }),
          )
          .optional()
          .describe('Of detection, in pixels of the image.'),
        states: z
          .record(text(50), z.int().min(0).max(3).nullable())
          .optional()
          .describe('Of an engagement window: the level of each state, null where it was not judged.'),
        context: z
          .record(text(50), z.number())
          .optional()
          .describe(
            'Of an engagement window: numbers of behaviour and content in it, such as response time against the norm of the ' +
              'task. A window has to tell more than they do.',
          ),
      }),
    )
    .max(200_000),
});
export type Dataset = z.infer<typeof datasetSchema>;

/** Measures in one line of progress. */
const metricsLimit = 100;

/** What a run tells while it goes on: the same lines as in its metrics.jsonl. */
export const progressSchema = z.strictObject({
  sequence: z.int().min(1).max(10_000_000).describe('From 1; a resent one is ignored.'),
  phase: z.enum(['preparing', 'head', 'all', 'evaluating', 'exporting', 'uploading', 'done', 'failed']),
  epoch: z.int().min(0).max(10_000),
  epochs: z.int().min(0).max(10_000),
  metrics: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,39}$/), z.number())
    .refine((metrics) => Object.keys(metrics).length <= metricsLimit, `at most ${metricsLimit} in one line`)
    .meta({ maxProperties: metricsLimit })
    .describe('loss, accuracy, validationLoss, validationAccuracy, learningRate, imagesPerSecond, …'),
  at: z.iso.datetime().describe('By the clock of the machine that trains.'),
  message: z.string().max(500).optional(),
});
export type TrainingProgress = z.infer<typeof progressSchema>;
