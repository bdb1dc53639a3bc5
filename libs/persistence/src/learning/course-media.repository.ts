import { createHash } from 'node:crypto';
import { CourseMediaRepository, type CourseMedia } from '#libs/learning';
import type { Database } from '../tenancy/database.js';

/** Pictures of courses, in the database with what they belong to. */
export class PrismaCourseMediaRepository extends CourseMediaRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findMedia(courseId: string, name: string): Promise<CourseMedia | null> {
    const row = await (await this.database.tenant()).courseMedia.findFirst({ where: { courseId, name } });
    if (row === null) return null;
    const { sha256, bytes } = row;
    return { name, sha256, bytes, mediaType: row.mediaType as CourseMedia['mediaType'] };
  }

  override async listNames(courseId: string): Promise<string[]> {
    const where = { courseId };
    const rows = await (await this.database.tenant()).courseMedia.findMany({ where, select: { name: true } });
    return rows.map(({ name }) => name);
  }

  override async saveMedia(
    courseId: string,
    { name, mediaType, bytes }: Omit<CourseMedia, 'sha256'>,
  ): Promise<{ sha256: string; changed: boolean }> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const place = { institutionId, courseId, name };
    const stored = await tenant.courseMedia.findFirst({ where: { ...place, sha256 }, select: { name: true } });
    if (stored !== null) return { sha256, changed: false };
    const data = { mediaType, sha256, bytes: new Uint8Array(bytes) };
    await tenant.courseMedia.upsert({
      where: { institutionId_courseId_name: place },
      create: { ...place, ...data },
      update: { ...data, storedAt: new Date() },
      select: { name: true },
    });
    return { sha256, changed: true };
  }
}
