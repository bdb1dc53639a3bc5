import { fail, type Clock, type Failure, type Page, type PageRequest, type TimeKey } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import { demandTeaching, type CourseAccess } from '#libs/learning';
import type { DatasetRepository, ImageStore, LabelCount } from '../datasets.ports.js';
import type { LabelledImage, TrainingDataset } from '../model/dataset.js';

/** What teachers see of the datasets of their courses. */
export class ListDatasets {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly datasets: DatasetRepository,
    private readonly images: ImageStore,
    private readonly clock: Clock,
  ) {}

  async list(actor: Actor, courseId: string, page: PageRequest<TimeKey>): Promise<Page<TrainingDataset> | Failure> {
    return this.unitOfWork.read(actor, async () => {
      const refused = await demandTeaching(this.access, actor, courseId);
      return refused ?? this.datasets.listDatasets(courseId, page);
    });
  }

  async one(actor: Actor, id: string): Promise<TrainingDataset | Failure> {
    return this.unitOfWork.read(actor, async () => (await this.find(actor, id)) ?? noDataset);
  }

  /** The labels of datasets that were read before. */
  async labelsOf(
    actor: Actor,
    datasets: readonly TrainingDataset[],
  ): Promise<ReadonlyMap<TrainingDataset, readonly LabelCount[]>> {
    const ids = datasets.map(({ id }) => id);
    const found = await this.unitOfWork.read(actor, () => this.datasets.countLabels(ids, this.now()));
    return new Map(datasets.map((dataset) => [dataset, found.get(dataset.id) ?? []]));
  }

  /** Pages of the images of datasets that were read before. */
  async imagesOf(
    actor: Actor,
    datasets: readonly TrainingDataset[],
    page: PageRequest<TimeKey>,
  ): Promise<ReadonlyMap<TrainingDataset, Page<LabelledImage>>> {
    const ids = datasets.map(({ id }) => id);
    const found = await this.unitOfWork.read(actor, () => this.datasets.listImages(ids, page, this.now()));
    return new Map(datasets.map((dataset) => [dataset, found.get(dataset.id) ?? { items: [], hasMore: false }]));
  }

  async image(actor: Actor, id: string): Promise<LabelledImage | Failure> {
    return this.unitOfWork.read(actor, async () => {
      const image = await this.datasets.findImage(id, this.now());
      const dataset = image && (await this.find(actor, image.datasetId));
      return image === null || dataset === null ? fail('NOT_FOUND', 'There is no such image for you.') : image;
    });
  }

  /** The bytes of an image that was read before. */
  async bytesOf(actor: Actor, { sha256 }: LabelledImage): Promise<Uint8Array | Failure> {
    const bytes = await this.images.get(actor.institutionId, sha256);
    return bytes ?? fail('NOT_FOUND', 'The image is not on this server: its folder was emptied, or is not shared.');
  }

  /**
   * Images that runs learn from, by their digests: the paths of those that may still be seen. For the teachers of the runs, who
   * have read them before.
   */
  async ofRuns(
    actor: Actor,
    runs: readonly { readonly runId: string; readonly digests: readonly string[] }[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, LabelledImage>>> {
    const [ids, digests] = [runs.map(({ runId }) => runId), runs.flatMap((run) => run.digests)];
    if (digests.length === 0) return new Map();
    const found = await this.unitOfWork.read(actor, () => this.datasets.findOfRuns(ids, digests, this.now()));
    return new Map(Array.from(found, ([id, images]) => [id, new Map(images.map((image) => [image.sha256, image]))]));
  }

  private async find(actor: Actor, id: string): Promise<TrainingDataset | null> {
    const dataset = await this.datasets.findDataset(id);
    const refused = dataset && (await demandTeaching(this.access, actor, dataset.courseId));
    return refused === null ? dataset : null;
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}

const noDataset = fail('NOT_FOUND', 'There is no such dataset for you.');
