import type { Actor } from '#libs/identity';
import { courseHelp, HelpLedger, type interventionStates, type OfferDraw, type UnsettledHelp } from '#libs/tutoring';
import type { Database } from '../tenancy/database.js';
import type { Row } from './tutoring.rows.js';

/** Offers and their rewards stand in `interventions`; what follows from them for a course in `help_bandits`. */
export class SqlHelpLedger extends HelpLedger {
  constructor(private readonly database: Database) {
    super();
  }

  override async coursesToSettle(): Promise<{ institutionId: string; courseId: string }[]> {
    const rows = await this.database.global.$queryRaw<{ institution_id: string; course_id: string }[]>`
      SELECT institution_id, course_id FROM attune_courses_to_settle()`;
    return rows.map(({ institution_id: institutionId, course_id: courseId }) => ({ institutionId, courseId }));
  }

  override settle(
    actor: Actor,
    courseId: string,
    window: number,
    decide: Parameters<HelpLedger['settle']>[3],
  ): Promise<void> {
    const place = [actor.institutionId, courseId];
    return this.database.sql(actor, async (transaction) => {
      await transaction.query({
        text: `INSERT INTO help_bandits (institution_id, course_id, number, state, updated_at)
               VALUES ($1, $2, 0, '{"version": 1, "course": {}, "skills": {}}', now()) ON CONFLICT DO NOTHING`,
        values: place,
      });
      const bandits = await transaction.query<{ number: number; state: unknown }>({
        text: 'SELECT number, state FROM help_bandits WHERE institution_id = $1 AND course_id = $2 FOR UPDATE',
        values: place,
      });
      const { number, bandit } = courseHelp(bandits.rows[0]!);
      const offers = await transaction.query<Row>({
        text: `SELECT i.id, i.draw, i.reason, i.sequence, i.state, i.offered_at, l.sequence AS latest,
                 (SELECT coalesce(jsonb_agg(jsonb_build_object('sequence', r.sequence, 'skillIds', v.skill_ids, 'correct', r.correct)), '[]')
                  FROM responses r
                  JOIN activity_versions v ON v.institution_id = r.institution_id AND v.activity_id = r.activity_id
                    AND v.version = r.activity_version
                  WHERE r.institution_id = i.institution_id AND r.pseudonym = l.pseudonym AND r.course_id = i.course_id
                    AND r.sequence > i.sequence AND r.sequence <= i.sequence + $3::int AND r.correct IS NOT NULL
                    AND r.submission_id IS NULL
                    AND (i.reason->>'forSkillId')::uuid = ANY(v.skill_ids)) AS answers
               FROM interventions i
               JOIN learner_states l ON l.institution_id = i.institution_id AND l.learner_id = i.learner_id AND l.course_id = i.course_id
               WHERE i.institution_id = $1 AND i.course_id = $2 AND i.settled_at IS NULL AND i.draw IS NOT NULL
               ORDER BY i.offered_at, i.id`,
        values: [...place, window],
      });
      const decided = decide(bandit, offers.rows.map(toUnsettled));
      if (decided === null) return;
      const { settled, at } = decided;
      await transaction.query({
        text: `UPDATE interventions i SET outcome = s.outcome, reward = s.reward, settled_at = $5
               FROM unnest($2::uuid[], $3::text[], $4::real[]) AS s(id, outcome, reward)
               WHERE i.institution_id = $1 AND i.id = s.id`,
        values: [
          actor.institutionId,
          settled.map(({ id }) => id),
          settled.map(({ outcome }) => outcome),
          settled.map(({ reward }) => reward),
          at,
        ],
      });
      await transaction.query({
        text: `UPDATE help_bandits SET number = $3, state = $4, updated_at = $5 WHERE institution_id = $1 AND course_id = $2`,
        values: [...place, number + 1, JSON.stringify(decided.bandit), at],
      });
      await transaction.query({
        text: 'UPDATE courses SET help_number = $3 WHERE institution_id = $1 AND id = $2',
        values: [...place, number + 1],
      });
    });
  }
}

function toUnsettled(row: Row): UnsettledHelp {
  const { help, place } = row['draw'] as OfferDraw;
  const state = row['state'] as (typeof interventionStates)[number];
  return {
    id: row['id'] as string,
    help,
    place,
    offeredAt: row['offered_at'] as Date,
    sequence: row['sequence'] as number,
    forSkillId: (row['reason'] as { forSkillId: string }).forSkillId,
    reaction: state === 'offered' ? null : state,
    latest: row['latest'] as number,
    answers: row['answers'] as UnsettledHelp['answers'],
  };
}
