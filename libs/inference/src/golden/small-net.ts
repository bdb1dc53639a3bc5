import { seededRng } from '#libs/kernel';
import { sizeOf, type Inference, type Tensor } from '#libs/models';

/** What a small net looks like. */
export interface SmallNetShape {
  /** Pixels of both sides of its picture. */
  readonly side: number;
  /** Filters of its convolutions, one after the other; each halves the sides. */
  readonly filters: readonly number[];
  readonly classes: number;
}

/** A convolution of 3 × 3 with stride 2, and what is put around its input so that each side is halved, rounded up. */
export interface Convolution {
  /** Sides of the input and of the output. */
  readonly from: number;
  readonly to: number;
  /** Pixels before and after. */
  readonly pads: readonly [number, number];
  readonly channels: number;
  readonly filters: number;
  /** Row, column, channel, filter. */
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** The names of what goes in and comes out. */
export const smallNetNames = { input: 'image', outputs: ['logits', 'probs', 'embedding'] } as const;

/** A pixel p becomes p · scale + offset, from −1 to 1. */
export const smallNetScaling = { scale: 1 / 127.5, offset: -1 } as const;

const kernelSide = 3;
const stride = 2;

/**
 * A classifier small enough to be worked out by plain loops: convolutions with ReLU, the mean over the picture
 * (`embedding`), one dense layer (`logits`) and softmax (`probs`). Its weights are drawn from a seed. It says whether a
 * runtime calculates rightly, wherever a trained model is not at hand.
 */
export class SmallNet {
  readonly convolutions: readonly Convolution[];
  /** Features × classes. */
  readonly dense: { readonly kernel: Float32Array; readonly bias: Float32Array };

  constructor(
    readonly seed: string,
    readonly shape: SmallNetShape = { side: 12, filters: [6, 8], classes: 4 },
  ) {
    const rng = seededRng(seed);
    const draw = (count: number, width: number): Float32Array =>
      Float32Array.from({ length: count }, () => (2 * rng() - 1) * width);
    const convolutions: Convolution[] = [];
    let [from, channels] = [shape.side, 3];
    for (const filters of shape.filters) {
      const to = Math.ceil(from / stride);
      const padding = Math.max(0, (to - 1) * stride + kernelSide - from);
      const pads = [Math.floor(padding / 2), Math.ceil(padding / 2)] as const;
      const fanIn = kernelSide ** 2 * channels;
      const kernel = draw(fanIn * filters, Math.sqrt(6 / fanIn));
      convolutions.push({ from, to, pads, channels, filters, kernel, bias: draw(filters, 0.1) });
      [from, channels] = [to, filters];
    }
    this.convolutions = convolutions;
    this.dense = {
      kernel: draw(channels * shape.classes, Math.sqrt(3 / channels) * 2),
      bias: draw(shape.classes, 0.5),
    };
  }

  /** The shape of its input, without the batch. */
  get inputShape(): number[] {
    return [this.shape.side, this.shape.side, 3];
  }

  /** An input of chance. */
  drawInput(seed: string): Tensor & { dtype: 'uint8' } {
    const rng = seededRng(seed);
    const shape = this.inputShape;
    return { dtype: 'uint8', shape, data: Uint8Array.from({ length: sizeOf(shape) }, () => Math.floor(rng() * 256)) };
  }

  /** What it gives, by plain loops in double precision. */
  expected(input: Tensor): Inference {
    const { scale, offset } = smallNetScaling;
    let picture = Float64Array.from(input.data, (pixel) => pixel * scale + offset);
    for (const layer of this.convolutions) picture = convolve(picture, layer);
    const { to, filters } = this.convolutions.at(-1)!;
    const embedding = new Float64Array(filters);
    picture.forEach((value, at) => (embedding[at % filters]! += value / to ** 2));
    const { classes } = this.shape;
    const logits = Float64Array.from(this.dense.bias);
    embedding.forEach((value, feature) => {
      for (let label = 0; label < classes; label++) {
        logits[label]! += value * this.dense.kernel[feature * classes + label]!;
      }
    });
    const largest = Math.max(...logits);
    const powers = logits.map((logit) => Math.exp(logit - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    const tensor = (values: Float64Array) =>
      ({ dtype: 'float32', shape: [values.length], data: Float32Array.from(values) }) as const;
    return new Map([
      ['logits', tensor(logits)],
      ['probs', tensor(powers.map((power) => power / sum))],
      ['embedding', tensor(embedding)],
    ]);
  }
}

function convolve(
  picture: Float64Array,
  { from, to, pads, channels, filters, kernel, bias }: Convolution,
): Float64Array<ArrayBuffer> {
  const output = new Float64Array(to * to * filters);
  for (let row = 0; row < to; row++) {
    for (let column = 0; column < to; column++) {
      for (let filter = 0; filter < filters; filter++) {
        let sum = bias[filter]!;
        for (let y = 0; y < kernelSide; y++) {
          const sourceRow = row * stride + y - pads[0];
          if (sourceRow < 0 || sourceRow >= from) continue;
          for (let x = 0; x < kernelSide; x++) {
            const sourceColumn = column * stride + x - pads[0];
            if (sourceColumn < 0 || sourceColumn >= from) continue;
            for (let channel = 0; channel < channels; channel++) {
              const pixel = picture[(sourceRow * from + sourceColumn) * channels + channel]!;
              sum += pixel * kernel[((y * kernelSide + x) * channels + channel) * filters + filter]!;
            }
          }
        }
        output[(row * to + column) * filters + filter] = Math.max(0, sum);
      }
    }
  }
  return output;
}

/** The largest difference between any two numbers of the same output; NaN where outputs or shapes differ. */
export function deviation(actual: Inference, expected: Inference): number {
  let largest = 0;
  for (const [name, { data }] of expected) {
    const given = actual.get(name)?.data;
    if (given?.length !== data.length) return NaN;
    data.forEach((value, at) => (largest = Math.max(largest, Math.abs(value - given[at]!))));
  }
  return largest;
}
