import { DueLearnerRepository, type CourseToReview, type DueLearner, type LookedAt } from '#libs/tutoring';
import type { Database } from '../tenancy/database.js';
import { readState, stateColumns, type Row } from './tutoring.rows.js';

/** Whose reviews are due, by the day that is kept beside each learner's state. */
export class SqlDueLearnerRepository extends DueLearnerRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async coursesToReview(until: number): Promise<CourseToReview[]> {
    const rows = await this.database.global.$queryRaw<Row[]>`
      SELECT institution_id, course_id, time_zone, next_review_on FROM attune_courses_to_review(${until}::int)`;
    return rows.map((row) => ({
      institutionId: row['institution_id'] as string,
      courseId: row['course_id'] as string,
      timeZone: row['time_zone'] as string,
      nextReviewOn: row['next_review_on'] as number,
    }));
  }

  override async lockDue(courseId: string, day: number, atMost: number): Promise<DueLearner[]> {
    const rows = await this.database.rowsHere<Row>({
      text: `SELECT ${stateColumns}, l.learner_id, e.user_id IS NOT NULL AND u.disabled_at IS NULL AS listens
             FROM learner_states l
             JOIN users u ON u.institution_id = l.institution_id AND u.id = l.learner_id
             LEFT JOIN enrolments e ON e.institution_id = l.institution_id AND e.course_id = l.course_id
               AND e.user_id = l.learner_id AND e.role = 'learner' AND e.left_at IS NULL
             WHERE l.institution_id = $1::uuid AND l.course_id = $2::uuid AND l.next_review_on <= $3::int
             ORDER BY l.next_review_on LIMIT $4::int FOR UPDATE OF l SKIP LOCKED`,
      values: [this.database.institutionId, courseId, day, atMost],
    });
    return rows.map((row) => ({
      learnerId: row['learner_id'] as string,
      state: readState(row),
      listens: row['listens'] as boolean,
    }));
  }

  override async noteLookedAt(courseId: string, day: number, looked: readonly LookedAt[]): Promise<void> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    await tenant.$executeRaw`
      UPDATE learner_states l SET next_review_on = n."nextReviewOn",
        reviews_told_on = CASE WHEN n.told THEN ${day}::int ELSE l.reviews_told_on END
      FROM jsonb_to_recordset(${JSON.stringify(looked)}::jsonb) AS n("learnerId" uuid, told boolean, "nextReviewOn" int)
      WHERE l.institution_id = ${institutionId}::uuid AND l.course_id = ${courseId}::uuid AND l.learner_id = n."learnerId"`;
  }
}
