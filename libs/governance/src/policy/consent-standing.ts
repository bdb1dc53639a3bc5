import {
  consentGivers,
  consentPurposes,
  type ConsentGiver,
  type ConsentPurpose,
  type ConsentRecord,
  type ConsentStanding,
} from '../model/consent.js';

/**
 * How things stand with each purpose. Learner and guardian have a say each, and the last record of either holds: a
 * purpose is granted when at least one of them grants it and neither has withdrawn it. A grant ends when it expires,
 * a withdrawal does not.
 * @param latest the last record of each giver for each purpose; older ones do no harm
 */
export function consentStanding(latest: readonly ConsentRecord[], now: number): ConsentStanding[] {
  return consentPurposes.map((purpose) => {
    const says = consentGivers.flatMap((giver) => lastOf(latest, purpose, giver) ?? []);
    const grants = says.filter((record) => isInForce(record, now));
    const granted = grants.length > 0 && says.every(({ decision }) => decision === 'granted');
    const end = granted ? Math.max(...grants.map(({ expiresAt }) => endOf(expiresAt))) : Infinity;
    return { purpose, granted, until: end === Infinity ? null : new Date(end) };
  });
}

/** The last thing that somebody said of a purpose; null where she said nothing. */
export function lastOf(
  records: readonly ConsentRecord[],
  purpose: ConsentPurpose,
  giver: ConsentGiver,
): ConsentRecord | null {
  const own = records.filter((record) => record.purpose === purpose && record.givenAs === giver);
  return own.length === 0 ? null : own.reduce((last, record) => (isLater(record, last) ? record : last));
}

/** Whether a record grants something, and has not expired. */
export function isInForce({ decision, expiresAt }: ConsentRecord, now: number): boolean {
  return decision === 'granted' && endOf(expiresAt) > now;
}

/** Records of one moment are in the order of their ids, so that there is one answer. */
function isLater(a: ConsentRecord, b: ConsentRecord): boolean {
  const distance = a.recordedAt.getTime() - b.recordedAt.getTime();
  return distance > 0 || (distance === 0 && a.id > b.id);
}

function endOf(expiresAt: Date | null): number {
  return expiresAt?.getTime() ?? Infinity;
}
