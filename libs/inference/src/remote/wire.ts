import { z } from 'zod';
import { sizeOf, type Inference, type RunnableModel, type Tensor } from '#libs/models';

/**
 * Messages of the Open Inference Protocol, version 2, and its extension for tensors in binary:
 * https://github.com/kserve/open-inference-protocol and
 * https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_binary_data.md
 */

const shape = z.array(z.int()).max(8);
const text = z.string().max(1_000);

/** GET /v2 */
export const serverMetadataSchema = z.object({
  name: text,
  version: text,
  extensions: z.array(text).max(100).default([]),
});

/** GET /v2/models/{name} */
export const modelMetadataSchema = z.object({
  name: text,
  inputs: z.array(z.object({ name: text, datatype: text, shape })).max(100),
  outputs: z.array(z.object({ name: text, datatype: text, shape })).max(100),
});
export type ModelMetadata = z.infer<typeof modelMetadataSchema>;

const answerSchema = z.object({
  outputs: z
    .array(
      z.object({
        name: text,
        datatype: text,
        shape,
        data: z.array(z.number()).optional(),
        parameters: z.object({ binary_data_size: z.int().min(0).optional() }).optional(),
      }),
    )
    .max(100),
});

/** The extension's name in the metadata of a server. */
export const binaryExtension = 'binary_tensor_data';
/** The header with the length of the JSON before the tensors. */
export const jsonLengthHeader = 'inference-header-content-length';

const datatypes = { uint8: 'UINT8', float32: 'FP32' } as const;

/** What is posted to have a model run on one example. */
export function encodeQuestion(
  { input: { name }, outputs }: RunnableModel,
  { dtype, shape: sides, data }: Tensor,
  isBinary: boolean,
): { headers: Record<string, string>; body: Uint8Array[] } {
  const input = { name, shape: [1, ...sides], datatype: datatypes[dtype] };
  if (!isBinary) {
    const question = { inputs: [{ ...input, data: [...data] }], outputs: outputs.map((output) => ({ name: output })) };
    return { headers: { 'content-type': 'application/json' }, body: [Buffer.from(JSON.stringify(question))] };
  }
  const question = {
    inputs: [{ ...input, parameters: { binary_data_size: data.byteLength } }],
    outputs: outputs.map((output) => ({ name: output, parameters: { binary_data: true } })),
  };
  const json = Buffer.from(JSON.stringify(question));
  return {
    headers: { 'content-type': 'application/octet-stream', [jsonLengthHeader]: String(json.length) },
    body: [json, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
  };
}

/** Reads what a server gave for one example; a text where it is not what was asked for. */
export function decodeAnswer(
  outputs: readonly string[],
  body: Buffer,
  jsonLength: string | undefined,
): Inference | string {
  const end = jsonLength === undefined ? body.length : Number(jsonLength);
  if (!(Number.isInteger(end) && end >= 0 && end <= body.length)) return 'Its header tells a wrong length.';
  const parsed = answerSchema.safeParse(readJson(body.subarray(0, end)));
  if (!parsed.success) return 'It does not answer as the protocol says.';
  const read = new Map<string, Tensor & { dtype: 'float32' }>();
  let at = end;
  for (const { name, datatype, shape: sides, data, parameters } of parsed.data.outputs) {
    const [batch, ...own] = sides;
    if (datatype !== 'FP32') return `The output ${name} is ${datatype}, not FP32.`;
    const bytes = parameters?.binary_data_size;
    const numbers = bytes === undefined ? Float32Array.from(data ?? []) : readFloats(body, at, bytes);
    at += bytes ?? 0;
    if (batch !== 1 || own.some((side) => side < 0) || numbers?.length !== sizeOf(own)) {
      return `The output ${name} does not have the numbers that its shape ${sides.join(' × ')} asks for.`;
    }
    read.set(name, { dtype: 'float32', shape: own, data: numbers });
  }
  const missing = outputs.find((name) => !read.has(name));
  if (missing !== undefined) return `It gives no output ${missing}.`;
  return new Map(outputs.map((name) => [name, read.get(name)!]));
}

/** What a model on a server lacks of what its manifest declares; null where it is the same. */
export function mismatch({ inputs, outputs }: ModelMetadata, model: RunnableModel): string | null {
  const { input } = model;
  const own = inputs.find(({ name }) => name === input.name);
  if (own === undefined || inputs.length !== 1) return `The model has no input ${input.name}, or more than that.`;
  if (own.datatype !== datatypes[input.dtype]) return `The model takes ${own.datatype}, not ${datatypes[input.dtype]}.`;
  const [batch, ...sides] = own.shape;
  const isSame =
    (batch === -1 || batch === 1) &&
    sides.length === input.shape.length &&
    sides.every((side, at) => side === -1 || side === input.shape[at]);
  if (!isSame) return `The model takes ${own.shape.join(' × ')}, not ${['batch', ...input.shape].join(' × ')}.`;
  for (const name of model.outputs) {
    const output = outputs.find((each) => each.name === name);
    if (output === undefined) return `The model has no output ${name}.`;
    if (output.datatype !== 'FP32') return `The output ${name} is ${output.datatype}, not FP32.`;
  }
  return null;
}

/** Reads JSON; undefined for what is none. */
export function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Reads little-endian numbers from a place that need not be aligned. */
function readFloats(body: Buffer, at: number, bytes: number): Float32Array | undefined {
  if (at + bytes > body.length || bytes % 4 !== 0) return undefined;
  return new Float32Array(Uint8Array.from(body.subarray(at, at + bytes)).buffer);
}
