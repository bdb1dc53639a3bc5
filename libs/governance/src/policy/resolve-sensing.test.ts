import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { consentDecisions, consentGivers, type ConsentRecord } from '../model/consent.js';
import {
  ceilingScopes,
  institutionKinds,
  isBiometric,
  sensingModes,
  type SensingCeilings,
  type SensingMode,
} from '../model/sensing.js';
import { sensingRules } from './jurisdiction-rules.js';
import { lastOf } from './consent-standing.js';
import { lawLimits, observesBehaviour, resolveSensing, type SensingCircumstances } from './resolve-sensing.js';

const now = Date.parse('2026-11-27T12:00:00Z');
const unset: SensingCeilings = { institution: null, course: null, activity: null, learner: null };
const allSet: SensingCeilings = { institution: 'affect', course: 'affect', activity: null, learner: null };

function says(
  purpose: ConsentRecord['purpose'],
  givenAs: ConsentRecord['givenAs'],
  decision: ConsentRecord['decision'] = 'granted',
  expiresAt: Date | null = null,
): ConsentRecord {
  const id = `${purpose}-${givenAs}`;
  return { id, purpose, givenAs, decision, noticeVersion: '1', expiresAt, recordedAt: new Date(now - 1_000) };
}

const everything = (['attention', 'affect'] as const).flatMap((purpose) =>
  consentGivers.map((of) => says(purpose, of)),
);
const reviewed = { jurisdiction: 'US-CA', kind: 'school', biometricReview: 'DPIA 2026-03' } as const;
/** Where all is set, reviewed and consented to. */
const open: SensingCircumstances = { institution: reviewed, ceilings: allSet, consents: everything, graded: false };
const modeOf = (more: Partial<SensingCircumstances>): SensingMode => resolveSensing({ ...open, ...more }, now).mode;

describe('resolveSensing', () => {
  it('looks at behaviour where nobody has set anything, and says why no more', () => {
    const { mode, limits } = resolveSensing(
      {
        institution: { jurisdiction: 'unknown', kind: 'unknown', biometricReview: null },
        ceilings: unset,
        consents: [],
        graded: false,
      },
      now,
    );
    expect(mode).toBe('behaviour');
    expect(limits.map(({ by }) => by)).toEqual(['review', 'ceiling', 'consent', 'consent']);
  });

  it('allows what all of them allow', () => {
    expect(modeOf({})).toBe('affect');
    expect(modeOf({ consents: everything.filter(({ purpose }) => purpose === 'attention') })).toBe('attention');
    expect(modeOf({ ceilings: { ...allSet, activity: 'attention' } })).toBe('attention');
    expect(modeOf({ ceilings: { ...allSet, learner: 'off' } })).toBe('off');
    expect(modeOf({ graded: true })).toBe('off');
  });

  it('asks for the guardian too, except where students are grown up', () => {
    const ofStudent = everything.filter(({ givenAs }) => givenAs === 'student');
    expect(modeOf({ consents: ofStudent })).toBe('behaviour');
    expect(modeOf({ consents: ofStudent, institution: { ...reviewed, kind: 'university' } })).toBe('affect');
    expect(modeOf({ consents: everything.filter(({ givenAs }) => givenAs === 'guardian') })).toBe('behaviour');
  });

  it('takes a withdrawal and the end of a grant as they are', () => {
    expect(modeOf({ consents: [...everything, says('behaviour', 'guardian', 'withdrawn')] })).toBe('off');
    expect(modeOf({ consents: [says('behaviour', 'student'), ...everything] })).toBe('affect');
    const past = everything.map((record) => ({ ...record, expiresAt: new Date(now) }));
    expect(modeOf({ consents: past })).toBe('behaviour');
    // a guardian's word counts for those who are grown up too, once it was against
    const against = [...everything, { ...says('affect', 'guardian', 'withdrawn'), recordedAt: new Date(now) }];
    expect(modeOf({ consents: against, institution: { ...reviewed, kind: 'university' } })).toBe('attention');
  });

  it.each(['DE', 'FR', 'NO', 'DE-BY'])('never looks at the body in %s, whatever is set', (jurisdiction) => {
    const institution = { ...reviewed, jurisdiction };
    expect(modeOf({ institution })).toBe('behaviour');
    expect(lawLimits(institution)).toEqual([
      expect.objectContaining({ rule: expect.objectContaining({ id: 'eu-ai-act-5-1-f' }) }),
    ]);
  });

  it('tells the kinds of institution apart where the law does', () => {
    const inIllinois = (kind: (typeof institutionKinds)[number]) =>
      modeOf({ institution: { ...reviewed, jurisdiction: 'US-IL', kind } });
    expect(inIllinois('school-district')).toBe('behaviour');
    expect(inIllinois('unknown')).toBe('behaviour');
    expect(inIllinois('university')).toBe('affect');
  });

  it('allows nothing biometric where nobody has looked into the law', () => {
    expect(modeOf({ institution: { ...reviewed, biometricReview: null } })).toBe('behaviour');
    expect(modeOf({ institution: { ...reviewed, jurisdiction: 'unknown' } })).toBe('behaviour');
  });

  it('never gives more than any of its limits, and less where one more is set', () => {
    const mode = fc.constantFrom(...sensingModes);
    const ceilings = fc.record(
      Object.fromEntries(ceilingScopes.map((scope) => [scope, fc.option(mode)])) as Record<
        (typeof ceilingScopes)[number],
        fc.Arbitrary<SensingMode | null>
      >,
    );
    const consents = fc.array(
      fc
        .tuple(
          fc.constantFrom('behaviour', 'attention', 'affect'),
          fc.constantFrom(...consentGivers),
          fc.constantFrom(...consentDecisions),
        )
        .map(([purpose, of, decision]) => says(purpose as 'affect', of, decision)),
    );
    const institution = fc.record({
      jurisdiction: fc.constantFrom('unknown', 'DE', 'US-IL', 'US-CA', 'GB'),
      kind: fc.constantFrom(...institutionKinds),
      biometricReview: fc.option(fc.constant('a review')),
    });
    const rank = (each: SensingMode) => sensingModes.indexOf(each);
    fc.assert(
      fc.property(fc.record({ institution, ceilings, consents, graded: fc.boolean() }), mode, (around, lower) => {
        const { mode: found, limits } = resolveSensing(around, now);
        expect(limits.every(({ most }) => rank(found) <= rank(most))).toBe(true);
        expect(limits.length === 0 ? found : limits[0]!.most).toBe(found);
        const lowered = { ...around, ceilings: { ...around.ceilings, learner: lower } };
        const before =
          around.ceilings.learner === null
            ? found
            : resolveSensing({ ...around, ceilings: { ...around.ceilings, learner: null } }, now).mode;
        expect(rank(resolveSensing(lowered, now).mode)).toBe(Math.min(rank(before), rank(lower)));
        const isWithdrawn = consentGivers.some(
          (of) => lastOf(around.consents, 'behaviour', of)?.decision === 'withdrawn',
        );
        expect(observesBehaviour({ ...around, isWithdrawn })).toBe(found !== 'off');
        if (isBiometric(found)) expect(around.institution.biometricReview).not.toBeNull();
      }),
    );
  });

  it('keeps rules that say where they come from', () => {
    for (const { id, jurisdictions, source, inForceSince, reviewedOn } of sensingRules) {
      expect(id).toMatch(/^[a-z0-9.-]+$/);
      expect(jurisdictions.every((each) => /^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(each))).toBe(true);
      expect(source.url).toMatch(/^https:/);
      expect([inForceSince, reviewedOn].every((day) => !Number.isNaN(Date.parse(day)))).toBe(true);
    }
  });
});
