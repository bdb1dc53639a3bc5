import { CourseControlsRepository, restoreControls, type PinnedLearner, type StoredControls } from '#libs/tutoring';
import type { Prisma } from '../generated/client.js';
import type { Database } from '../tenancy/database.js';

export class PrismaCourseControlsRepository extends CourseControlsRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findControls(courseId: string): Promise<StoredControls | null> {
    const [row] = await this.database.rowsHere<{ readonly version: number; readonly controls: unknown }>({
      name: 'course-controls',
      text: `SELECT controls_version AS version, controls FROM courses WHERE institution_id = $1::uuid AND id = $2::uuid`,
      values: [this.database.institutionId, courseId],
    });
    return row === undefined ? null : { version: row.version, controls: restoreControls(row.controls) };
  }

  override async lockControls(courseId: string): Promise<StoredControls | null> {
    await this.database.rowsHere({
      text: 'SELECT FROM courses WHERE institution_id = $1::uuid AND id = $2::uuid FOR NO KEY UPDATE',
      values: [this.database.institutionId, courseId],
    });
    return this.findControls(courseId);
  }

  override async saveControls(
    courseId: string,
    controls: Parameters<CourseControlsRepository['saveControls']>[1],
  ): Promise<void> {
    await (
      await this.database.tenant()
    ).course.updateMany({
      where: { id: courseId },
      data: {
        // Prisma's type of JSON takes no lists that are read only.
        controls: controls as unknown as Prisma.InputJsonValue,
        controlsVersion: { increment: 1 },
        revision: { increment: 1 },
      },
    });
  }

  override listLearners(
    courseId: string,
    by: Parameters<CourseControlsRepository['listLearners']>[1],
  ): Promise<PinnedLearner[]> {
    const [column, values] = 'ids' in by ? (['id', by.ids] as const) : (['pseudonym', by.pseudonyms] as const);
    return this.database.rowsHere<PinnedLearner & Record<string, unknown>>({
      text: `SELECT u.id, u.pseudonym, coalesce(e.role = 'learner' AND e.left_at IS NULL, false) AS learns
             FROM users u
             LEFT JOIN enrolments e ON e.institution_id = u.institution_id AND e.user_id = u.id AND e.course_id = $2::uuid
             WHERE u.institution_id = $1::uuid AND u.${column} = ANY($3::uuid[])`,
      values: [this.database.institutionId, courseId, [...values]],
    });
  }
}
