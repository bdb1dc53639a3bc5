import type { Actor } from '#libs/identity';
import { DecisionArchive, type DecisionWithOutcome, type LoggedActivity } from '#libs/tutoring';
import type { Database } from '../tenancy/database.js';
import { readDecision, type Row } from './tutoring.rows.js';

/** Stored decisions, each with the responses that tell what came of it. */
export class SqlDecisionArchive extends DecisionArchive {
  constructor(private readonly database: Database) {
    super();
  }

  override async listActivities(actor: Actor, courseId: string): Promise<Map<number, LoggedActivity>> {
    const rows = await this.database.rows<Row>(actor, {
      text: `SELECT a.number, a.id, v.skill_ids::text[] AS skill_ids FROM activities a
             JOIN activity_versions v ON v.institution_id = a.institution_id AND v.activity_id = a.id AND v.version = a.version
             WHERE a.institution_id = $1::uuid AND a.course_id = $2::uuid`,
      values: [actor.institutionId, courseId],
    });
    return new Map(
      rows.map((row) => [row['number'] as number, { id: row['id'] as string, skillIds: row['skill_ids'] as string[] }]),
    );
  }

  override async countDecisions(actor: Actor, courseId: string, since: Date | null): Promise<number> {
    const [row] = await this.database.rows<{ count: number }>(actor, {
      text: `SELECT count(*)::int AS count FROM decisions
             WHERE institution_id = $1::uuid AND course_id = $2::uuid AND ($3::timestamptz IS NULL OR decided_at >= $3::timestamptz)`,
      values: [actor.institutionId, courseId, since],
    });
    return row!.count;
  }

  /**
   * A decision says after which response it was made, and a response replaces it. So if one answers it, it is the next one; others
   * that were chosen after the same response were passed over. What handed-in work shows is no answer to any.
   */
  override async listDecisions(
    actor: Actor,
    courseId: string,
    { since, after, atMost }: { since: Date | null; after: DecisionWithOutcome | null; atMost: number },
  ): Promise<DecisionWithOutcome[]> {
    const rows = await this.database.rows<Row>(actor, {
      text: `SELECT d.*, answer.id IS NOT NULL AS is_answered, marked.correct
             FROM decisions d
             LEFT JOIN LATERAL (
               SELECT r.id, r.sequence, r.decision_id FROM responses r
               WHERE r.institution_id = d.institution_id AND r.pseudonym = d.pseudonym
                 AND r.course_id = d.course_id AND r.sequence > d.sequence AND r.submission_id IS NULL
               ORDER BY r.sequence LIMIT 1) answer ON answer.decision_id = d.id
             LEFT JOIN LATERAL (
               SELECT r.correct FROM responses r
               WHERE r.institution_id = d.institution_id AND r.pseudonym = d.pseudonym
                 AND r.course_id = d.course_id AND r.sequence >= answer.sequence AND r.correct IS NOT NULL
                 AND r.submission_id IS NULL
               ORDER BY r.sequence LIMIT 1) marked ON true
             WHERE d.institution_id = $1::uuid AND d.course_id = $2::uuid
               AND ($3::timestamptz IS NULL OR d.decided_at >= $3::timestamptz)
               AND ($4::uuid IS NULL OR (d.pseudonym, d.sequence, d.id) > ($4::uuid, $5::int, $6::uuid))
             ORDER BY d.pseudonym, d.sequence, d.id LIMIT $7::int`,
      values: [
        actor.institutionId,
        courseId,
        since,
        after?.pseudonym ?? null,
        after?.decision.sequence ?? null,
        after?.decision.id ?? null,
        atMost,
      ],
    });
    return rows.map((row) => ({
      pseudonym: row['pseudonym'] as string,
      decision: readDecision(row),
      isAnswered: row['is_answered'] as boolean,
      correct: row['correct'] as boolean | null,
    }));
  }
}
