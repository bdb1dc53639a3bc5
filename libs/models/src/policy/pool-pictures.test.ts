import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poolPictures } from './pool-pictures.js';

const answer = (probabilities: readonly number[], isOffTopic = false) => ({ probabilities, isOffTopic });

describe('several pictures of one thing', () => {
  it('speak together, as the mean of what they say', () => {
    const pooled = poolPictures([answer([0.9, 0.1]), answer([0.4, 0.6]), answer([0.8, 0.2])]);
    expect(pooled.probabilities[0]).toBeCloseTo(0.7);
    expect(pooled).toMatchObject({ isOffTopic: false, surest: 0 });
  });

  it('are heard without those that show something else, unless all do', () => {
    expect(poolPictures([answer([1, 0], true), answer([0.2, 0.8])])).toEqual({
      probabilities: [0.2, 0.8],
      isOffTopic: false,
      surest: 1,
    });
    expect(poolPictures([answer([1, 0], true), answer([0.6, 0.4], true)]).isOffTopic).toBe(true);
  });

  const pictures = fc.array(
    fc.record({
      probabilities: fc
        .array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 3, maxLength: 3 })
        .map((weights) => weights.map((weight) => weight / weights.reduce((sum, each) => sum + each, 0))),
      isOffTopic: fc.boolean(),
    }),
    { minLength: 1, maxLength: 8 },
  );

  it('give a distribution, whatever their order', () => {
    fc.assert(
      fc.property(pictures, (answers) => {
        const { probabilities, isOffTopic } = poolPictures(answers);
        expect(probabilities.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1);
        const turned = poolPictures(answers.toReversed());
        expect(turned.isOffTopic).toBe(isOffTopic);
        for (const [at, probability] of turned.probabilities.entries()) {
          expect(probability).toBeCloseTo(probabilities[at]!);
        }
      }),
    );
  });

  it('are as sure as the picture itself where it is given again and again', () => {
    fc.assert(
      fc.property(pictures, fc.integer({ min: 1, max: 8 }), ([one], times) => {
        const { probabilities } = poolPictures(Array.from({ length: times }, () => one!));
        for (const [at, probability] of probabilities.entries()) {
          expect(probability).toBeCloseTo(one!.probabilities[at]!);
        }
      }),
    );
  });
});
