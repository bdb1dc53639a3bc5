import { describe, expect, it } from 'vitest';
import { consentPurposes, type ConsentRecord } from '../model/consent.js';
import { consentStanding } from './consent-standing.js';

const day = 86_400_000;
let count = 0;

function aRecord(more: Partial<ConsentRecord>): ConsentRecord {
  return {
    id: String(count++),
    purpose: 'affect',
    decision: 'granted',
    givenAs: 'student',
    noticeVersion: '1',
    expiresAt: null,
    recordedAt: new Date(0),
    ...more,
  };
}

const affect = (records: ConsentRecord[], now = 10 * day) =>
  consentStanding(records, now).find(({ purpose }) => purpose === 'affect');

describe('how consent stands', () => {
  it('grants nothing that nobody has decided on', () => {
    expect(consentStanding([], 0).map(({ granted }) => granted)).toEqual(consentPurposes.map(() => false));
  });

  it('follows the last record of a giver, in whatever order they come', () => {
    const granted = aRecord({ recordedAt: new Date(day) });
    const withdrawn = aRecord({ recordedAt: new Date(2 * day), decision: 'withdrawn' });
    expect(affect([granted])).toEqual({ purpose: 'affect', granted: true, until: null });
    expect(affect([withdrawn, granted])?.granted).toBe(false);
    expect(affect([withdrawn, aRecord({ recordedAt: new Date(3 * day) }), granted])?.granted).toBe(true);
  });

  it('is stopped by either side, and lifted by the same side only', () => {
    const guardian = aRecord({ givenAs: 'guardian', decision: 'withdrawn' });
    const student = aRecord({ recordedAt: new Date(day) });
    expect(affect([guardian, student])?.granted).toBe(false);
    const again = aRecord({ givenAs: 'guardian', recordedAt: new Date(2 * day) });
    expect(affect([guardian, student, again])?.granted).toBe(true);
  });

  it('ends with the last grant; an expired withdrawal would still hold', () => {
    const short = aRecord({ expiresAt: new Date(5 * day) });
    const long = aRecord({ givenAs: 'guardian', expiresAt: new Date(20 * day) });
    expect(affect([short])?.granted).toBe(false);
    expect(affect([short, long])).toEqual({ purpose: 'affect', granted: true, until: new Date(20 * day) });
    const withdrawn = aRecord({ decision: 'withdrawn', givenAs: 'guardian', expiresAt: new Date(5 * day) });
    expect(affect([aRecord({}), withdrawn])?.granted).toBe(false);
  });

  it('keeps purposes apart', () => {
    const research = aRecord({ purpose: 'research' });
    expect(affect([research])?.granted).toBe(false);
  });
});
