import { isSameJson, type Page, type PageRequest, type TimeKey } from '#libs/kernel';
import {
  DatasetRepository,
  type LabelCount,
  type Labelled,
  type LabelledImage,
  type TrainingDataset,
} from '#libs/training';
import { Prisma, type LabelledImage as ImageRow, type TrainingDataset as DatasetRow } from '../generated/client.js';
import { olderThan, pageOf } from '../paging.js';
import type { Database } from '../tenancy/database.js';
import { consenting } from './consenting.js';

export class PrismaDatasetRepository extends DatasetRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findDataset(id: string): Promise<TrainingDataset | null> {
    const row = await (await this.database.tenant()).trainingDataset.findFirst({ where: { id } });
    return row === null ? null : toDataset(row);
  }

  override async lockDataset(id: string): Promise<TrainingDataset | null> {
    const { institutionId } = this.database;
    await (
      await this.database.tenant()
    ).$queryRaw`
      SELECT 1 AS one FROM training_datasets
      WHERE institution_id = ${institutionId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`;
    return this.findDataset(id);
  }

  override async insertDataset(dataset: TrainingDataset): Promise<boolean> {
    const { institutionId } = this.database;
    const data = [{ ...dataset, institutionId }];
    const { count } = await (await this.database.tenant()).trainingDataset.createMany({ data, skipDuplicates: true });
    return count === 1;
  }

  override async listDatasets(courseId: string, page: PageRequest<TimeKey>): Promise<Page<TrainingDataset>> {
    const rows = await (
      await this.database.tenant()
    ).trainingDataset.findMany({
      where: { courseId, ...olderThan('createdAt', page) },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: page.first + 1,
    });
    return pageOf(rows, page.first, toDataset);
  }

  override async countLabels(
    datasetIds: readonly string[],
    now: Date,
  ): Promise<ReadonlyMap<string, readonly LabelCount[]>> {
    const rows = await (
      await this.database.tenant()
    ).$queryRaw<(LabelCount & { datasetId: string })[]>`
      WITH ${consenting(now)},
        usable AS (
          SELECT dataset_id, id, label, boxes, subject FROM labelled_images
          WHERE dataset_id = ANY(${[...datasetIds]}::uuid[]) AND ${mayBeUsed}),
        shown AS (
          SELECT dataset_id, subject, label, NULL::int AS boxes FROM usable WHERE label IS NOT NULL
          UNION ALL
          SELECT dataset_id, subject, box->>'label', count(*)::int
          FROM usable CROSS JOIN jsonb_array_elements(boxes) AS box GROUP BY dataset_id, subject, id, box->>'label')
      SELECT dataset_id AS "datasetId", label, count(*)::int AS images, count(DISTINCT subject)::int AS groups,
             sum(boxes)::int AS boxes
      FROM shown GROUP BY dataset_id, label ORDER BY dataset_id, label`;
    const of = (id: string): LabelCount[] =>
      rows
        .filter(({ datasetId }) => datasetId === id)
        .map(({ label, images, groups, boxes }) => ({ label, images, groups, boxes }));
    return new Map(datasetIds.map((id) => [id, of(id)]));
  }

  override async listImages(
    datasetIds: readonly string[],
    { first, after }: PageRequest<TimeKey>,
    now: Date,
  ): Promise<ReadonlyMap<string, Page<LabelledImage>>> {
    const older = after === null ? Prisma.sql`TRUE` : Prisma.sql`(labelled_at, id) < (${after.at}, ${after.id}::uuid)`;
    const rows = await this.select(
      now,
      Prisma.sql`SELECT i.* FROM unnest(${[...datasetIds]}::uuid[]) AS wanted (id)
        CROSS JOIN LATERAL (
          SELECT * FROM labelled_images WHERE dataset_id = wanted.id AND ${mayBeUsed} AND ${older}
          ORDER BY labelled_at DESC, id DESC LIMIT ${first + 1}) i`,
    );
    const pageFor = (id: string): Page<LabelledImage> =>
      pageOf(
        rows.filter(({ datasetId }) => datasetId === id),
        first,
        (image) => image,
      );
    return new Map(datasetIds.map((id) => [id, pageFor(id)]));
  }

  override listAll(datasetId: string, now: Date): Promise<LabelledImage[]> {
    const query = Prisma.sql`SELECT * FROM labelled_images WHERE dataset_id = ${datasetId}::uuid AND ${mayBeUsed} ORDER BY sha256`;
    return this.select(now, query);
  }

  override async findImage(id: string, now: Date): Promise<LabelledImage | null> {
    const query = Prisma.sql`SELECT * FROM labelled_images WHERE id = ${id}::uuid AND ${mayBeUsed}`;
    return (await this.select(now, query))[0] ?? null;
  }

  override async findOfRuns(
    runIds: readonly string[],
    digests: readonly string[],
    now: Date,
  ): Promise<ReadonlyMap<string, readonly LabelledImage[]>> {
    const runs = await (
      await this.database.tenant()
    ).trainingRun.findMany({ where: { id: { in: [...runIds] } }, select: { id: true, datasetId: true } });
    const datasetIds = [...new Set(runs.map(({ datasetId }) => datasetId))];
    const images = await this.select(
      now,
      Prisma.sql`SELECT * FROM labelled_images
        WHERE dataset_id = ANY(${datasetIds}::uuid[]) AND sha256 = ANY(${[...new Set(digests)]}) AND ${mayBeUsed}`,
    );
    return new Map(runs.map(({ id, datasetId }) => [id, images.filter((image) => image.datasetId === datasetId)]));
  }

  override async saveImage(image: LabelledImage): Promise<Labelled | 'from-elsewhere' | null> {
    const tenant = await this.database.tenant();
    const { datasetId, sha256, label, group, submissionId, labelledBy, labelledAt } = image;
    const attributes = image.attributes as Prisma.InputJsonObject;
    const boxes = image.boxes === null ? Prisma.DbNull : (image.boxes as unknown as Prisma.InputJsonArray);
    const same = await tenant.labelledImage.findFirst({
      where: { datasetId, OR: [{ sha256 }, ...(submissionId === null ? [] : [{ submissionId }])] },
    });
    if (same === null) {
      const { institutionId } = this.database;
      const data = [{ ...image, boxes, attributes, institutionId }];
      const { count } = await tenant.labelledImage.createMany({ data, skipDuplicates: true });
      return count === 1 ? 'added' : null;
    }
    // Whose it is decides whose consent it needs, so that never changes.
    if (same.submissionId !== submissionId) return 'from-elsewhere';
    const isAsItIs = same.label === label && same.group === group && isSameJson(same.boxes, image.boxes);
    if (isAsItIs && isSameJson(same.attributes as object, attributes)) return 'unchanged';
    const data = { label, boxes, group, attributes, labelledBy, labelledAt };
    await tenant.labelledImage.updateMany({ where: { id: same.id }, data });
    return 'relabelled';
  }

  override async removeImages(datasetId: string, ids: readonly string[]): Promise<number> {
    const where = { datasetId, id: { in: [...ids] } };
    return (await (await this.database.tenant()).labelledImage.deleteMany({ where })).count;
  }

  override async removeWithdrawn(now: Date): Promise<ReadonlyMap<string, number>> {
    const rows = await (
      await this.database.tenant()
    ).$queryRaw<{ datasetId: string; images: number }[]>`
      WITH ${consenting(now)},
        gone AS (DELETE FROM labelled_images WHERE NOT ${mayBeUsed} RETURNING dataset_id)
      SELECT dataset_id AS "datasetId", count(*)::int AS images FROM gone GROUP BY dataset_id ORDER BY dataset_id`;
    return new Map(rows.map(({ datasetId, images }) => [datasetId, images]));
  }

  private async select(now: Date, query: Prisma.Sql): Promise<LabelledImage[]> {
    const rows = await (
      await this.database.tenant()
    ).$queryRaw<StoredImage[]>`
      WITH ${consenting(now)}, chosen AS (${query})
      SELECT id, dataset_id AS "datasetId", sha256, media_type AS "mediaType", label, boxes, subject AS "group", attributes,
             submission_id AS "submissionId", labelled_by AS "labelledBy", labelled_at AS "labelledAt" FROM chosen`;
    return rows.map(toImage);
  }
}

/** Of handed-in work only what its learner, who is its group, consents to. */
const mayBeUsed = Prisma.sql`(submission_id IS NULL OR coalesce(subject IN (SELECT pseudonym::text FROM consenting), FALSE))`;

type StoredImage = Omit<ImageRow, 'institutionId'>;

function toDataset(row: DatasetRow): TrainingDataset {
  const { id, courseId, name, description, consentBasis, licence, isSynthetic, splitBy, task, createdBy, createdAt } =
    row;
  return {
    id,
    courseId,
    name,
    description,
    consentBasis: consentBasis as TrainingDataset['consentBasis'],
    licence,
    isSynthetic,
    splitBy: splitBy as TrainingDataset['splitBy'],
    task: task as TrainingDataset['task'],
    createdBy,
    createdAt,
  };
}

function toImage({ attributes, boxes, ...row }: StoredImage): LabelledImage {
  return {
    ...row,
    boxes: boxes as unknown as LabelledImage['boxes'],
    attributes: attributes as Record<string, string>,
  };
}
