import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { ForgetfulLearner } from './forgetful-learner.js';

const graph = [
  { id: 'basis', prerequisiteIds: [] },
  { id: 'next', prerequisiteIds: ['basis'] },
  { id: 'aside', prerequisiteIds: [] },
];
const draw = (seed = 'x'): ForgetfulLearner => ForgetfulLearner.draw(graph, seededRng(seed));

describe('a learner who forgets', () => {
  it('learns from practice, less so before she knows what comes first', () => {
    const learner = draw();
    const ready = draw();
    for (let n = 0; n < 12; n++) ready.practise('basis', seededRng(`${n}`));
    const gain = (of: ForgetfulLearner): number => of.imagine('next').chanceOf('next') - of.chanceOf('next');
    expect(gain(learner)).toBeGreaterThan(0);
    expect(gain(ready)).toBeGreaterThan(2 * gain(learner));
  });

  it('forgets what she does not practise, never below where she began, and more slowly after more practice', () => {
    const lost = (practices: number): number => {
      const learner = draw();
      const rng = seededRng('answers');
      const before = learner.chanceOf('aside');
      for (let n = 0; n < practices; n++) learner.takeHelp('aside', rng);
      const learnt = learner.chanceOf('aside') - before;
      for (let n = 0; n < 40; n++) learner.practise('basis', rng);
      const kept = learner.chanceOf('aside') - before;
      expect(kept).toBeGreaterThan(0);
      return 1 - kept / learnt;
    };
    expect(lost(1)).toBeGreaterThan(0.3);
    expect(lost(4)).toBeLessThan(lost(1) / 3);
  });

  it('guesses and slips: her chance stays between the two', () => {
    const rng = seededRng('practice');
    for (let n = 0; n < 30; n++) {
      const learner = draw(`${n}`);
      for (let turn = 0; turn < 60; turn++) learner.practise(graph[turn % 3]!.id, rng);
      for (const { id } of graph) {
        expect(learner.chanceOf(id)).toBeGreaterThan(0.2);
        expect(learner.chanceOf(id)).toBeLessThan(0.92);
      }
      expect(learner.score()).toBeLessThan(learner.most);
    }
  });

  it('is confused by wrong answers at times, weaker for it, and freed by help', () => {
    let confused = 0;
    for (let n = 0; n < 200; n++) {
      const learner = draw(`${n}`);
      const rng = seededRng(`answers ${n}`);
      for (let turn = 0; turn < 3 && !learner.isConfusedBy('next'); turn++) learner.practise('next', rng);
      if (!learner.isConfusedBy('next')) continue;
      confused++;
      const weak = learner.chanceOf('next');
      for (let turn = 0; turn < 20 && learner.isConfusedBy('next'); turn++) learner.takeHelp('next', rng);
      expect(learner.isConfusedBy('next')).toBe(false);
      expect(learner.chanceOf('next')).toBeGreaterThan(weak);
    }
    expect(confused).toBeGreaterThan(50);
  });

  it('stays as she is while an oracle imagines', () => {
    const learner = draw();
    const before = learner.score();
    learner.imagine('basis').imagine('next');
    expect(learner.score()).toBe(before);
  });
});
