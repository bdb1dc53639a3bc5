import {
  manifestSchema,
  manifestVersion,
  type DatasetCard,
  type Inference,
  type Manifest,
  type Tensor,
} from '#libs/models';
import type { Backbone } from './backbone.js';
import type { FoldOutcome } from './cross-validate.js';
import type { HeadToAttach } from './attach-head.js';
import { headCard } from './head-card.js';

/** What a head is trained for. */
export interface HeadPlan {
  /** Of the model package. */
  readonly id: string;
  /** The training run of the platform. */
  readonly runId: string | null;
  /** Becomes the name of the model. */
  readonly name: string;
  readonly seed: number;
  readonly abstainBelow: number | null;
  /** Of the examples; how they are split is said by whoever trains. */
  readonly card: DatasetCard;
}

/** A picture with what the model gives for it here. */
export interface GoldenPicture {
  readonly picture: Uint8Array;
  readonly kind: 'jpg' | 'png';
  readonly input: Tensor & { dtype: 'uint8' };
  readonly outputs: Inference;
  /** What it shows; null where it was drawn for the purpose. */
  readonly label: string | null;
}

/** What training came to. */
export interface TrainedHead {
  readonly plan: HeadPlan;
  readonly labels: readonly string[];
  readonly backbone: Backbone;
  /** The ONNX file, with the head on it. */
  readonly model: Uint8Array;
  readonly fitted: HeadToAttach;
  readonly metrics: Manifest['metrics'];
  readonly folds: readonly FoldOutcome[];
  readonly golden: readonly GoldenPicture[];
  /** The runtime that gave the outputs of the golden cases, and its version. */
  readonly runtime: { readonly name: string; readonly version: string };
}

/** A package, unzipped. */
export interface HeadPackage {
  readonly manifest: Manifest;
  /** By path, manifest.json first. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Allowed to another runtime; what it gives from the picture may differ a little more, where it is resized otherwise. */
const [tolerance, imageTolerance] = [1e-3, 0.05];

/**
 * Writes down a trained head as every model package is written: the same bytes for the same training.
 * @param sha256 in hexadecimal digits
 * @throws {ZodError} where the plan makes no valid manifest
 */
export function packHead(trained: TrainedHead, sha256: (bytes: Uint8Array) => string): HeadPackage {
  const { plan, labels, backbone, metrics, golden, runtime, folds } = trained;
  const { head, topic } = trained.fitted;
  const files = new Map<string, Uint8Array>([
    ['model.onnx', trained.model],
    ['metrics.jsonl', utf8(folds.map((fold) => `${JSON.stringify(fold)}\n`).join(''))],
  ]);
  const cases = golden.map(({ picture, kind, input, outputs, label }, index) => {
    const [image, tensor, given] = [kind, 'u8', 'json'].map((ending) => `golden/${index}.${ending}`);
    files.set(image!, picture);
    files.set(tensor!, input.data);
    const flat = Object.fromEntries(Array.from(outputs, ([name, { data }]) => [name, Array.from(data)]));
    files.set(given!, utf8(JSON.stringify(flat)));
    return { image: image!, input: tensor!, outputs: given!, label };
  });
  const { height, width } = backbone.preprocessing;
  const output = (name: string, shape: readonly number[]): Manifest['outputs'][number] => {
    return { name, dtype: 'float32', shape: [null, ...shape] };
  };
  const described: Omit<Manifest, 'files'> = {
    schemaVersion: manifestVersion,
    id: plan.id,
    name: plan.name,
    task: 'image-classification',
    labels: [...labels],
    format: 'onnx',
    entry: 'model.onnx',
    opset: backbone.opset,
    input: {
      name: backbone.input,
      dtype: 'uint8',
      layout: 'NHWC',
      shape: [null, height, width, 3],
      preprocessing: backbone.preprocessing,
    },
    outputs: [
      output('logits', [labels.length]),
      output('probs', [labels.length]),
      output('distances', [labels.length]),
      output(backbone.embedding.name, backbone.embedding.shape),
    ],
    metrics,
    calibration: { method: 'temperature', temperature: head.temperature, ece: metrics.overall.ece ?? null },
    abstainBelow: plan.abstainBelow,
    offTopicAbove: topic.above,
    dataset: { ...plan.card, split: { training: plan.card.examples, validation: 0, test: 0 } },
    training: {
      run: plan.runId,
      engine: 'node',
      backbone: backbone.name,
      seed: plan.seed,
      epochs: 0,
      config: { penalty: head.penalty, head: 'softmax-regression' },
    },
    hardware: { kind: 'CPU', count: 1, imagesPerSecond: null },
    frameworks: { [runtime.name]: runtime.version },
    baseWeights: backbone.baseWeights,
    golden: { tolerance, imageTolerance, cases },
  };
  files.set('MODEL_CARD.md', utf8(headCard(described)));
  const manifest = manifestSchema.parse({
    ...described,
    files: Array.from(files, ([path, bytes]) => ({ path, bytes: bytes.length, sha256: sha256(bytes) })),
  });
  return { manifest, files: new Map([['manifest.json', utf8(JSON.stringify(manifest, null, 2))], ...files]) };
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
