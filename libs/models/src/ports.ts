import type { Failure, Page, PageRequest, TimeKey } from '#libs/kernel';
import type { ModelJudgement } from './model/judgement.js';
import type { Manifest, ModelFormat, Preprocessing } from './model/manifest.js';
import type {
  LiveAgreement,
  ModelPackage,
  ModelPointer,
  ModelState,
  ModelTransition,
  ShadowComparison,
  Verification,
  VerifiedModel,
} from './model/model-package.js';
import type { PackageRefusal } from './model/package-refusal.js';
import type { Tensor, TensorType } from './model/tensor.js';

/** A model as a runtime needs it. Two with the same key are the same, and share what is loaded. */
export interface RunnableModel {
  /** SHA-256 of its package. */
  readonly key: string;
  readonly format: ModelFormat;
  /** Path of the file, or of the folder of a SavedModel, among its files. */
  readonly entry: string;
  /** Shapes without the batch, which comes first in the model. */
  readonly input: { readonly name: string; readonly dtype: TensorType; readonly shape: readonly number[] };
  readonly outputs: readonly string[];
  /** Reads what the package holds of the model itself, by path; called each time it is loaded, once for each thread. */
  readonly files: () => Promise<ReadonlyMap<string, Uint8Array>>;
  /** Reads the golden cases of its package; left out of what is no package. Throws where they are not there. */
  readonly golden?: () => Promise<GoldenSet>;
}

/** Golden cases, to which a model that somebody else has put somewhere is held before it is believed. */
export interface GoldenSet {
  readonly inputs: readonly Tensor[];
  /** What is wrong with the outputs, by input; null where all are what they should be, within the package's tolerance. */
  readonly refusal: (given: readonly Inference[]) => PackageRefusal | null;
}

/** What a model gives for one example, by the name of the output, without the batch. */
export type Inference = ReadonlyMap<string, Tensor & { readonly dtype: 'float32' }>;

/**
 * Why a runtime gave nothing:
 * - busy: its queue is full; nothing was computed
 * - cancelled: whoever asked no longer wants it, or the runtime was closed
 * - too-slow: it did not answer in time
 * - unsupported: this runtime does not run this format here
 * - broken: the model cannot be loaded, or failed on this input
 * - unreachable: a remote server does not answer, or is not ready
 */
export const inferenceRefusals = ['busy', 'cancelled', 'too-slow', 'unsupported', 'broken', 'unreachable'] as const;
export type InferenceRefusal = (typeof inferenceRefusals)[number];

export interface NotInferred {
  readonly kind: 'not-inferred';
  readonly reason: InferenceRefusal;
  /** For operators: what the runtime said. No part of the input. */
  readonly detail: string;
}

export interface InferenceOptions {
  /** Milliseconds from now; after them the answer is `too-slow`. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/** Whether a runtime is there, and what to do if it is not. */
export interface RuntimeStatus {
  readonly name: string;
  readonly version: string | null;
  readonly isThere: boolean;
  readonly formats: readonly ModelFormat[];
  /** What it runs on, or what to do to get it: one sentence. */
  readonly note: string;
}

/** Runs models. What it loads is shared, bounded, and let go when others need the room. */
export abstract class InferenceRuntime {
  /** Looks without loading a model. */
  abstract status(): Promise<RuntimeStatus>;
  /**
   * Runs a model on one example (shape without the batch); many at once are put together in batches.
   * @throws {RangeError} where the input is not of the type and shape that the model declares
   */
  abstract infer(model: RunnableModel, input: Tensor, options?: InferenceOptions): Promise<Inference | NotInferred>;
  /** Lets a model go, if it is loaded. */
  abstract evict(key: string): Promise<void>;
  /** Ends what it has started; what is asked for after that is refused. */
  abstract close(): Promise<void>;
}

/** Turns a picture into the input of a model: decoded, upright, resized. One place for all models. */
export abstract class PictureReader {
  abstract read(picture: Uint8Array, preprocessing: Preprocessing): Promise<(Tensor & { dtype: 'uint8' }) | Failure>;
}

/** A model, and the active one that it is compared with. */
export interface ModelPair {
  readonly modelId: string;
  readonly activeId: string;
}

/** Model packages, what became of them, and which one is active. All verbs run inside a unit of work. */
export abstract class ModelRepository {
  abstract findModel(id: string): Promise<ModelPackage | null>;
  /** Reads it under a row lock, so that those who move it take turns. */
  abstract lockModel(id: string): Promise<ModelPackage | null>;
  /** The package of a course with these bytes that was not refused. */
  abstract findBySha256(courseId: string, sha256: string): Promise<ModelPackage | null>;
  /** Newest first; of one name where one is given. */
  abstract listModels(courseId: string, name: string | null, page: PageRequest<TimeKey>): Promise<Page<ModelPackage>>;
  /** False when its id is taken, or the course has these bytes already. */
  abstract insertModel(model: ModelPackage): Promise<boolean>;
  abstract setState(id: string, state: ModelState): Promise<void>;
  abstract setVerified(id: string, verified: VerifiedModel): Promise<void>;
  abstract setRefused(id: string, refusal: PackageRefusal): Promise<void>;
  /** Whether any package that was not refused has these bytes. */
  abstract isKept(sha256: string): Promise<boolean>;
  /** Makes the pointer of a name where there is none yet, and locks it: versions and changes of one name take turns. */
  abstract lockPointer(courseId: string, name: string): Promise<ModelPointer>;
  abstract findPointers(courseIds: readonly string[]): Promise<ModelPointer[]>;
  abstract savePointer(pointer: ModelPointer): Promise<void>;
  /** The next number of a name whose pointer is locked. */
  abstract nextVersion(courseId: string, name: string): Promise<number>;
  abstract insertTransition(transition: Omit<ModelTransition, 'sequence'>): Promise<void>;
  /** In order, by model. */
  abstract listTransitions(modelIds: readonly string[]): Promise<ModelTransition[]>;
  /** Those of one name that judge now: the active one, and those in shadow. */
  abstract listJudging(courseId: string, name: string): Promise<ModelPackage[]>;
  /** What a model said of the same criterion before stays. */
  abstract insertJudgements(judgements: readonly ModelJudgement[]): Promise<void>;
  /** By submission and criterion. */
  abstract listJudgements(submissionIds: readonly string[]): Promise<ModelJudgement[]>;
  /** What pairs of models judged of the same works, beside what teachers settled; by the first of each. */
  abstract compareJudgements(pairs: readonly ModelPair[]): Promise<ReadonlyMap<string, ShadowComparison>>;
  /**
   * What teachers settled of what a model has judged since a time.
   * @param window how many of the last settled works are looked at
   */
  abstract agreementSince(modelId: string, since: Date, window: number): Promise<LiveAgreement>;
}

/** Where the zips of packages lie, by institution and SHA-256. */
export abstract class PackageStore {
  /** Takes a file over: it is moved or copied, and durable when this returns. */
  abstract keep(
    institutionId: string,
    path: string,
  ): Promise<{ readonly sha256: string; readonly bytes: number } | Failure>;
  /** A path on this machine where the zip can be read; null where it is not there. */
  abstract locate(institutionId: string, sha256: string): Promise<string | null>;
  /**
   * Reads files of a package.
   * @throws where the zip or one of the files is not there, or is damaged
   */
  abstract read(
    institutionId: string,
    sha256: string,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, Uint8Array>>;
  abstract remove(institutionId: string, sha256: string): Promise<void>;
}

/** A package that was opened, looked into and run. */
export interface VerifiedPackage {
  readonly kind: 'verified';
  readonly manifest: Manifest;
  readonly verification: Verification;
}

/** Pictures that a package is asked about. */
export interface PicturesToJudge {
  /** Path of a zip on this machine. */
  readonly archive: string;
  /** In the zip. */
  readonly paths: readonly string[];
  /** That the package has to tell apart, in any order. */
  readonly labels: readonly string[];
}

/** What a package says of pictures. */
export interface JudgedPictures {
  readonly kind: 'judged';
  /** The most probable label of each picture, in their order. */
  readonly labels: readonly string[];
}

/** Opens a package in a process of its own, with limits of time and memory, and runs its golden cases. */
export abstract class PackageVerifier {
  /**
   * @param path of the zip on this machine
   * @throws where the process is ended from outside, or cannot be started: that says nothing of the package
   */
  abstract verify(path: string): Promise<VerifiedPackage | PackageRefusal>;
  /** Verifies a package, and asks it about pictures; throws as `verify` does. */
  abstract judge(path: string, pictures: PicturesToJudge): Promise<JudgedPictures | PackageRefusal>;
}

/** Has a worker look at models. Inside the unit of work of what calls for it: the job is there when that commits. */
export abstract class ModelQueue {
  /** Has a package verified. */
  abstract enqueueVerification(modelId: string): Promise<void>;
  /** Has it looked at whether teachers still agree with a model, after they settled something that it judged. */
  abstract enqueueWatch(modelId: string): Promise<void>;
}
