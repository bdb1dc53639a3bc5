import { parseBehaviourState } from '#libs/engagement';
import type { ConsentRecord, InstitutionKind, SensingMode } from '#libs/governance';
import type { Actor } from '#libs/identity';
import { SamplingSource, type SampledSession } from '#libs/tutoring';
import type { Database } from '../tenancy/database.js';
import type { Row } from './tutoring.rows.js';

/** The same as it stands in JSON. */
type StoredConsent = Omit<ConsentRecord, 'expiresAt' | 'recordedAt'> & {
  readonly expiresAt: string | null;
  readonly recordedAt: string;
};

export class SqlSamplingSource extends SamplingSource {
  constructor(private readonly database: Database) {
    super();
  }

  override async findSession(actor: Actor, sessionId: string): Promise<SampledSession | null> {
    const [row] = await this.database.rows<Row>(actor, {
      name: 'sampled-session',
      text: `SELECT s.course_id, s.closed_at, s.graded, c.revision, l.behaviour, i.jurisdiction, i.kind, i.biometric_review,
               i.sensing_ceiling AS of_institution, c.sensing_ceiling AS of_course, u.sensing_ceiling AS of_learner, r.consents
             FROM learning_sessions s
             JOIN institutions i ON i.id = s.institution_id
             JOIN courses c ON c.institution_id = s.institution_id AND c.id = s.course_id
             JOIN users u ON u.institution_id = s.institution_id AND u.id = s.learner_id
             JOIN learner_states l ON l.institution_id = s.institution_id AND l.learner_id = s.learner_id AND l.course_id = s.course_id
             CROSS JOIN LATERAL (
               SELECT coalesce(jsonb_agg(latest), '[]') AS consents
               FROM (SELECT DISTINCT ON (purpose, given_as) id, purpose, decision, given_as AS "givenAs", notice_version AS "noticeVersion",
                            expires_at AS "expiresAt", recorded_at AS "recordedAt"
                     FROM consent_records WHERE institution_id = s.institution_id AND pseudonym = l.pseudonym
                     ORDER BY purpose, given_as, recorded_at DESC, id DESC) latest) r
             WHERE s.institution_id = $1::uuid AND s.id = $2::uuid AND (s.learner_id = $3::uuid OR s.opened_by = $3::uuid)`,
      values: [actor.institutionId, sessionId, actor.userId],
    });
    if (row === undefined) return null;
    return {
      courseId: row['course_id'] as string,
      courseRevision: row['revision'] as number,
      closed: row['closed_at'] !== null,
      graded: row['graded'] as boolean,
      activityId: parseBehaviourState(JSON.parse(row['behaviour'] as string)).open?.activityId ?? null,
      institution: {
        jurisdiction: row['jurisdiction'] as string,
        kind: row['kind'] as InstitutionKind,
        biometricReview: row['biometric_review'] as string | null,
      },
      ceilings: {
        institution: row['of_institution'] as SensingMode | null,
        course: row['of_course'] as SensingMode | null,
        learner: row['of_learner'] as SensingMode | null,
      },
      consents: (row['consents'] as StoredConsent[]).map((record) => ({
        ...record,
        expiresAt: record.expiresAt === null ? null : new Date(record.expiresAt),
        recordedAt: new Date(record.recordedAt),
      })),
    };
  }
}
