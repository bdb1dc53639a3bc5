import {
  emptyLearnerState,
  storeLearnerState,
  WorkLedger,
  type LearnerState,
  type SeenWork,
  type WorkingLearner,
  type WorkResponse,
} from '#libs/tutoring';
import { hashOf } from '../body-hash.js';
import type { Database } from '../tenancy/database.js';
import { readState, stateColumns, type Row } from './tutoring.rows.js';
import { nextReview } from './tutoring.writes.js';

/** What work shows stands in `responses`, of a submission in the place of a session. */
export class SqlWorkLedger extends WorkLedger {
  constructor(private readonly database: Database) {
    super();
  }

  override async lockLearner(courseId: string, learnerId: string): Promise<WorkingLearner | null> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const first = storeLearnerState(emptyLearnerState());
    await tenant.$executeRaw`
      INSERT INTO learner_states (institution_id, learner_id, course_id, pseudonym, mastery, behaviour, exposure, memory, next_review_on)
      SELECT e.institution_id, e.user_id, e.course_id, u.pseudonym, ${first.mastery}, ${first.behaviour}, ${first.exposure},
        ${first.memory}, ${first.nextReviewOn}::int
      FROM enrolments e
      JOIN users u ON u.institution_id = e.institution_id AND u.id = e.user_id
      WHERE e.institution_id = ${institutionId}::uuid AND e.course_id = ${courseId}::uuid AND e.user_id = ${learnerId}::uuid
        AND e.role = 'learner' AND e.left_at IS NULL
      ON CONFLICT DO NOTHING`;
    const [row] = await this.database.rowsHere<Row>({
      text: `SELECT ${stateColumns}, c.revision, c.mastery_snapshot, i.time_zone
             FROM learner_states l
             JOIN institutions i ON i.id = l.institution_id
             JOIN courses c ON c.institution_id = l.institution_id AND c.id = l.course_id
             JOIN enrolments e ON e.institution_id = l.institution_id AND e.course_id = l.course_id AND e.user_id = l.learner_id
             WHERE l.institution_id = $1::uuid AND l.course_id = $2::uuid AND l.learner_id = $3::uuid
               AND e.role = 'learner' AND e.left_at IS NULL
             FOR UPDATE OF l`,
      values: [institutionId, courseId, learnerId],
    });
    if (row === undefined) return null;
    return {
      learnerId,
      courseId,
      pseudonym: row['pseudonym'] as string,
      courseRevision: row['revision'] as number,
      modelSnapshot: row['mastery_snapshot'] as number,
      timeZone: row['time_zone'] as string,
      state: readState(row),
    };
  }

  override async hasLearnt(submissionId: string): Promise<boolean> {
    const rows = await this.database.rowsHere({
      text: 'SELECT FROM responses WHERE institution_id = $1::uuid AND submission_id = $2::uuid LIMIT 1',
      values: [this.database.institutionId, submissionId],
    });
    return rows.length > 0;
  }

  override async store(
    { learnerId, courseId, pseudonym }: WorkingLearner,
    { submissionId, activityId, activityVersion, handedInAt }: SeenWork,
    { state, responses }: { readonly state: LearnerState; readonly responses: readonly WorkResponse[] },
    now: Date,
  ): Promise<void> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    await tenant.response.createMany({
      data: responses.map(({ skillIds, changes, ...response }) => ({
        ...response,
        institutionId,
        pseudonym,
        courseId,
        submissionId,
        activityId,
        activityVersion,
        skillIds: [...skillIds],
        changes: changes.map((change) => ({ ...change })),
        answer: { kind: 'done' },
        gradedBy: 'attune',
        durationMs: 0,
        // No request has this body, so an id of a client that is the same is one that is taken.
        bodyHash: hashOf({ submissionId }),
        deviceAt: handedInAt,
        receivedAt: now,
      })),
    });
    const { sequence, mastery, memory, nextReviewOn } = storeLearnerState(state);
    await tenant.$executeRawUnsafe(
      `UPDATE learner_states SET sequence = $4, mastery = $5, memory = $6, next_review_on = ${nextReview('$7')}, updated_at = $8
       WHERE institution_id = $1::uuid AND course_id = $2::uuid AND learner_id = $3::uuid`,
      institutionId,
      courseId,
      learnerId,
      sequence,
      mastery,
      memory,
      nextReviewOn,
      now,
    );
  }
}
