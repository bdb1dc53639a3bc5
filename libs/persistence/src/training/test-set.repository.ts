import type { Page, PageRequest, TimeKey } from '#libs/kernel';
import { TestSetRepository, type TestSet } from '#libs/training';
import type { TestSet as TestSetRow } from '../generated/client.js';
import { olderThan, pageOf } from '../paging.js';
import type { Database } from '../tenancy/database.js';

export class PrismaTestSetRepository extends TestSetRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findTestSet(id: string): Promise<TestSet | null> {
    const row = await (await this.database.tenant()).testSet.findFirst({ where: { id } });
    return row === null ? null : toTestSet(row);
  }

  override async findOfDataset(datasetId: string): Promise<TestSet | null> {
    const row = await (await this.database.tenant()).testSet.findFirst({ where: { datasetId } });
    return row === null ? null : toTestSet(row);
  }

  override async insertTestSet({ labels, examples, handOut, ...same }: TestSet): Promise<boolean> {
    const { institutionId } = this.database;
    const handed = { handOutSha256: handOut.sha256, handOutBytes: handOut.bytes };
    const data = [{ ...same, ...handed, labels: [...labels], examples, institutionId }];
    const { count } = await (await this.database.tenant()).testSet.createMany({ data, skipDuplicates: true });
    return count === 1;
  }

  override async listTestSets(courseId: string, page: PageRequest<TimeKey>): Promise<Page<TestSet>> {
    const rows = await (
      await this.database.tenant()
    ).testSet.findMany({
      where: { courseId, ...olderThan('createdAt', page) },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: page.first + 1,
    });
    return pageOf(rows, page.first, toTestSet);
  }
}

function toTestSet(row: TestSetRow): TestSet {
  const { id, courseId, datasetId, name, seed, labels, sha256, createdBy, createdAt } = row;
  const handOut = { sha256: row.handOutSha256, bytes: Number(row.handOutBytes) };
  const examples = row.examples as unknown as TestSet['examples'];
  return { id, courseId, datasetId, name, seed, labels, examples, sha256, handOut, createdBy, createdAt };
}
