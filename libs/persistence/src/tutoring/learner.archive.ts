import type { Actor } from '#libs/identity';
import { LearnerArchive, storeLearnerState, type LearnerState, type ReplayedResponse } from '#libs/tutoring';
import type { Database } from '../tenancy/database.js';
import { readState, stateColumns, type Row } from './tutoring.rows.js';
import { nextReview } from './tutoring.writes.js';

/** The learners of a course, each of whom is locked while her state is rebuilt. */
export class SqlLearnerArchive extends LearnerArchive {
  constructor(private readonly database: Database) {
    super();
  }

  override listLearners(actor: Actor, courseId: string): Promise<{ id: string; pseudonym: string }[]> {
    return this.database.rows<{ id: string; pseudonym: string }>(actor, {
      text: `SELECT learner_id AS id, pseudonym FROM learner_states
             WHERE institution_id = $1::uuid AND course_id = $2::uuid ORDER BY learner_id`,
      values: [actor.institutionId, courseId],
    });
  }

  override async listStates(actor: Actor, courseId: string): Promise<LearnerState[]> {
    const rows = await this.database.rows<Row>(actor, {
      text: `SELECT ${stateColumns} FROM learner_states l
             JOIN enrolments e ON e.institution_id = l.institution_id AND e.course_id = l.course_id AND e.user_id = l.learner_id
             WHERE l.institution_id = $1::uuid AND l.course_id = $2::uuid AND e.left_at IS NULL AND e.role = 'learner'`,
      values: [actor.institutionId, courseId],
    });
    return rows.map(readState);
  }

  override async revise(
    actor: Actor,
    learnerId: string,
    courseId: string,
    decide: (
      state: LearnerState,
      timeZone: string,
      history: () => Promise<readonly ReplayedResponse[]>,
    ) => Promise<LearnerState | null>,
  ): Promise<void> {
    await this.database.sql(actor, async (transaction) => {
      const place = [actor.institutionId, learnerId, courseId];
      const { rows } = await transaction.query<Row>({
        text: `SELECT ${stateColumns}, i.time_zone FROM learner_states l JOIN institutions i ON i.id = l.institution_id
               WHERE l.institution_id = $1 AND l.learner_id = $2 AND l.course_id = $3 FOR UPDATE OF l`,
        values: place,
      });
      const row = rows[0];
      if (row === undefined) return;
      const history = async (): Promise<ReplayedResponse[]> => {
        const found = await transaction.query<Row>({
          text: `SELECT ${replayedColumns} FROM ${replayedTables}
                 WHERE r.institution_id = $1 AND r.pseudonym = $2 AND r.course_id = $3 ORDER BY r.sequence`,
          values: [actor.institutionId, row['pseudonym'], courseId],
        });
        return found.rows.map(readReplayed);
      };
      const state = await decide(readState(row), row['time_zone'] as string, history);
      if (state === null) return;
      const { mastery, memory, nextReviewOn } = storeLearnerState(state);
      await transaction.query({
        text: `UPDATE learner_states SET mastery = $4, memory = $5, next_review_on = ${nextReview('$6')}
               WHERE institution_id = $1 AND learner_id = $2 AND course_id = $3`,
        values: [...place, mastery, memory, nextReviewOn],
      });
    });
  }
}

/** What {@link readReplayed} reads, and of which tables. */
export const replayedColumns = `r.sequence, r.correct, r.hints_used, r.model_snapshot, r.device_at, r.received_at, a.number,
  coalesce(r.skill_ids, v.skill_ids)::text[] AS skill_ids, v.difficulty`;
export const replayedTables = `responses r
  JOIN activities a ON a.institution_id = r.institution_id AND a.id = r.activity_id
  JOIN activity_versions v ON v.institution_id = r.institution_id AND v.activity_id = r.activity_id AND v.version = r.activity_version`;

export function readReplayed(row: Row): ReplayedResponse {
  return {
    sequence: row['sequence'] as number,
    number: row['number'] as number,
    skillIds: row['skill_ids'] as string[],
    difficulty: row['difficulty'] as number,
    correct: row['correct'] as boolean | null,
    hintsUsed: row['hints_used'] as number,
    modelSnapshot: row['model_snapshot'] as number,
    deviceAt: row['device_at'] as Date,
    receivedAt: row['received_at'] as Date,
  };
}
