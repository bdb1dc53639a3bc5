import { FileRepository, fileTypes, type EarlierRequest, type StoredFile } from '#libs/grading';
import type { File as FileRow } from '../generated/client.js';
import type { Database } from '../tenancy/database.js';
import { digestOf, isDigestOf } from '../body-hash.js';

export class PrismaFileRepository extends FileRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findFile(id: string): Promise<StoredFile | null> {
    const row = await (await this.database.tenant()).file.findFirst({ where: { id } });
    return row === null ? null : toFile(row);
  }

  override async findFiles(ids: readonly string[]): Promise<StoredFile[]> {
    const rows = await (await this.database.tenant()).file.findMany({ where: { id: { in: [...ids] } } });
    return rows.map(toFile);
  }

  override async findEarlier(id: string, sent: Uint8Array): Promise<EarlierRequest<StoredFile> | null> {
    const row = await (await this.database.tenant()).file.findFirst({ where: { id } });
    return row === null ? null : { sameBody: isDigestOf(row.sentHash, sent), record: toFile(row) };
  }

  override async countLooseBytes(ownerId: string): Promise<number> {
    const loose = await (
      await this.database.tenant()
    ).file.aggregate({ where: { ownerId, ...isLoose }, _sum: { bytes: true } });
    return loose._sum.bytes ?? 0;
  }

  override async removeLoose(before: Date): Promise<readonly string[]> {
    const tenant = await this.database.tenant();
    const found = await tenant.file.findMany({
      where: { createdAt: { lt: before }, ...isLoose },
      select: { id: true, sha256: true },
    });
    await tenant.file.deleteMany({ where: { id: { in: found.map(({ id }) => id) } } });
    const digests = [...new Set(found.map(({ sha256 }) => sha256))];
    const left = await tenant.file.findMany({ where: { sha256: { in: digests } }, select: { sha256: true } });
    const kept = new Set(left.map(({ sha256 }) => sha256));
    return digests.filter((sha256) => !kept.has(sha256));
  }

  override async insertFile(
    file: StoredFile,
    sent: Uint8Array | null,
    looks: readonly bigint[],
    at: Date,
  ): Promise<boolean> {
    const { institutionId } = this.database;
    const { count } = await (
      await this.database.tenant()
    ).file.createMany({
      data: [{ ...file, institutionId, sentHash: sent && digestOf(sent), looks: [...looks], createdAt: at }],
      skipDuplicates: true,
    });
    return count === 1;
  }
}

/** Not a picture, and handed in nowhere. */
const isLoose = {
  mediaType: { in: Object.values(fileTypes) as string[] },
  submissions: { none: {} },
};

function toFile(row: FileRow): StoredFile {
  const { id, ownerId, sha256, bytes, width, height } = row;
  return { id, ownerId, sha256, mediaType: row.mediaType as StoredFile['mediaType'], bytes, width, height };
}
