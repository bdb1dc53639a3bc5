// libheif inside the process that decodes, and nowhere else: its memory grows and never shrinks.
import { createRequire } from 'node:module';

/** An image of a file; to be freed by hand. */
export interface HeifImage {
  /** Pixels, as a person sees it: turned and mirrored as the file says. */
  get_width(): number;
  get_height(): number;
  is_primary(): boolean;
  /** Fills red, green, blue and transparency; gives null where it cannot be decoded. */
  display(
    canvas: { readonly data: Uint8ClampedArray; readonly width: number; readonly height: number },
    done: (shown: { readonly data: Uint8ClampedArray } | null) => void,
  ): void;
  free(): void;
}

/** What is used of the library. */
export interface LibHeif {
  readonly HeifDecoder: new () => {
    readonly decoder: { delete(): void };
    /** The images of a file; none where it is no file of its kind. */
    decode(bytes: Uint8Array): HeifImage[];
  };
}

/** Loads it unchanged from its package, which its licence (LGPL-3.0) asks for. */
export function loadLibHeif(): LibHeif {
  return createRequire(import.meta.url)('libheif-js/wasm-bundle') as LibHeif;
}
