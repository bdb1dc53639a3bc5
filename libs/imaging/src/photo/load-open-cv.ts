// OpenCV inside a thread of its own. Never load it elsewhere: it hangs itself on the unhandled errors of its process, its calls
// hold the thread that makes them, and its memory grows and never shrinks.
import { createRequire } from 'node:module';
import type { Keep, OpenCv } from './open-cv.js';

const page = 65_536;

/** In pages. */
interface MemoryLimits {
  readonly initial: number;
  readonly maximum?: number;
}

/** What is used of it; the types of Node do not know it. */
interface WebAssemblyApi {
  Memory: new (limits: MemoryLimits) => object;
}

/**
 * Loads OpenCV, whose memory may grow to so many bytes; what needs more throws. The build has 1 GiB written into it and takes no
 * setting, so the memory that it asks for is made smaller here.
 * @param mostBytes at least 128 MiB, with which it starts
 */
export async function loadOpenCv(mostBytes: number): Promise<OpenCv> {
  const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };
  const { Memory } = wasm;
  wasm.Memory = class extends Memory {
    constructor({ initial, maximum = Infinity }: MemoryLimits) {
      super({ initial, maximum: Math.max(initial, Math.min(maximum, Math.floor(mostBytes / page))) });
    }
  };
  try {
    const cv: OpenCv & { onRuntimeInitialized?: () => void; then?: unknown } = createRequire(import.meta.url)(
      '@techstark/opencv-js',
    );
    await new Promise((resolve) => {
      if (cv.Mat === undefined) cv.onRuntimeInitialized = () => resolve(null);
      else resolve(null);
    });
    // It calls itself a promise that resolves to itself: whoever awaits it waits for ever.
    delete cv.then;
    return cv;
  } finally {
    wasm.Memory = Memory;
  }
}

/**
 * Does work with matrices, all of which are freed at its end: the collector of JavaScript knows nothing of their memory.
 * @param work `keep` takes what is to be freed and gives it back
 */
export function withMats<T>(work: (keep: Keep) => T): T {
  const mats: { delete(): void }[] = [];
  try {
    return work((mat) => {
      mats.push(mat);
      return mat;
    });
  } finally {
    for (const mat of mats.reverse()) mat.delete();
  }
}

/** What an error of OpenCV says: it throws C++ exceptions as numbers. */
export function messageOf(cv: OpenCv, error: unknown): string {
  if (typeof error === 'number') return cv.exceptionFromPtr(error).msg;
  return error instanceof Error ? error.message : String(error);
}
