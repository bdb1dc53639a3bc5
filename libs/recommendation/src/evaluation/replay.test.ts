import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fringeAndBand } from '../policy/fringe-and-band.js';
import { propensities } from '../policy/softmax.js';
import { AttuneChooser } from '../simulation/attune-chooser.js';
import { drawGraph, forgetfulWorld } from '../simulation/world.js';
import { replayDecision } from './replay.js';
import { utilitiesOf } from './target-policy.js';

describe('replay', () => {
  it('draws every decision of a lesson again, bit for bit, from what was stored as JSON', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 12 }), fc.array(fc.boolean()), (seed, size, answers) => {
        const world = forgetfulWorld(drawGraph(size, seed));
        const chooser = new AttuneChooser(world, fringeAndBand, seed);
        for (const answer of answers) {
          const decided = chooser.decide();
          if (decided.kind === 'chosen') {
            const stored = JSON.stringify({
              candidates: decided.candidates,
              policy: fringeAndBand,
              seed: decided.seed,
            });
            expect(replayDecision(JSON.parse(stored) as Parameters<typeof replayDecision>[0])).toEqual({
              activityId: decided.activityId,
              probability: decided.probability,
              probabilities: decided.candidates.map(({ probability }) => probability),
            });
          }
          const activity = chooser.choose();
          chooser.observe(activity, activity.kind === 'exercise' ? answer : null);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('utilities that were not stored', () => {
  it('are found from the probabilities, but for a constant, so that another softmax over them is the same', () => {
    const utilities = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(utilities, fc.boolean(), (wanted, isSingle) => {
        const probabilities = propensities(wanted, 0.2, 0.1).map((each) => (isSingle ? Math.fround(each) : each));
        const found = utilitiesOf({
          id: 'x',
          policy: { name: 'p', version: 1, temperature: 0.2, epsilon: 0.1 },
          seed: 's',
          candidates: probabilities.map((probability, place) => ({ activityId: `${place}`, probability })),
          chosen: '0',
          reward: 0,
        });
        const [again, direct] = [propensities(found!, 0.4, 0), propensities(wanted, 0.4, 0)];
        for (const [place, probability] of again.entries()) expect(probability).toBeCloseTo(direct[place]!, 3);
      }),
    );
  });
});
