/** Kinds of number that travel between Attune and a model. */
export const tensorTypes = ['uint8', 'float32'] as const;
export type TensorType = (typeof tensorTypes)[number];

/** Numbers in row-major order. */
export type Tensor =
  | { readonly dtype: 'uint8'; readonly shape: readonly number[]; readonly data: Uint8Array }
  | { readonly dtype: 'float32'; readonly shape: readonly number[]; readonly data: Float32Array };

/** How many numbers a shape holds; a scalar has one. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
