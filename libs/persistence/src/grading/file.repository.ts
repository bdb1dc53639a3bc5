import { FileRepository, type EarlierRequest, type StoredFile } from '#libs/grading';
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

  override async findEarlier(id: string, sent: Uint8Array): Promise<EarlierRequest<StoredFile> | null> {
    const row = await (await this.database.tenant()).file.findFirst({ where: { id } });
    return row === null ? null : { sameBody: isDigestOf(row.sentHash, sent), record: toFile(row) };
  }

  override async insertFile(file: StoredFile, sent: Uint8Array, at: Date): Promise<boolean> {
    const { institutionId } = this.database;
    const { count } = await (
      await this.database.tenant()
    ).file.createMany({
      data: [{ ...file, institutionId, sentHash: digestOf(sent), createdAt: at }],
      skipDuplicates: true,
    });
    return count === 1;
  }
}

function toFile(row: FileRow): StoredFile {
  const { id, ownerId, sha256, bytes, width, height } = row;
  return { id, ownerId, sha256, mediaType: row.mediaType as StoredFile['mediaType'], bytes, width, height };
}
