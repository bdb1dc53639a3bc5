import { Prisma } from '../generated/client.js';

/**
 * The common table `consenting (pseudonym)`: who consents to training with her work at a moment. As governance says it: at
 * least one of learner and guardian grants it, and neither has withdrawn it.
 */
export function consenting(now: Date): Prisma.Sql {
  return Prisma.sql`consenting AS (
    SELECT pseudonym FROM (
      SELECT DISTINCT ON (pseudonym, given_as) pseudonym, decision, expires_at FROM consent_records
      WHERE purpose = 'training' ORDER BY pseudonym, given_as, recorded_at DESC, id DESC) latest
    GROUP BY pseudonym
    HAVING bool_and(decision = 'granted') AND bool_or(expires_at IS NULL OR expires_at > ${now}))`;
}
