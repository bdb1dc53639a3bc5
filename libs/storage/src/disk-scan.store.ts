import { open, stat } from 'node:fs/promises';
import { fail, isFailure, type Failure } from '#libs/kernel';
import {
  planScanFiles,
  scanLimits,
  ScanStore,
  type OpenScans,
  type PdfRenderer,
  type ScanFormat,
  type ScanName,
} from '#libs/grading';
import { measureFile } from './durable-file.js';
import { KeptUploads } from './kept-uploads.js';
import { mostFilesFor, nothingOfDamaged, ZipArchive, type ZipTrouble } from './zip.archive.js';

const troubles: Record<ZipTrouble, Failure> = {
  'not-a-zip': fail('INVALID_INPUT', 'The zip is damaged or encrypted.'),
  'too-many': fail('TOO_LARGE', `A zip of scans may have ${scanLimits.pages} files.`),
  'unknown-names': fail(
    'INVALID_INPUT',
    'The names in the zip are not in UTF-8. Make it with a program that writes UTF-8, such as 7-Zip, or name the files in ASCII.',
  ),
  'unsafe-path': fail('INVALID_INPUT', 'The zip has a link, a path that leads out of it, or one path twice.'),
};

const damaged = fail('INVALID_INPUT', 'It is damaged, or longer than the zip says.');
const tooLarge = fail('TOO_LARGE', `A picture may have ${scanLimits.pictureBytes / 1024 ** 2} MB.`);

/** How many bytes of a file tell what it is: programs put up to a kilobyte before a PDF. */
const headLength = 1_024;

/** Keeps the scans of classes on this machine's disk, and opens them by what they are: `<folder>/<institution>/<scans>-<sha256>.scans`. */
export class DiskScanStore extends ScanStore {
  private readonly kept: KeptUploads;

  /** @param folder absolute path; made with the first scans */
  constructor(
    folder: string,
    private readonly renderer: PdfRenderer,
  ) {
    super();
    this.kept = new KeptUploads(folder, 'scans');
  }

  override measure(path: string): Promise<{ sha256: string; bytes: number }> {
    return measureFile(path);
  }

  override keep(institutionId: string, scans: ScanName, path: string): Promise<Failure | null> {
    return this.kept.keep(institutionId, scans, path);
  }

  override async open(institutionId: string, scans: ScanName): Promise<OpenScans | Failure> {
    const path = await this.kept.find(institutionId, scans);
    if (path === null) {
      return fail('NOT_FOUND', 'The scans are not on this server: their folder was emptied, or is not shared.');
    }
    const format = await formatOf(path);
    if (format === null) return fail('INVALID_INPUT', 'It is neither a zip nor a PDF.');
    return format === 'zip' ? openZip(path) : this.openPdf(path);
  }

  override list(institutionId: string): Promise<(ScanName & { keptAt: Date })[]> {
    return this.kept.list(institutionId);
  }

  override remove(institutionId: string, scans: ScanName): Promise<void> {
    return this.kept.remove(institutionId, scans);
  }

  private async openPdf(path: string): Promise<OpenScans | Failure> {
    if ((await stat(path)).size > scanLimits.pdfBytes) {
      return fail('TOO_LARGE', `A PDF may have ${scanLimits.pdfBytes / 1024 ** 2} MB. Send it in parts.`);
    }
    const pdf = await this.renderer.open(path, scanLimits.pages);
    if (isFailure(pdf)) return pdf;
    return {
      format: 'pdf',
      pages: pdf.pages,
      picture: (index) => pdf.draw(index),
      close: () => pdf.close(),
    };
  }
}

async function openZip(path: string): Promise<OpenScans | Failure> {
  const archive = await ZipArchive.open(path, mostFilesFor(scanLimits.pages), { fromAnySystem: true });
  if (typeof archive === 'string') return troubles[archive];
  const pages = planScanFiles(archive.files);
  if (isFailure(pages)) {
    archive.close();
    return pages;
  }
  return {
    format: 'zip',
    pages,
    picture: async (index) => {
      const { path: name, bytes } = pages[index]!;
      if (bytes > scanLimits.pictureBytes) return tooLarge;
      return (await archive.read(name).catch(nothingOfDamaged)) ?? damaged;
    },
    close: () => Promise.resolve(archive.close()),
  };
}

/** What a file is, by its first bytes. */
async function formatOf(path: string): Promise<ScanFormat | null> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headLength), 0, headLength, 0);
    const head = buffer.subarray(0, bytesRead).toString('latin1');
    if (head.startsWith('PK')) return 'zip';
    return head.includes('%PDF-') ? 'pdf' : null;
  } finally {
    await file.close();
  }
}
