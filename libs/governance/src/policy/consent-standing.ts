import { consentGivers, consentPurposes, type ConsentRecord, type ConsentStanding } from '../model/consent.js';

/**
 * How things stand with each purpose. Learner and guardian have a say each, and the last record of either holds: a
 * purpose is granted when at least one of them grants it and neither has withdrawn it. A grant ends when it expires,
 * a withdrawal does not.
 * @param latest the last record of each giver for each purpose; older ones do no harm
 */
export function consentStanding(latest: readonly ConsentRecord[], now: number): ConsentStanding[] {
  return consentPurposes.map((purpose) => {
    const says = consentGivers.flatMap((giver) => {
      const own = latest.filter((record) => record.purpose === purpose && record.givenAs === giver);
      return own.length === 0 ? [] : [own.reduce((last, record) => (isLater(record, last) ? record : last))];
    });
    const grants = says.filter(({ decision, expiresAt }) => decision === 'granted' && endOf(expiresAt) > now);
    const granted = grants.length > 0 && says.every(({ decision }) => decision === 'granted');
    const end = granted ? Math.max(...grants.map(({ expiresAt }) => endOf(expiresAt))) : Infinity;
    return { purpose, granted, until: end === Infinity ? null : new Date(end) };
  });
}

/** Records of one moment are in the order of their ids, so that there is one answer. */
function isLater(a: ConsentRecord, b: ConsentRecord): boolean {
  const distance = a.recordedAt.getTime() - b.recordedAt.getTime();
  return distance > 0 || (distance === 0 && a.id > b.id);
}

function endOf(expiresAt: Date | null): number {
  return expiresAt?.getTime() ?? Infinity;
}
