import { FileRepository, type StoredFile } from '#libs/grading';
import type { Database } from '../tenancy/database.js';

export class PrismaFileRepository extends FileRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findFile(id: string): Promise<StoredFile | null> {
    const row = await (await this.database.tenant()).file.findFirst({ where: { id } });
    if (row === null) return null;
    const { ownerId, sha256, bytes, width, height } = row;
    return { id, ownerId, sha256, mediaType: row.mediaType as StoredFile['mediaType'], bytes, width, height };
  }

  override async insertFile(file: StoredFile, at: Date): Promise<boolean> {
    const { institutionId } = this.database;
    const { count } = await (
      await this.database.tenant()
    ).file.createMany({ data: [{ ...file, institutionId, createdAt: at }], skipDuplicates: true });
    return count === 1;
  }
}
