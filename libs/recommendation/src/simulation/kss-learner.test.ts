import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { KssLearner, kssSkills } from './kss-learner.js';

describe('a learner of the KSS-like world', () => {
  const abilities = [0, -1, 0, 0, 0, 0, 0, 0, 0, 0];
  const difficulties = [2.5, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  const learner = (): KssLearner => KssLearner.of(abilities, difficulties);

  it('grows by half of what is missing where nothing comes before, and her growth spreads along every path', () => {
    // 0 gains 2.5; 1 and 2 behind it half of that; 3 a quarter; 4 a quarter from 2 and an eighth from 3.
    const after = learner().imagine('0');
    expect(after.chanceOf('0')).toBe(0.25 + 0.75 / 2);
    const grown = [2.5, 1.25, 1.25, 0.625, 0.9375, 0, 0, 0, 1.09375, 0.546875];
    expect(after.potential() - learner().potential()).toBeCloseTo(
      grown.reduce((sum, each) => sum + each, 0),
      12,
    );
  });

  it('hardly grows where a prerequisite is missing', () => {
    // (5 + 1) / 2 · e^(−5) for skill 1, then a half and a quarter of it for 3 and 4, an eighth for 8, a sixteenth for 9.
    const grown = 3 * Math.exp(-5);
    const after = learner().imagine('1');
    expect(after.potential() - learner().potential()).toBeCloseTo(grown * (1 + 1 / 2 + 1 / 4 + 1 / 8 + 1 / 16), 12);
  });

  it('guesses one in four of what is far too hard, and knows what is far too easy', () => {
    const far = KssLearner.of([0, 5, 0, 0, 0, 0, 0, 0, 0, 0], [5, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    expect(far.chanceOf('0')).toBeCloseTo(0.25, 10);
    expect(far.chanceOf('1')).toBeCloseTo(1, 10);
  });

  it('is drawn within her bounds, the same from the same seed', () => {
    const drawn = KssLearner.draw(seededRng('x'));
    expect(drawn.potential()).toBe(KssLearner.draw(seededRng('x')).potential());
    for (let n = 0; n < 200; n++) {
      const each = KssLearner.draw(seededRng(`${n}`));
      expect(each.potential()).toBeGreaterThanOrEqual(-30 - 4.5);
      expect(each.potential()).toBeLessThanOrEqual(-4.5);
      expect(each.chanceOf('5')).toBeGreaterThanOrEqual(0.25);
    }
  });

  it('answers as often right as she should, after she has learnt', () => {
    let right = 0;
    for (let n = 0; n < 4_000; n++) if (learner().practise('0', seededRng(`${n}`))) right++;
    expect(Math.abs(right / 4_000 - 0.625)).toBeLessThan(0.03);
  });

  it('has the graph of the environment', () => {
    const before = Object.fromEntries(kssSkills.map(({ id, prerequisiteIds }) => [id, prerequisiteIds]));
    expect(before).toMatchObject({ 0: [], 5: [], 6: [], 4: ['2', '3', '5'], 8: ['2', '4', '7'], 9: ['8', '5'] });
  });
});
