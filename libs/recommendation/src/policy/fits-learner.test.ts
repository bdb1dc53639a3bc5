import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activityNeeds, type Candidate, type LearnerNeeds } from '../model/choice.js';
import { fitsLearner, misfitOf } from './fits-learner.js';

const activity = (more: Partial<Candidate> = {}): Candidate => ({
  activityId: 'a',
  kind: 'exercise',
  modality: 'text',
  language: 'en',
  skillIds: ['s'],
  difficulty: 0,
  timesSeen: 0,
  lastSeenSequence: null,
  ...more,
});
const learner = (more: Partial<LearnerNeeds> = {}): LearnerNeeds => ({
  languages: ['de'],
  excludedModalities: [],
  ...more,
});

describe('an activity fits a learner', () => {
  it('in its own language or in one that it is translated into', () => {
    expect(misfitOf(activity(), learner())).toBe('language');
    expect(misfitOf(activity({ translations: ['fr', 'de-AT'] }), learner())).toBeNull();
    expect(misfitOf(activity({ translations: [] }), learner({ languages: [] }))).toBeNull();
  });

  it.each([
    ['keyboardOnly', ['drawing', 'pointer']],
    ['noDrawing', ['drawing']],
    ['screenReader', ['drawing', 'pointer', 'sight']],
  ] as const)('unless it takes what %s rules out', (setting, ruledOut) => {
    const her = learner({ languages: [], [setting]: true });
    const misfits = activityNeeds.filter((need) => misfitOf(activity({ needs: [need] }), her) === need);
    expect(misfits).toEqual(ruledOut);
  });

  it('unless it is heard or drawn by one who cannot', () => {
    const her = learner({ languages: [], excludedModalities: ['audio', 'drawing'] });
    expect(misfitOf(activity({ modality: 'audio' }), her)).toBe('modality');
    expect(misfitOf(activity({ modality: 'video', needs: ['hearing'] }), her)).toBe('hearing');
    expect(misfitOf(activity({ needs: ['sight', 'drawing'] }), her)).toBe('drawing');
  });
});

it('never fits better for one who can do less', () => {
  const needs = fc.subarray([...activityNeeds]);
  const settings = fc.record({ keyboardOnly: fc.boolean(), noDrawing: fc.boolean(), screenReader: fc.boolean() });
  fc.assert(
    fc.property(needs, settings, settings, (taken, one, other) => {
      const both = learner({
        languages: [],
        keyboardOnly: one.keyboardOnly || other.keyboardOnly,
        noDrawing: one.noDrawing || other.noDrawing,
        screenReader: one.screenReader || other.screenReader,
      });
      if (fitsLearner(activity({ needs: taken }), both)) {
        expect(fitsLearner(activity({ needs: taken }), learner({ languages: [], ...one }))).toBe(true);
      }
    }),
  );
});
