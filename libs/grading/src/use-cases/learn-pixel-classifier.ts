import { assertUnreachable, fail, isFailure, refuseInput, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { demandTeaching } from '#libs/learning';
import type { FileStore, StoredFile } from '../files.ports.js';
import { fillOutline, type Polygon } from '../model/geometry.js';
import type { PixelForest } from '../model/pixel-forest.js';
import { fileOf } from '../model/work-file.js';
import type { LabelledPixels, NotMeasured, PhotoMeasurer } from '../photo.ports.js';
import type { GradingDependencies } from './dependencies.js';
import { openFile } from './open-file.js';

/** What one call may learn from: of a picture so many outlines, in all so many corners. */
export const classifierLimits = { pictures: 8, outlines: 500, corners: 50_000 } as const;

/** A picture on which a teacher has outlined all that counts. */
export interface OutlinedPicture {
  /** Her own upload, or the picture of a work of the course: one of the two. */
  readonly fileId: string | null;
  readonly submissionId: string | null;
  /** Pixels of the picture; where two lie over one another, the later one counts. */
  readonly outlines: readonly Polygon[];
}

export interface LearnPixelClassifierInput {
  readonly courseId: string;
  readonly pictures: readonly OutlinedPicture[];
}

type LearnPixelClassifierDependencies = Pick<GradingDependencies, 'unitOfWork' | 'access' | 'submissions' | 'files'> & {
  readonly measurer: Pick<PhotoMeasurer, 'learnPixels'>;
  readonly store: FileStore;
};

/** The same pictures give the same classifier. */
const seed = 1;

/**
 * Learns from pictures that a teacher has outlined what to count where brightness does not tell it: the `classifier` of a
 * specification of the kind `lab-photo`. Nothing is stored.
 */
export class LearnPixelClassifier {
  constructor(private readonly deps: LearnPixelClassifierDependencies) {}

  async execute(actor: Actor, { courseId, pictures }: LearnPixelClassifierInput): Promise<PixelForest | Failure> {
    const found = await this.deps.unitOfWork.read(actor, async () => {
      const refusal = await demandTeaching(this.deps.access, actor, courseId);
      return refusal ?? this.findFiles(actor, courseId, pictures);
    });
    if (isFailure(found)) return found;
    const examples: LabelledPixels[] = [];
    for (const [index, file] of found.entries()) {
      const opened = await openFile(this.deps.store, actor, file);
      if (opened?.kind !== 'picture') return fail('NOT_FOUND', `pictures.${index}: the picture is gone.`);
      const labels = labelPixels(pictures[index]!.outlines, opened);
      if (!labels.some((label) => label > 0)) {
        return refuseInput([
          { path: `pictures.${index}.outlines`, message: 'nothing of the picture is inside of them' },
        ]);
      }
      examples.push({ picture: opened.bytes, labels });
    }
    const learnt = await this.deps.measurer.learnPixels(examples, seed);
    return 'kind' in learnt ? refusalOf(learnt) : learnt;
  }

  private async findFiles(
    actor: Actor,
    courseId: string,
    pictures: readonly OutlinedPicture[],
  ): Promise<StoredFile[] | Failure> {
    const { submissions, files } = this.deps;
    const found: StoredFile[] = [];
    for (const [index, { fileId, submissionId }] of pictures.entries()) {
      const path = `pictures.${index}`;
      const unknown = fail('NOT_FOUND', `${path}: there is no such picture for you.`);
      const upload = fileId === null ? null : await files.findFile(fileId);
      if (fileId !== null && upload?.ownerId !== actor.userId) return unknown;
      const submission = submissionId === null ? null : await submissions.findSubmission(submissionId);
      if (submissionId !== null && submission?.courseId !== courseId) return unknown;
      if ((upload === null) === (submission === null)) {
        return refuseInput([{ path, message: 'give the id of an upload of yours, or of a submission' }]);
      }
      const file = upload ?? (submission!.fileId === null ? null : await files.findFile(submission!.fileId));
      if (file === null || fileOf(file) !== 'picture') return fail('NOT_FOUND', `${path}: this has no picture.`);
      found.push(file);
    }
    return found;
  }
}

/** For each pixel, row by row: 0 outside, else the number of the outline that it is inside of, from 1. */
function labelPixels(
  outlines: readonly Polygon[],
  { width, height }: { readonly width: number; readonly height: number },
): Int32Array {
  const labels = new Int32Array(width * height);
  for (const [index, outline] of outlines.entries()) {
    fillOutline(outline, { width, height }, (row, from, to) =>
      labels.fill(index + 1, row * width + from, row * width + to),
    );
  }
  return labels;
}

function refusalOf({ reason }: NotMeasured): Failure {
  switch (reason) {
    case 'busy':
      return fail('BUSY', 'Too many photos are measured now. Try again in a moment.');
    case 'too-slow':
      return fail('TOO_LARGE', 'Learning takes too long: give fewer pictures.');
    case 'unreadable':
    case 'frame-missing':
      return fail('UNSUPPORTED_IMAGE', 'One of the pictures cannot be read.');
    case 'crashed':
      return fail('UNAVAILABLE', 'The program that measures photos ended. Try again.');
    default:
      return assertUnreachable(reason);
  }
}
