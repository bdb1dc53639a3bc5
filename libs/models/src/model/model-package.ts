import type { DatasetCard, Manifest, ModelTask } from './manifest.js';
import type { PackageRefusalReason } from './package-refusal.js';
import type { GoldenDeviation } from '../policy/check-golden.js';

/**
 * uploaded → verified | refused; verified → candidate → shadow → active → retired. A candidate of grading may become
 * active at once where nothing is active under its name; rolling back makes the one before active again; drift makes an
 * active one a shadow.
 */
export const modelStates = ['uploaded', 'refused', 'verified', 'candidate', 'shadow', 'active', 'retired'] as const;
export type ModelState = (typeof modelStates)[number];

/** Where people may move a model to, from where it is. Verification, rolling back and drift move it otherwise. */
export const modelMoves: Readonly<Record<ModelState, readonly ModelState[]>> = {
  uploaded: [],
  refused: [],
  verified: ['candidate', 'retired'],
  candidate: ['shadow', 'active', 'retired'],
  shadow: ['candidate', 'active', 'retired'],
  active: ['retired'],
  retired: ['candidate'],
};

/** What verification found out about a package that it accepts. */
export interface Verification {
  readonly golden: GoldenDeviation;
  readonly runtime: string;
  /** Milliseconds for one example on one thread of the machine that verified: median and 95th percentile. */
  readonly latency: { readonly median: number; readonly p95: number };
  /** Resident memory of the process that ran it, in bytes. */
  readonly memory: number;
}

/** A model package of a course. Packages of one name are versions of one model. */
export interface ModelPackage {
  readonly id: string;
  readonly courseId: string;
  /** SHA-256 of the zip. */
  readonly sha256: string;
  readonly bytes: number;
  readonly state: ModelState;
  readonly uploadedAt: Date;
  /** The training run that it came from; null where somebody uploaded it. */
  readonly runId: string | null;
  /** Null until it is verified. */
  readonly verified: VerifiedModel | null;
  readonly refusal: { readonly reason: PackageRefusalReason; readonly detail: string | null } | null;
}

export interface VerifiedModel {
  readonly name: string;
  /** From 1, among the packages of one name in the course. */
  readonly version: number;
  readonly task: ModelTask;
  readonly manifest: Manifest;
  readonly verification: Verification;
}

/** One step in the life of a model. */
export interface ModelTransition {
  readonly modelId: string;
  /** From 1. */
  readonly sequence: number;
  readonly from: ModelState | null;
  readonly to: ModelState;
  /** Pseudonym of who decided; of nobody where a program did. */
  readonly actor: string;
  readonly reason: string;
  readonly at: Date;
}

/** Why a version was retired that another one has replaced. */
export function tookItsPlace({ verified }: ModelPackage): string {
  return `Version ${verified?.version} took its place.`;
}

/** Which package of a name is active in a course, and which was before. */
export interface ModelPointer {
  readonly courseId: string;
  readonly name: string;
  readonly activeId: string | null;
  readonly previousId: string | null;
}

/** What a model judged, beside what a teacher settled: for comparing one in shadow with the active one. */
export interface ShadowComparison {
  /** Works that both judged and that a teacher has settled. */
  readonly settled: number;
  /** Of these, how many each had right. */
  readonly shadowRight: number;
  readonly activeRight: number;
  /** Of these, how many exactly one of the two had right: the shadow alone, and the active one alone. */
  readonly onlyShadowRight: number;
  readonly onlyActiveRight: number;
  /** Works on which the one in shadow failed or was too slow. */
  readonly failed: number;
}

/** What teachers settled of the works that a model judged while it was active. */
export interface LiveAgreement {
  /** The last works that it judged and a teacher settled: as many as were asked for, or all there are. */
  readonly settled: number;
  /** Of these, the works on which the teacher gave the points that follow from its judgement. */
  readonly agreed: number;
  /** Works that it judged between the first and the last of these, and whose score stands without a teacher's look. */
  readonly unlooked: number;
}

/** Whether a program made what a model learnt from: such a one judges nobody. */
export function isSynthetic({ isSynthetic: made, consentBasis }: DatasetCard): boolean {
  return made || consentBasis === 'generated';
}
