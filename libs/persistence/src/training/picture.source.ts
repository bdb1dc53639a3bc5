import { PictureSource, type AvailablePicture } from '#libs/training';
import type { Database } from '../tenancy/database.js';
import { consenting } from './consenting.js';

/** Pictures of works and uploads, out of the tables of grading. */
export class SqlPictureSource extends PictureSource {
  constructor(private readonly database: Database) {
    super();
  }

  override async ofSubmissions(
    courseId: string,
    submissionIds: readonly string[],
    now: Date,
  ): Promise<ReadonlyMap<string, AvailablePicture>> {
    const rows = await (
      await this.database.tenant()
    ).$queryRaw<(AvailablePicture & { id: string })[]>`
      WITH ${consenting(now)}
      SELECT s.id, f.sha256, f.media_type AS "mediaType", f.width, f.height, u.pseudonym,
             EXISTS (SELECT FROM consenting c WHERE c.pseudonym = u.pseudonym) AS "isAllowed"
      FROM submissions s
      JOIN files f ON f.institution_id = s.institution_id AND f.id = s.file_id AND f.media_type LIKE 'image/%'
      JOIN users u ON u.institution_id = s.institution_id AND u.id = s.learner_id
      WHERE s.course_id = ${courseId}::uuid AND s.id = ANY(${[...submissionIds]}::uuid[])
        AND s.state <> 'withdrawn'`;
    return byId(rows);
  }

  override async ofUploads(
    ownerId: string,
    fileIds: readonly string[],
  ): Promise<ReadonlyMap<string, AvailablePicture>> {
    const rows = await (
      await this.database.tenant()
    ).file.findMany({
      where: { ownerId, id: { in: [...fileIds] }, mediaType: { startsWith: 'image/' } },
      select: { id: true, sha256: true, mediaType: true, width: true, height: true },
    });
    // A constraint of the table: what is a picture has a width and a height.
    const sized = rows.map((row) => ({ ...row, width: row.width!, height: row.height! }));
    return byId(sized.map((row) => ({ ...row, pseudonym: null, isAllowed: true })));
  }
}

function byId(rows: readonly (AvailablePicture & { readonly id: string })[]): ReadonlyMap<string, AvailablePicture> {
  return new Map(rows.map(({ id, ...picture }) => [id, picture]));
}
