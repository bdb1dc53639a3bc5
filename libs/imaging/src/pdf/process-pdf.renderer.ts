import { fileURLToPath } from 'node:url';
import { fail, type Failure } from '#libs/kernel';
import { PdfRenderer, type OpenPdf } from '#libs/grading';
import { ConfinedProcess, ProcessLost, type ProcessLimits } from '#libs/sandbox';
import type { PdfAnswer, PdfRequest, PdfTrouble } from './pdf-messages.js';

export interface PdfLimits {
  /** Of opening one, the start of the process included. */
  readonly opening: ProcessLimits;
  /** Of drawing one page. */
  readonly page: ProcessLimits;
}

/** A PDF lies in memory twice while it is drawn, and each of its pictures unpacked. */
const memory = 1.5 * 1024 ** 3;

const defaults: PdfLimits = { opening: { time: 30_000, memory }, page: { time: 15_000, memory } };

/** Beside this file: a test runs the sources, with a loader that its processes inherit. */
const inside = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? './pdf.process.ts' : './pdf.process.js', import.meta.url),
);

const troubles: Readonly<Record<PdfTrouble, Failure>> = {
  encrypted: fail('INVALID_INPUT', 'The PDF is encrypted. Save it without a password.'),
  damaged: fail('INVALID_INPUT', 'The PDF is damaged, or cut off.'),
};
const tooMuch = fail('INVALID_INPUT', 'The PDF takes more time or memory than it may. Scan the sheets anew.');
const notDrawn = fail('INVALID_INPUT', 'The page cannot be drawn within the time and memory that it may take.');
const noPage = fail('INVALID_INPUT', 'The PDF has no pages.');
const later = fail('UNAVAILABLE', 'The PDF cannot be drawn now. Try again later.');

/**
 * Draws PDFs by PDFium, compiled to WebAssembly, each in a process of its own with limits of time and memory. A page that goes
 * beyond them is refused, and the pages after it are drawn by another process.
 */
export class ProcessPdfRenderer extends PdfRenderer {
  constructor(private readonly limits: PdfLimits = defaults) {
    super();
  }

  override async open(path: string, most: number): Promise<OpenPdf | Failure> {
    const opened = await this.begin(path);
    if (!('pages' in opened)) return opened;
    const { pages } = opened;
    const refused = pages > most ? fail('TOO_LARGE', `Scans may have ${most} pages; this PDF has ${pages}.`) : null;
    if (refused !== null || pages < 1) {
      opened.process.close();
      return refused ?? noPage;
    }
    let { process } = opened;
    return {
      pages,
      draw: async (index) => {
        if (process.isLost) {
          const again = await this.begin(path);
          if (!('pages' in again)) return again;
          process = again.process;
        }
        return this.draw(process, index);
      },
      close: () => Promise.resolve(process.close()),
    };
  }

  private async begin(path: string): Promise<{ readonly process: ConfinedProcess; readonly pages: number } | Failure> {
    const { opening, page } = this.limits;
    const process = new ConfinedProcess(inside, Math.max(opening.memory, page.memory));
    const answer = await ask(process, { open: path }, opening, tooMuch);
    if ('pages' in answer && Number.isInteger(answer.pages)) return { process, pages: answer.pages };
    process.close();
    if ('trouble' in answer) return troubles[answer.trouble] ?? tooMuch;
    return 'code' in answer ? answer : tooMuch;
  }

  private async draw(process: ConfinedProcess, index: number): Promise<Uint8Array | Failure> {
    const answer = await ask(process, { draw: index }, this.limits.page, notDrawn);
    if ('picture' in answer && answer.picture instanceof Uint8Array) return answer.picture;
    return 'code' in answer ? answer : notDrawn;
  }
}

/** What the process answers. It has read what a stranger made, so its words are looked at by whoever asks. */
async function ask(
  process: ConfinedProcess,
  request: PdfRequest,
  limits: ProcessLimits,
  beyond: Failure,
): Promise<PdfAnswer | Failure> {
  try {
    const answer = await process.ask(request, limits);
    return typeof answer === 'object' && answer !== null ? (answer as PdfAnswer) : beyond;
  } catch (error) {
    if (!(error instanceof ProcessLost)) throw error;
    return ['too-slow', 'out-of-memory', 'crashed'].includes(error.fault) ? beyond : later;
  }
}
