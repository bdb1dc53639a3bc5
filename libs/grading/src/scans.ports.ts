import type { Failure, Page, PageRequest, TimeKey } from '#libs/kernel';
import type { CleanPicture } from '#libs/learning';
import type { PackedFile } from '#libs/training';
import type { ScanBatch, ScanDecision, ScanFormat, ScanPage, ScanTurn, ScanWork } from './model/scan-batch.js';
import type { EarlierRequest } from './ports.js';

/** A learner of a course, as she may be named on a sheet. */
export interface ClassMember {
  readonly learnerId: string;
  readonly pseudonym: string;
  readonly name: string;
  readonly externalId: string | null;
  readonly email: string | null;
}

/** Who learns in a course. All verbs run inside a unit of work. */
export abstract class ClassRoster {
  /** Those who are enrolled as learners now, by name. */
  abstract listClass(courseId: string, limit: number): Promise<readonly ClassMember[]>;
}

/** The scans of classes. All verbs run inside a unit of work. */
export abstract class ScanRepository {
  abstract findBatch(id: string): Promise<ScanBatch | null>;
  abstract findEarlierBatch(id: string, body: object): Promise<EarlierRequest<ScanBatch> | null>;
  /** Reads it under a row lock, so that those who read, match and publish it take turns. */
  abstract lockBatch(id: string): Promise<ScanBatch | null>;
  /** False when its id is taken. */
  abstract insertBatch(batch: ScanBatch, body: object): Promise<boolean>;
  abstract updateBatch(
    id: string,
    change: Partial<Omit<ScanBatch, 'id' | 'assignmentId' | 'sha256' | 'bytes' | 'createdBy' | 'createdAt'>>,
  ): Promise<void>;
  /** By assignment, newest first. */
  abstract listBatches(
    assignmentIds: readonly string[],
    page: PageRequest<TimeKey>,
  ): Promise<ReadonlyMap<string, Page<ScanBatch>>>;

  abstract insertPage(page: ScanPage): Promise<void>;
  abstract findPage(id: string): Promise<ScanPage | null>;
  /** All pages of some scans, by scans, in order. */
  abstract listPages(batchIds: readonly string[]): Promise<ReadonlyMap<string, readonly ScanPage[]>>;
  abstract updatePages(pages: readonly ScanPage[]): Promise<void>;

  abstract findEarlierDecision(id: string, body: object): Promise<EarlierRequest<ScanDecision> | null>;
  /** False when its id is taken. */
  abstract insertDecision(decision: ScanDecision, body: object): Promise<boolean>;
  /** By scans, the earliest first. */
  abstract listDecisions(batchIds: readonly string[]): Promise<ReadonlyMap<string, readonly ScanDecision[]>>;
  abstract insertWork(work: ScanWork): Promise<void>;
  abstract markWithdrawn(submissionId: string, decisionId: string): Promise<void>;
  /** All works of some scans, withdrawn ones too, by scans. */
  abstract listWorks(batchIds: readonly string[]): Promise<ReadonlyMap<string, readonly ScanWork[]>>;
}

/** Has scans read by a worker, as part of the unit of work that is open. */
export abstract class ScanQueue {
  abstract enqueueScans(batchId: string): Promise<void>;
}

/** Scans that are open. Pages are made one at a time. */
export interface OpenScans {
  readonly format: ScanFormat;
  /** Files of a zip, but for what is no page; of a PDF only how many pages it has. */
  readonly pages: readonly PackedFile[] | number;
  /**
   * The picture of a page, as it is in the zip or as it was drawn from the PDF: not cleaned yet. Refused with INVALID_INPUT where
   * it is damaged, or takes more time or memory to draw than it may.
   * @param index from 0, among the pages
   */
  picture(index: number): Promise<Uint8Array | Failure>;
  close(): Promise<void>;
}

/** Which scans: the same id with other bytes is another upload. */
export type ScanName = Pick<ScanBatch, 'id' | 'sha256'>;

/** Where scans lie until they are read; apart for each institution. */
export abstract class ScanStore {
  /** SHA-256 in small hexadecimal digits, and length, of a file on this machine. */
  abstract measure(path: string): Promise<Pick<ScanBatch, 'sha256' | 'bytes'>>;
  /** Takes a file over, durably: it is moved or copied. Refused with UNAVAILABLE when there is no room. */
  abstract keep(institutionId: string, scans: ScanName, path: string): Promise<Failure | null>;
  /**
   * Refused: NOT_FOUND where it is not there; INVALID_INPUT for what is neither zip nor PDF, is damaged or encrypted, or is a zip
   * with links, paths that lead out, or one path twice; TOO_LARGE for more pages or bytes than there may be.
   */
  abstract open(institutionId: string, scans: ScanName): Promise<OpenScans | Failure>;
  /** Those of an institution, and when each came. */
  abstract list(institutionId: string): Promise<readonly (ScanName & { readonly keptAt: Date })[]>;
  /** Harmless where it is not there. */
  abstract remove(institutionId: string, scans: ScanName): Promise<void>;
}

/** A PDF that is open, in a process of its own. */
export interface OpenPdf {
  readonly pages: number;
  /** Draws a page, as a PNG or JPEG picture. @param index from 0 */
  draw(index: number): Promise<Uint8Array | Failure>;
  close(): Promise<void>;
}

/** Draws the pages of PDFs: within limits of time, memory and pixels, whatever the PDF asks for. */
export abstract class PdfRenderer {
  /** Refused with INVALID_INPUT where it is damaged or encrypted; TOO_LARGE where it has more pages than `most`. */
  abstract open(path: string, most: number): Promise<OpenPdf | Failure>;
}

/** What a clean picture of a page shows at a glance. */
export interface PageGlance {
  /** Nothing is written on it. */
  readonly isBlank: boolean;
  /** What a code on it says; null where there is none that can be read. */
  readonly code: string | null;
}

/** Looks at pictures of pages that were cleaned before, and turns them. */
export abstract class PageReader {
  abstract glance(bytes: Uint8Array): Promise<PageGlance>;
  /** The picture of a page, turned clockwise; with a turn of 0 as it is. */
  abstract turn(bytes: Uint8Array, turn: ScanTurn): Promise<CleanPicture>;
}
