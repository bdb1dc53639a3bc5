import { isFailure } from '#libs/kernel';
import {
  DrawingDetector,
  type Bounds,
  type DetectedDrawing,
  type DetectorFigures,
  type NotDetected,
  type PhotoToRead,
} from '#libs/grading';
import type { Inference, InferenceRuntime, Manifest, PictureReader, Preprocessing, RunnableModel } from '#libs/models';
import { fitted } from '../fitted.js';
import { readMaps, thresholds, type DrawingMaps, type Thresholds } from './read-maps.js';

/** The package of a detector, opened. */
export interface OpenDetector {
  readonly manifest: Manifest;
  readonly model: RunnableModel;
}

/** Milliseconds that the model may take for a photo. */
const patience = 20_000;

/** Detects by a model package: the picture is made its input, the model run, and its maps are read. */
export class ModelDrawingDetector extends DrawingDetector {
  private opening: Promise<OpenDetector> | null = null;

  /** @param open reads the package, when it is first needed */
  constructor(
    private readonly open: () => Promise<OpenDetector>,
    private readonly pictures: PictureReader,
    private readonly runtime: InferenceRuntime,
    private readonly counting: Thresholds = thresholds,
  ) {
    super();
  }

  override async detect(photo: PhotoToRead, labels: ReadonlySet<string>): Promise<DetectedDrawing | NotDetected> {
    const { manifest, model } = await this.opened();
    const { preprocessing } = manifest.input;
    if (preprocessing === null) throw new Error(`The detector ${manifest.name} takes no pictures.`);
    const input = await this.pictures.read(photo.bytes, preprocessing);
    if (isFailure(input)) return notDetected(input.code === 'BUSY' ? 'busy' : 'unreadable', input.message);
    const given = await this.runtime.infer(model, input, { timeout: patience });
    if ('reason' in given) {
      const isSlow = given.reason === 'too-slow' || given.reason === 'busy';
      return notDetected(isSlow ? given.reason : 'broken', given.detail);
    }
    return onPhoto(readMaps(mapsOf(manifest, given), labels, this.counting), photo, preprocessing);
  }

  override async figures(): Promise<DetectorFigures> {
    const { metrics } = (await this.opened()).manifest;
    const isArrow = ({ label }: { readonly label: string }): boolean => label.startsWith('arrow:');
    return {
      shapes: f1Of(metrics.perClass.filter((row) => !isArrow(row))),
      arrows: f1Of(metrics.perClass.filter(isArrow)),
    };
  }

  private opened(): Promise<OpenDetector> {
    this.opening ??= this.open().catch((error: unknown) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }
}

/** F1 over all examples of some labels: 2·right / (true + given). */
export function f1Of(
  rows: readonly { readonly examples: number; readonly precision: number | null; readonly recall: number | null }[],
): number {
  const counts = rows.map(({ examples, precision, recall }) => {
    const right = (recall ?? 0) * examples;
    return { right, all: examples + (precision === null || precision === 0 ? 0 : right / precision) };
  });
  const all = counts.reduce((sum, each) => sum + each.all, 0);
  return all === 0 ? 0 : (2 * counts.reduce((sum, { right }) => sum + right, 0)) / all;
}

function mapsOf({ labels, name }: Manifest, given: Inference): DrawingMaps {
  const [heat, boxes, vectors] = ['heat', 'boxes', 'vectors'].map((output) => given.get(output));
  const side = heat?.shape.at(-1) ?? 0;
  const isFit = heat?.data.length === labels.length * side * side && boxes?.data.length === 16 * side * side;
  if (!isFit || vectors?.data.length !== 8 * side * side) throw new Error(`The detector ${name} gives other maps.`);
  return { side, heat: heat.data, channels: labels, boxes: boxes!.data, vectors: vectors.data };
}

/** Shares of the input as pixels of the photo that it was made of, which lies in its middle. */
function onPhoto(drawing: DetectedDrawing, photo: PhotoToRead, input: Preprocessing): DetectedDrawing {
  const inner = fitted(photo, input);
  const x = (share: number): number =>
    bounded(((share * input.width - inner.left) * photo.width) / inner.width, photo.width);
  const y = (share: number): number =>
    bounded(((share * input.height - inner.top) * photo.height) / inner.height, photo.height);
  const box = ({ left, top, right, bottom }: Bounds): Bounds => {
    return { left: x(left), top: y(top), right: x(right), bottom: y(bottom) };
  };
  const place = ([a, b]: readonly [number, number]) => [x(a), y(b)] as const;
  return {
    ...drawing,
    shapes: drawing.shapes.map((each) => ({ ...each, box: box(each.box) })),
    words: drawing.words.map((each) => ({ ...each, box: box(each.box) })),
    arrows: drawing.arrows.map((each) => {
      return { ...each, box: box(each.box), tail: place(each.tail), head: place(each.head) };
    }),
  };
}

function bounded(value: number, most: number): number {
  return Math.max(0, Math.min(most, value));
}

function notDetected(reason: NotDetected['reason'], detail: string): NotDetected {
  return { kind: 'not-detected', reason, detail };
}
