import { sizeOf, type Inference, type RunnableModel, type Tensor } from '#libs/models';
import type { BatchOutput } from './messages.js';

/** Throws where an input is not what the model declares: whoever asks has to know its model. */
export function checkInput({ input: { dtype, shape } }: RunnableModel, input: Tensor): void {
  const isSame =
    input.dtype === dtype &&
    input.shape.length === shape.length &&
    input.shape.every((side, at) => side === shape[at]) &&
    input.data.length === sizeOf(shape);
  if (isSame) return;
  const given = `${input.data.length} numbers as ${input.dtype} ${input.shape.join(' × ')}`;
  throw new RangeError(`The model takes ${dtype} ${shape.join(' × ')}, and was given ${given}.`);
}

/** Memory that batches were in: to use it again is faster than to get new, which the system has to clear. */
export class SpareMemory {
  private readonly spare: ArrayBuffer[] = [];

  /** @param most pieces that are kept */
  constructor(private readonly most: number) {}

  keep(memory: ArrayBuffer): void {
    if (this.spare.length >= this.most) this.spare.shift();
    this.spare.push(memory);
  }

  /** Puts examples one after the other into memory of their own, which can be given away. */
  join(inputs: readonly Tensor[]): Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer> {
    const { dtype, data: first } = inputs[0]!;
    const at = this.spare.findIndex(({ byteLength }) => byteLength === first.byteLength * inputs.length);
    const [memory = new ArrayBuffer(first.byteLength * inputs.length)] = at < 0 ? [] : this.spare.splice(at, 1);
    const data = dtype === 'uint8' ? new Uint8Array(memory) : new Float32Array(memory);
    inputs.forEach((input, index) => data.set(input.data, index * first.length));
    return data;
  }
}

/** Takes the outputs of a batch apart, for each example; a text where they do not fit it. */
export function splitOutputs(outputs: readonly BatchOutput[], count: number): Inference[] | string {
  for (const { name, shape, data } of outputs) {
    if (shape[0] !== count || data.length !== sizeOf(shape)) {
      return `The output ${name} has the shape ${shape.join(' × ')} for ${count} examples.`;
    }
  }
  return Array.from({ length: count }, (_, at) => {
    const own = outputs.map(({ name, shape, data }) => {
      const size = data.length / count;
      const part = count === 1 ? data : data.slice(at * size, (at + 1) * size);
      return [name, { dtype: 'float32', shape: shape.slice(1), data: part }] as const;
    });
    return new Map(own);
  });
}
