import type { Failure } from '#libs/kernel';
import type { CleanPicture } from '#libs/learning';
import type { ProcessLimits } from '#libs/sandbox';

/** What is decoded in a process of its own, by kind: what goes in, and what comes out. */
export interface Decodings {
  /** A picture of a stranger → a clean copy of it. */
  readonly picture: { readonly input: Uint8Array; readonly output: CleanPicture };
}

export type DecodingKind = keyof Decodings;

/** What is asked of the process. */
export type DecodingRequest = {
  readonly [K in DecodingKind]: { readonly kind: K; readonly input: Decodings[K]['input'] };
}[DecodingKind];

/** What it answers. */
export type DecodingAnswer<K extends DecodingKind> = { readonly decoded: Decodings[K]['output'] } | Failure;

/** Bounds of one decoding, by kind; what needs more is refused. */
export const decodingLimits: Readonly<Record<DecodingKind, ProcessLimits>> = {
  picture: { time: 20_000, memory: 1024 ** 3 },
};

/** Whether what the process gave is what its kind gives. */
export const isDecoded: { readonly [K in DecodingKind]: (output: Decodings[K]['output']) => boolean } = {
  picture: ({ bytes, mediaType, width, height }) =>
    bytes instanceof Uint8Array &&
    ['image/png', 'image/jpeg', 'image/webp'].includes(mediaType) &&
    [width, height].every((side) => Number.isInteger(side) && side > 0),
};
