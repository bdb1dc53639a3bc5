import { fail, isFailure, isSameJson, type Clock, type Failure } from '#libs/kernel';
import type { Actor, AuditLog, UnitOfWork } from '#libs/identity';
import { demandTeaching, type CourseAccess } from '#libs/learning';
import type { AvailablePicture, DatasetRepository, ImageStore, Labelled, PictureSource } from '../datasets.ports.js';
import type { LabelledImage, TrainingDataset } from '../model/dataset.js';
import { wrongAnnotation, wrongForTask, type Annotation } from '../policy/annotation.js';
import type { PictureSize } from '../policy/boxes.js';

export interface DatasetDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly access: CourseAccess;
  readonly datasets: DatasetRepository;
  readonly pictures: PictureSource;
  readonly images: ImageStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** A new dataset; `id` is made by the caller. */
export type NewDataset = Omit<TrainingDataset, 'createdBy' | 'createdAt'>;

/** An image to be labelled: a work of the course, or a picture that the one who labels has uploaded. */
export interface ImageToLabel extends Annotation {
  /** Made by the caller. */
  readonly id: string;
  readonly submissionId: string | null;
  readonly fileId: string | null;
  /** Of an upload; of a work it is its learner. */
  readonly group: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What became of one image of a request. */
export interface LabelOutcome {
  readonly id: string;
  readonly outcome: Labelled | Failure;
}

/** A picture that is brought into a dataset with its bytes. */
export type ImageToAdd = Omit<StoredImageToAdd, 'sha256'> & { readonly bytes: Uint8Array };

/** A picture that is brought into a dataset; its bytes lie in the store of images. */
export type StoredImageToAdd = Omit<LabelledImage, 'datasetId' | 'submissionId' | 'labelledBy' | 'labelledAt'> &
  PictureSize & {
    /** Pseudonym of whose label it is, where somebody else acts for her. */
    readonly labelledBy?: string;
  };

/** Teachers make datasets and label images. */
export class ManageDatasets {
  constructor(private readonly deps: DatasetDependencies) {}

  /** The same id with the same content is the same dataset. */
  async create(actor: Actor, input: NewDataset): Promise<TrainingDataset | Failure> {
    const { unitOfWork, access, datasets, clock } = this.deps;
    return unitOfWork.run(actor, async () => {
      const refused = await demandTeaching(access, actor, input.courseId);
      if (refused !== null) return refused;
      const dataset = { ...input, createdBy: actor.pseudonym, createdAt: new Date(clock.now()) };
      if (!(await datasets.insertDataset(dataset))) {
        const earlier = await datasets.findDataset(input.id);
        return earlier !== null && isSame(earlier, input) ? earlier : fail('ID_REUSED');
      }
      const { consentBasis, splitBy, task } = input;
      await this.note(actor, input.id, 'dataset.created', { consentBasis, splitBy, task });
      return dataset;
    });
  }

  /** Labels images that are there already; each has an outcome of its own. */
  async label(
    actor: Actor,
    datasetId: string,
    wanted: readonly ImageToLabel[],
  ): Promise<readonly LabelOutcome[] | Failure> {
    return this.change(actor, datasetId, async (dataset) => {
      const found = await this.available(actor, dataset, wanted);
      const outcomes: LabelOutcome[] = [];
      for (const image of wanted) {
        const outcome = await this.save(actor, dataset, image, found(image));
        outcomes.push({ id: image.id, outcome });
      }
      const changed = outcomes.filter(({ outcome }) => outcome === 'added' || outcome === 'relabelled').length;
      if (changed > 0) await this.note(actor, datasetId, 'dataset.labelled', { images: changed });
      return outcomes;
    });
  }

  /** Brings one picture in, whose bytes were cleaned before. */
  async add(actor: Actor, datasetId: string, { bytes, ...image }: ImageToAdd): Promise<Labelled | Failure> {
    const wrong = wrongAnnotation(image, image);
    if (wrong !== null) return wrong;
    const sha256 = await this.deps.images.put(actor.institutionId, bytes);
    return isFailure(sha256) ? sha256 : this.addStored(actor, datasetId, { ...image, sha256 });
  }

  /** The same for a picture whose bytes were stored before. */
  async addStored(actor: Actor, datasetId: string, image: StoredImageToAdd): Promise<Labelled | Failure> {
    const { width, height, labelledBy = actor.pseudonym, ...same } = image;
    const wrong = wrongAnnotation(same, { width, height });
    if (wrong !== null) return wrong;
    const labelledAt = new Date(this.deps.clock.now());
    return this.change(
      actor,
      datasetId,
      async ({ task }) =>
        wrongForTask(task, same) ?? this.keep({ ...same, datasetId, submissionId: null, labelledBy, labelledAt }),
    );
  }

  /** Takes images out; the bytes stay where others use them. Tells how many there were. */
  async remove(actor: Actor, datasetId: string, ids: readonly string[]): Promise<number | Failure> {
    return this.change(actor, datasetId, async () => {
      const images = await this.deps.datasets.removeImages(datasetId, ids);
      if (images > 0) await this.note(actor, datasetId, 'dataset.images-removed', { images });
      return images;
    });
  }

  private async change<T>(
    actor: Actor,
    datasetId: string,
    work: (dataset: TrainingDataset) => Promise<T | Failure>,
  ): Promise<T | Failure> {
    const { unitOfWork, access, datasets } = this.deps;
    return unitOfWork.run(actor, async () => {
      const dataset = await datasets.lockDataset(datasetId);
      const refused = dataset && (await demandTeaching(access, actor, dataset.courseId));
      if (dataset === null || refused?.code === 'NOT_FOUND') {
        return fail('NOT_FOUND', 'There is no such dataset for you.');
      }
      return refused ?? work(dataset);
    });
  }

  private note(actor: Actor, objectId: string, action: string, details: Record<string, unknown>): Promise<void> {
    return this.deps.audit.record(actor, { action, objectKind: 'dataset', objectId, details });
  }

  private async available(
    actor: Actor,
    { courseId }: TrainingDataset,
    wanted: readonly ImageToLabel[],
  ): Promise<(image: ImageToLabel) => AvailablePicture | null> {
    const { pictures, clock } = this.deps;
    const submissions = wanted.flatMap(({ submissionId }) => submissionId ?? []);
    const uploads = wanted.flatMap(({ fileId }) => fileId ?? []);
    const works = await pictures.ofSubmissions(courseId, submissions, new Date(clock.now()));
    const files = await pictures.ofUploads(actor.userId, uploads);
    return ({ submissionId, fileId }) =>
      (submissionId === null ? files.get(fileId ?? '') : works.get(submissionId)) ?? null;
  }

  private async save(
    actor: Actor,
    { id: datasetId, splitBy, task }: TrainingDataset,
    { id, submissionId, fileId, label, boxes, group, attributes }: ImageToLabel,
    picture: AvailablePicture | null,
  ): Promise<Labelled | Failure> {
    if ((submissionId === null) === (fileId === null)) {
      return fail('INVALID_INPUT', 'Name either a work (submissionId) or an upload (fileId).');
    }
    const unfit = wrongForTask(task, { label, boxes });
    if (unfit !== null) return unfit;
    if (picture === null) return fail('NOT_FOUND', 'There is no such picture for you.');
    if (!picture.isAllowed) {
      return fail('FORBIDDEN', 'Its learner has not consented to training with her work (purpose: training).');
    }
    if (submissionId === null && group === null && splitBy !== 'image') {
      return fail('INVALID_INPUT', `Say the ${splitBy} in \`group\`: the dataset is split by it.`);
    }
    const wrong = wrongAnnotation({ label, boxes, group }, picture);
    if (wrong !== null) return wrong;
    const { sha256, mediaType, pseudonym } = picture;
    const labelled = { labelledBy: actor.pseudonym, labelledAt: new Date(this.deps.clock.now()) };
    const image = { id, datasetId, sha256, mediaType, label, boxes, attributes, submissionId, ...labelled };
    return this.keep({ ...image, group: pseudonym ?? group });
  }

  private async keep(image: LabelledImage): Promise<Labelled | Failure> {
    const saved = await this.deps.datasets.saveImage(image);
    if (saved === 'from-elsewhere') return fail('TAKEN', 'The dataset has this very picture already, from elsewhere.');
    return saved ?? fail('ID_REUSED');
  }
}

function isSame({ createdBy: _by, createdAt: _at, ...earlier }: TrainingDataset, input: NewDataset): boolean {
  return isSameJson(earlier, input);
}
