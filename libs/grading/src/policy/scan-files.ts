import { fail, type Failure } from '#libs/kernel';
import { isLeftBehind, refusedFile, type PackedFile } from '#libs/training';
import type { ScanBatch } from '../model/scan-batch.js';
import { scanLimits } from './scan-limits.js';

/**
 * The files of a zip that are looked at as pages, in the order in which people count: `2.png` before `10.png`. The same zip gives
 * the same order. Refused as a whole: one without files, with more of them or with more bytes than {@link scanLimits} allow.
 */
export function planScanFiles<F extends PackedFile>(files: readonly F[]): readonly F[] | Failure {
  const pages = files.filter(({ path }) => !isLeftBehind(path));
  if (pages.length === 0) return fail('INVALID_INPUT', 'The zip has no files.');
  if (pages.length > scanLimits.pages) {
    return fail('TOO_LARGE', `Scans may have ${scanLimits.pages} pages; this zip has ${pages.length} files.`);
  }
  if (pages.reduce((sum, { bytes }) => sum + bytes, 0) > scanLimits.unpackedBytes) {
    return fail('TOO_LARGE', `A zip of scans may have ${scanLimits.unpackedBytes} bytes, unpacked.`);
  }
  const { compare } = new Intl.Collator('en', { numeric: true });
  return pages.toSorted((a, b) => compare(a.path, b.path) || (a.path < b.path ? -1 : 1));
}

/** How many pages of scans were looked at; the index of the next one. */
export function lookedAtPages({ taken, refused }: Pick<ScanBatch, 'taken' | 'refused'>): number {
  return taken + refused;
}

/** The counts of scans after one more page was refused, which is told while there is room. */
export function withRefusal(
  { refused, refusals }: Pick<ScanBatch, 'refused' | 'refusals'>,
  path: string,
  failure: Failure,
): Pick<ScanBatch, 'refused' | 'refusals'> {
  const isTold = refusals.length < scanLimits.told;
  return { refused: refused + 1, refusals: isTold ? [...refusals, refusedFile(path, failure)] : refusals };
}
