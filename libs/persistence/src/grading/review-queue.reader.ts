import { ReviewQueueReader, type Finding, type WaitingWork } from '#libs/grading';
import type { Database } from '../tenancy/database.js';

interface WaitingRow {
  readonly submission_id: string;
  readonly assignment_id: string;
  readonly received_at: Date;
  readonly waits: boolean;
  readonly asked: boolean;
  readonly score_id: string | null;
  readonly confidence: number;
  readonly flags: string[];
  readonly lost: Finding[] | null;
}

export class SqlReviewQueueReader extends ReviewQueueReader {
  constructor(private readonly database: Database) {
    super();
  }

  override async listWaiting(courseId: string, at: Date, limit: number): Promise<WaitingWork[]> {
    const { institutionId } = this.database;
    const rows = await this.database.rowsHere<WaitingRow>({
      text: listWaiting,
      values: [institutionId, courseId, at, limit],
    });
    return rows.map(toWaiting);
  }
}

/**
 * Those in a state that waits, those that are asked about, and those that were settled after the time. Work that came back
 * from its grader only after it is left to a later reading.
 */
const listWaiting = `
  WITH candidates AS (
    SELECT id FROM submissions
    WHERE institution_id = $1::uuid AND course_id = $2::uuid AND state IN ('needs-review', 'failed')
    UNION
    SELECT submission_id FROM regrade_requests
    WHERE institution_id = $1::uuid AND state = 'open' AND requested_at <= $3::timestamptz
    UNION
    SELECT submission_id FROM scores
    WHERE institution_id = $1::uuid AND source = 'review' AND scored_at > $3::timestamptz
  )
  SELECT s.id AS submission_id, s.assignment_id, s.received_at,
         s.state IN ('needs-review', 'failed') OR asked.open AS waits, asked.open AS asked,
         score.id AS score_id, score.confidence, score.flags, score.lost
  FROM candidates c
  JOIN submissions s ON s.institution_id = $1::uuid AND s.id = c.id
  CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT FROM regrade_requests r
                   WHERE r.institution_id = $1::uuid AND r.submission_id = s.id AND r.state = 'open') AS open
  ) asked
  LEFT JOIN LATERAL (
    SELECT o.id, o.confidence, o.flags,
           (SELECT jsonb_agg(jsonb_build_object('criterionId', k->'criterionId', 'error', k->'error',
                                                'awarded', k->'awarded', 'points', k->'points'))
            FROM jsonb_array_elements(o.criteria) k
            WHERE k->>'error' IS NOT NULL OR (k->>'awarded')::float8 < (k->>'points')::float8) AS lost
    FROM scores o
    WHERE o.institution_id = $1::uuid AND o.submission_id = s.id AND o.source <> 'withdrawal'
      AND o.scored_at <= $3::timestamptz
      AND NOT EXISTS (SELECT FROM scores w WHERE w.institution_id = $1::uuid AND w.withdraws_id = o.id
                                             AND w.scored_at <= $3::timestamptz)
    ORDER BY o.sequence DESC LIMIT 1
  ) score ON true
  WHERE s.course_id = $2::uuid AND s.received_at <= $3::timestamptz AND s.state <> 'withdrawn'
    AND (score.id IS NOT NULL
         OR NOT EXISTS (SELECT FROM scores later WHERE later.institution_id = $1::uuid AND later.submission_id = s.id
                                                   AND later.source = 'automatic' AND later.scored_at > $3::timestamptz))
  ORDER BY s.received_at, s.id
  LIMIT $4::int`;

function toWaiting(row: WaitingRow): WaitingWork {
  const { confidence, flags } = row;
  return {
    submissionId: row.submission_id,
    assignmentId: row.assignment_id,
    receivedAt: row.received_at,
    waits: row.waits,
    isAskedAbout: row.asked,
    score: row.score_id === null ? null : { id: row.score_id, confidence, flags, lost: row.lost ?? [] },
  };
}
