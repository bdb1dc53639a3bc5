import { describe, expect, it } from 'vitest';
import type { CriterionScore } from '../model/grading-result.js';
import { certify, isDrawnForAudit, type Certification } from './certification.js';
import { decideRelease } from './decide-release.js';

const lots = Array.from({ length: 200 }, (_, number) => `score ${number}`);
const drawn = lots.find((id) => isDrawnForAudit(id))!;
const notDrawn = lots.find((id) => !isDrawnForAudit(id))!;

const certified: Certification = { ...certify([]), state: 'auto-release', threshold: 0.95 };
const allowing = { stakes: 'graded', release: 'certified' } as const;

const criterion = (confidence: number, criterionId = 'left'): CriterionScore => ({
  criterionId,
  label: 'left square',
  points: 1,
  awarded: 1,
  confidence,
  error: null,
  evidence: { markIds: [], regions: [] },
  hint: null,
  skill: 'squares',
});
const result = (confidences: readonly number[], flags: readonly ('blank' | 'off-topic')[] = []) => ({
  confidence: Math.min(...confidences),
  flags,
  isProvisional: false,
  criteria: confidences.map((confidence, index) => criterion(confidence, String(index))),
});

const decide = (
  assignment: Parameters<typeof decideRelease>[0],
  confidences: readonly number[],
  { flags = [] as readonly 'blank'[], scoreId = notDrawn, certifications = [certified, certified] } = {},
) => decideRelease(assignment, result(confidences, flags), (id) => certifications[Number(id)]!, scoreId);

describe('whether a score needs a teacher', () => {
  it('is so for practice where it is unsure or odd, whatever is certified', () => {
    const practice = { stakes: 'practice', release: 'certified' } as const;
    expect(decide(practice, [0.98])).toEqual({ outcome: 'shown', reason: null });
    expect(decide(practice, [0.98], { scoreId: drawn })).toEqual({ outcome: 'shown', reason: null });
    expect(decide(practice, [0.5])).toEqual({ outcome: 'deferred', reason: 'unsure' });
    expect(decide(practice, [0.98], { flags: ['blank'] })).toEqual({ outcome: 'deferred', reason: 'flagged' });
  });

  it('is so for all that counts, unless the assignment says otherwise', () => {
    expect(decide({ stakes: 'graded', release: 'teacher' }, [0.98])).toEqual({
      outcome: 'deferred',
      reason: 'left-to-teacher',
    });
    expect(decide(allowing, [0.98])).toEqual({ outcome: 'released', reason: null });
    expect(decide(allowing, [0.95, 0.98])).toEqual({ outcome: 'released', reason: null });
  });

  it('is so where one criterion is unsure, or of a type that is not certified, and where the work is odd', () => {
    expect(decide(allowing, [0.98, 0.94])).toEqual({ outcome: 'deferred', reason: 'unsure' });
    for (const state of ['provisional', 'audited'] as const) {
      const certifications = [certified, { ...certified, state }];
      expect(decide(allowing, [0.98, 0.98], { certifications })).toEqual({
        outcome: 'deferred',
        reason: 'uncertified',
      });
    }
    expect(decide(allowing, [0.98], { flags: ['blank'] })).toEqual({ outcome: 'deferred', reason: 'flagged' });
    expect(decide(allowing, [])).toEqual({ outcome: 'deferred', reason: 'uncertified' });
  });

  it('is so where what read the work is not good enough yet, whatever is certified', () => {
    const provisional = { ...result([0.98]), isProvisional: true };
    expect(decideRelease(allowing, provisional, () => certified, notDrawn)).toEqual({
      outcome: 'deferred',
      reason: 'uncertified',
    });
    const practice = { stakes: 'practice', release: 'teacher' } as const;
    expect(decideRelease(practice, provisional, () => certified, notDrawn)).toEqual({ outcome: 'shown', reason: null });
  });

  it('is so where the lot falls on it', () => {
    expect(decide(allowing, [0.98], { scoreId: drawn })).toEqual({ outcome: 'deferred', reason: 'sampled' });
  });
});
