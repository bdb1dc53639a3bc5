import type { Failure } from '#libs/kernel';
import type { PictureType } from '#libs/learning';
import type { RefusedFile } from '#libs/training';

/**
 * How far the scans of a class are:
 * - waiting: they have arrived, and were not opened yet
 * - reading: their pages are made one by one, always in the same order
 * - ready: each page is there, or among the refused; teachers match, publish or hold them
 * - failed: they could not be read as a whole, or were given up
 */
export const scanStates = ['waiting', 'reading', 'ready', 'failed'] as const;
export type ScanState = (typeof scanStates)[number];

/** What scans come as. */
export const scanFormats = ['zip', 'pdf'] as const;
export type ScanFormat = (typeof scanFormats)[number];

/**
 * How pages are laid to learners, where no code on a sheet says whose it is:
 * - names: by who is named in the path of a file
 * - order: so many pages for each learner, one after the other
 */
export const scanMatchings = ['names', 'order'] as const;
export type ScanMatching = (typeof scanMatchings)[number];

/** What a page is: work, or nothing that is handed in. */
export const scanPageKinds = ['work', 'blank', 'cover'] as const;
export type ScanPageKind = (typeof scanPageKinds)[number];

/**
 * Why a page is thought to be a learner's: a code on the sheet; her external id, the local part of her e-mail address, her whole
 * name or a part of it in the path; or her place in the order.
 */
export const matchReasons = ['code', 'external-id', 'user-name', 'name', 'part-of-name', 'order'] as const;
export type MatchReason = (typeof matchReasons)[number];

/** How a page may be turned: degrees clockwise from how it came. */
export const scanTurns = [0, 90, 180, 270] as const;
export type ScanTurn = (typeof scanTurns)[number];

/** Works of scans are handed in for learners, or withdrawn. */
export const scanDecisionKinds = ['publish', 'withdraw'] as const;
export type ScanDecisionKind = (typeof scanDecisionKinds)[number];

/** The scanned sheets of a class. */
export interface ScanBatch {
  /** Made by who uploads them. */
  readonly id: string;
  readonly assignmentId: string;
  /** Of what was uploaded. */
  readonly sha256: string;
  readonly bytes: number;
  /** Null until it was opened. */
  readonly format: ScanFormat | null;
  /** Null until it was opened, where its teacher left it to the format: names for a zip, order for a PDF. */
  readonly matchBy: ScanMatching | null;
  /** By order: how many pages each learner has. */
  readonly pagesPerLearner: number;
  readonly state: ScanState;
  /** Pages or files in it; null until it was opened. */
  readonly found: number | null;
  readonly taken: number;
  readonly refused: number;
  /** The first that were refused, with their path in the zip, or `page 3`; at most {@link scanLimits.told}. */
  readonly refusals: readonly RefusedFile[];
  /** Why all of it failed; null in every other state. */
  readonly failure: Pick<Failure, 'code' | 'message'> | null;
  /** Since when a teacher holds it: nothing of it is published; null where nobody does. */
  readonly heldAt: Date | null;
  readonly holdReason: string | null;
  /** Pseudonym of the teacher. */
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}

/** What is proposed for a page. */
export interface PageMatch {
  readonly learnerId: string;
  readonly reason: MatchReason;
  /** 0–1, a weight of the rule and no probability. */
  readonly confidence: number;
}

/** One page of scans. */
export interface ScanPage {
  readonly id: string;
  readonly batchId: string;
  /** As it came, from 1. */
  readonly number: number;
  /** Of a file in a zip; it may name a learner, so it is for teachers only and in no log. */
  readonly path: string | null;
  /** Of the picture as it is shown, and as it came: they differ where it was turned. */
  readonly sha256: string;
  readonly cameSha256: string;
  readonly mediaType: PictureType;
  readonly bytes: number;
  /** Pixels, as it is shown. */
  readonly width: number;
  readonly height: number;
  /** Perceptual hashes, see `perceptual-hash.ts`. */
  readonly looks: readonly bigint[];
  readonly kind: ScanPageKind;
  readonly turn: ScanTurn;
  /** By this, then by number, pages are in order. */
  readonly position: number;
  /** Read from a code on the sheet. */
  readonly code: string | null;
  readonly proposed: PageMatch | null;
  /** Whose it is; null where nobody has said it, and nothing was sure enough. */
  readonly learnerId: string | null;
}

/** Work that was handed in for a learner from scans. */
export interface ScanWork {
  readonly submissionId: string;
  readonly batchId: string;
  readonly learnerId: string;
  /** The decision that handed it in, and the one that withdrew it; null while it stands. */
  readonly publishedBy: string;
  readonly withdrawnBy: string | null;
}

/** A decision to hand works of scans in, or to withdraw them. */
export interface ScanDecision {
  /** Made by the client. */
  readonly id: string;
  readonly batchId: string;
  readonly kind: ScanDecisionKind;
  readonly reason: string | null;
  /** Of the teacher. */
  readonly pseudonym: string;
  readonly decidedAt: Date;
}

/** Whether nothing more is read of it: what was uploaded is not needed. */
export function isRead({ state }: Pick<ScanBatch, 'state'>): boolean {
  return state === 'ready' || state === 'failed';
}

/** Pages in the order in which they belong together. */
export function inOrder<P extends Pick<ScanPage, 'position' | 'number'>>(pages: readonly P[]): readonly P[] {
  return pages.toSorted((a, b) => a.position - b.position || a.number - b.number);
}
