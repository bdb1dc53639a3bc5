import { fail, isFailure, type Failure } from '#libs/kernel';
import {
  isPickle,
  type Inference,
  type InferenceRuntime,
  type PictureReader,
  type RunnableModel,
  type Tensor,
} from '#libs/models';
import { attachHead, headOutputs, type HeadToAttach } from './attach-head.js';
import { runnableBackbone, runnablePictures, type Backbone } from './backbone.js';
import { crossValidate, type FoldOutcome } from './cross-validate.js';
import { applyHead, fitHead, type LabelledEmbeddings } from './fit-head.js';
import { groupsOfLabels } from './folds.js';
import { drawGoldenPicture } from './golden-picture.js';
import { packHead, type GoldenPicture, type HeadPackage, type HeadPlan } from './head-package.js';
import { matrix, rowOf } from './matrix.js';
import { metricsOf } from './measure.js';
import { fitTopicDistance, topicDistances } from './topic-distance.js';

/** A picture to learn from. */
export interface HeadExample {
  readonly picture: Uint8Array;
  readonly label: string;
  /** Whose or of what it is; null where every picture stands for itself. */
  readonly group: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What heads are trained with. */
export interface HeadTools {
  readonly pictures: PictureReader;
  readonly runtime: InferenceRuntime;
  /** In hexadecimal digits. */
  readonly sha256: (bytes: Uint8Array) => string;
}

/** How far it is. */
export type HeadProgress =
  | { readonly phase: 'describing'; readonly done: number; readonly of: number }
  | ({ readonly phase: 'measuring' } & FoldOutcome)
  | { readonly phase: 'packing' };

export interface HeadOptions {
  /** Awaited: others get their turn, and what it throws ends the work. */
  readonly onProgress?: (progress: HeadProgress) => Promise<void> | void;
  /** When it is aborted the work ends with a failure, between two pictures or folds. */
  readonly signal?: AbortSignal;
}

export const headLimits = {
  examples: 2_000,
  labels: 100,
  /** Of each label. */
  least: { examples: 5, groups: 3 },
} as const;

const goldenCases = 4;
/** Milliseconds that one picture may take. */
const slowest = 30_000;
/** Pictures after which it is told how far it is. */
const toldEvery = 8;

/**
 * Trains a small head on a frozen embedding, from some five to a few hundred pictures of each label, and packs it: describes
 * the pictures, measures by nested cross-validation, fits to all of them, and runs the golden cases. The same
 * examples, plan and runtime give the same bytes.
 */
export async function trainHead(
  examples: readonly HeadExample[],
  backbone: Backbone,
  plan: HeadPlan,
  tools: HeadTools,
  { onProgress = () => {}, signal }: HeadOptions = {},
): Promise<HeadPackage | Failure> {
  const labels = labelsOf(examples);
  const lacking = lackOf(examples, labels);
  if (lacking !== null) return lacking;
  const told = async (progress: HeadProgress): Promise<void> => {
    await onProgress(progress);
    if (signal?.aborted) throw new Cancelled();
  };
  try {
    const described = await describePictures(examples, backbone, tools, plan.id, (done) =>
      told({ phase: 'describing', done, of: examples.length }),
    );
    if (isFailure(described)) return described;
    const seed = String(plan.seed);
    const folds: FoldOutcome[] = [];
    const crossed = await crossValidate(described, seed, async (outcome) => {
      folds.push(outcome);
      await told({ phase: 'measuring', ...outcome });
    });
    const attributes = examples.map((example) => example.attributes);
    const digests = examples.map(({ picture }) => tools.sha256(picture));
    const measured = { ...described, probs: crossed.probs, attributes, digests };
    const metrics = metricsOf(measured, labels, crossed.folds, plan.abstainBelow);
    const fitted = { head: fitHead(described, seed), topic: fitTopicDistance(described, seed) };
    await told({ phase: 'packing' });
    const model = attachHead(backbone.model, backbone.embedding, fitted);
    if (model === null) return fail('WRONG_STATE', 'No head can be put on this model. Choose another one.');
    const golden = await runGolden(examples, { model, backbone, fitted }, plan, tools);
    if (isFailure(golden)) return golden;
    const { name, version } = await tools.runtime.status();
    const runtime = { name, version: version ?? 'unknown' };
    return packHead({ plan, labels, backbone, model, fitted, metrics, folds, golden, runtime }, tools.sha256);
  } catch (error) {
    if (error instanceof Cancelled) return fail('WRONG_STATE', 'The training was cancelled.');
    throw error;
  }
}

class Cancelled extends Error {}

function labelsOf(examples: readonly HeadExample[]): string[] {
  return [...new Set(examples.map(({ label }) => label))].sort();
}

function lackOf(examples: readonly HeadExample[], labels: readonly string[]): Failure | null {
  const { least } = headLimits;
  if (labels.length < 2) return fail('WRONG_STATE', 'A model tells labels apart: there have to be at least two.');
  if (labels.length > headLimits.labels || examples.length > headLimits.examples) {
    const most = `${headLimits.examples} pictures and ${headLimits.labels} labels`;
    return fail('TOO_LARGE', `A small head takes up to ${most}. Train with the training package instead.`);
  }
  const groups = groupsOfLabels(groupedOf(examples, labels), labels.length);
  for (const [index, label] of labels.entries()) {
    const count = examples.filter((each) => each.label === label).length;
    if (count < least.examples) {
      return fail('WRONG_STATE', `“${label}” has ${count} pictures. Label at least ${least.examples} of each.`);
    }
    if (groups[index]! < least.groups) {
      const message = `The pictures of “${label}” come from ${groups[index]} groups, such as students. At least ${least.groups} are needed, so that some can be kept back to measure.`;
      return fail('WRONG_STATE', message);
    }
  }
  return null;
}

/** An example without a group is a group of its own. */
function groupedOf(
  examples: readonly HeadExample[],
  labels: readonly string[],
): { labels: number[]; groups: string[] } {
  return {
    labels: examples.map(({ label }) => labels.indexOf(label)),
    groups: examples.map(({ group }, at) => (group === null ? `example ${at}` : `group ${group}`)),
  };
}

/**
 * Embeds pictures; classes are the labels in alphabetical order. One goes through the model at a time, while the next is read: in
 * batches, whose sizes depend on the moment, the last bits of numbers differ.
 * @param owner has the model to itself, so that nobody else's pictures come into a batch
 * @param onPictures awaited now and then, with how many are done
 */
export async function describePictures(
  examples: readonly HeadExample[],
  backbone: Backbone,
  { pictures, runtime }: Pick<HeadTools, 'pictures' | 'runtime'>,
  owner: string,
  onPictures: (done: number) => Promise<void> | void = () => {},
): Promise<LabelledEmbeddings | Failure> {
  const labels = labelsOf(examples);
  const model = runnableBackbone(backbone, owner);
  const { name, shape } = backbone.embedding;
  const size = shape.reduce((product, side) => product * side, 1);
  const embeddings = matrix(examples.length, size);
  const read = (at: number): ReturnType<PictureReader['read']> | null =>
    at < examples.length ? pictures.read(examples[at]!.picture, backbone.preprocessing) : null;
  try {
    let next = read(0);
    for (let at = 0; at < examples.length; at++) {
      if (at % toldEvery === 0) await onPictures(at);
      const input = await next!;
      if (isFailure(input)) return input;
      next = read(at + 1);
      const given = await infer(runtime, model, input);
      if (isFailure(given)) return given;
      rowOf(embeddings, at).set(given.get(name)!.data);
    }
  } finally {
    await runtime.evict(model.key);
  }
  if (!embeddings.data.every(Number.isFinite))
    return fail('WRONG_STATE', 'The model gives embeddings that are no numbers.');
  return { embeddings, classes: labels.length, ...groupedOf(examples, labels) };
}

/**
 * The golden cases. Pictures of learners stay where they were handed in: examples are packed only where their licence lets them
 * go anywhere, or a program made them. Otherwise pictures are drawn, which prove as well that the model calculates the same.
 */
async function runGolden(
  examples: readonly HeadExample[],
  { model, backbone, fitted }: { model: Uint8Array; backbone: Backbone; fitted: HeadToAttach },
  plan: HeadPlan,
  { pictures, runtime }: HeadTools,
): Promise<GoldenPicture[] | Failure> {
  const outputs = [...headOutputs, backbone.embedding.name];
  const runnable = runnablePictures(backbone, `${plan.id}/golden`, model, outputs);
  try {
    const golden: GoldenPicture[] = [];
    for (const { picture, kind, label } of goldenCandidates(examples, plan)) {
      const input = await pictures.read(picture, backbone.preprocessing);
      if (isFailure(input)) return input;
      // Bytes that begin like a pickle by chance would be refused.
      if (isPickle(input.data)) continue;
      const given = await infer(runtime, runnable, input);
      if (isFailure(given)) return given;
      const apart = deviationOf(given, backbone, fitted);
      if (!(apart < 1e-2)) throw new Error(`The packed head is ${apart} off the fitted one.`);
      golden.push({ picture, kind, label, input, outputs: given });
      if (golden.length === goldenCases) break;
    }
    return golden;
  } finally {
    await runtime.evict(runnable.key);
  }
}

/** More than are needed, by label in turn. */
function goldenCandidates(
  examples: readonly HeadExample[],
  { card, name, seed }: HeadPlan,
): { picture: Uint8Array; kind: 'jpg' | 'png'; label: string | null }[] {
  const mayGo = card.consentBasis === 'open-licence' || card.consentBasis === 'generated';
  const seen = new Map<string, number>();
  const own = examples
    .flatMap(({ picture, label }) => {
      const kind = kindOf(picture);
      const turn = seen.get(label) ?? 0;
      seen.set(label, turn + 1);
      return kind === null ? [] : [{ picture, kind, label: label as string | null, turn }];
    })
    .sort((a, b) => a.turn - b.turn);
  if (mayGo && own.length >= goldenCases) return own;
  return Array.from({ length: 2 * goldenCases }, (_, at) => {
    return { picture: drawGoldenPicture(`${name}/${seed}/${at}`), kind: 'png', label: null };
  });
}

/** What a golden case may be; null for other kinds. */
function kindOf([first, second]: Uint8Array): 'jpg' | 'png' | null {
  if (first === 0xff && second === 0xd8) return 'jpg';
  return first === 0x89 && second === 0x50 ? 'png' : null;
}

/** The largest difference of a logit or distance from the one that follows from the embedding, by the largest of these. */
function deviationOf(given: Inference, backbone: Backbone, { head, topic }: HeadToAttach): number {
  const numbers = given.get(backbone.embedding.name)!.data;
  const embedding = { rows: 1, columns: numbers.length, data: Float64Array.from(numbers) };
  const apart = (output: string, expected: Float64Array): number => {
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const worst = given
      .get(output)!
      .data.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0);
    return worst / largest;
  };
  const logits = apart('logits', applyHead(head, embedding).data);
  return Math.max(logits, apart('distances', topicDistances(topic, embedding).data));
}

async function infer(runtime: InferenceRuntime, model: RunnableModel, input: Tensor): Promise<Inference | Failure> {
  const given = await runtime.infer(model, input, { timeout: slowest });
  if (!('reason' in given)) return given;
  const isPassing = given.reason === 'busy' || given.reason === 'too-slow' || given.reason === 'unreachable';
  return fail(isPassing ? 'BUSY' : 'WRONG_STATE', `The model could not be run: ${given.detail}`);
}
