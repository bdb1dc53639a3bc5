import { z } from 'zod';
import type { Manifest } from '../model/manifest.js';
import { isPackageRefusal } from '../model/package-refusal.js';
import { sizeOf, type Tensor } from '../model/tensor.js';
import type { GoldenSet, Inference } from '../ports.js';
import { checkGolden } from './check-golden.js';

/** What a golden case puts in, and what came out where the model was made: flat numbers by the name of the output. */
export interface GoldenCase {
  readonly input: Tensor;
  readonly expected: ReadonlyMap<string, readonly number[]>;
}

const outputsSchema = z.record(z.string(), z.array(z.number()));

/**
 * Reads a golden case from its two files.
 * @param input raw numbers without the batch: little-endian, row-major
 * @param outputs JSON: flat numbers by the name of the output
 * @returns null where one of them is not what the manifest declares
 */
export function readGoldenCase(manifest: Manifest, input: Uint8Array, outputs: Uint8Array): GoldenCase | null {
  const tensor = toTensor(manifest, input);
  const expected = readOutputs(outputs);
  return tensor === null || expected === null ? null : { input: tensor, expected };
}

/**
 * The golden cases of a package, to which a copy of its model elsewhere is held. Pictures are left out: that they are
 * read the same here was found by verification.
 * @param read gives files of the package by their paths
 * @throws where a file is not there, or is not what the manifest declares: such a package was never verified
 */
export async function readGoldenSet(
  manifest: Manifest,
  read: (paths: readonly string[]) => Promise<ReadonlyMap<string, Uint8Array>>,
): Promise<GoldenSet> {
  const { cases } = manifest.golden;
  const files = await read(cases.flatMap(({ input, outputs }) => [input, outputs]));
  const known = cases.map(({ input, outputs, label }) => {
    const [numbers, text] = [files.get(input), files.get(outputs)];
    const found = numbers && text && readGoldenCase(manifest, numbers, text);
    if (!found) throw new Error(`The golden case ${input} cannot be read.`);
    return { ...found, label };
  });
  return {
    inputs: known.map(({ input }) => input),
    refusal: (given) => {
      const outcomes = known.map(({ expected, label }, at) => {
        return { expected, label, given: numbersOf(given[at]), fromPicture: null };
      });
      const golden = checkGolden(outcomes, manifest);
      return isPackageRefusal(golden) ? golden : null;
    },
  };
}

/** What a model gave, without shapes. */
export function numbersOf(inference: Inference | undefined): ReadonlyMap<string, ArrayLike<number>> {
  return new Map(Array.from(inference ?? [], ([name, { data }]) => [name, data]));
}

function toTensor({ input }: Manifest, bytes: Uint8Array): Tensor | null {
  const shape = input.shape.slice(1) as number[];
  const size = sizeOf(shape);
  if (input.dtype === 'uint8') return bytes.length === size ? { dtype: 'uint8', shape, data: bytes } : null;
  if (bytes.length !== size * 4) return null;
  // A copy, because numbers of four bytes have to begin at a multiple of four.
  return { dtype: 'float32', shape, data: new Float32Array(new Uint8Array(bytes).buffer) };
}

function readOutputs(bytes: Uint8Array): GoldenCase['expected'] | null {
  try {
    const parsed = outputsSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? new Map(Object.entries(parsed.data)) : null;
  } catch {
    return null;
  }
}
