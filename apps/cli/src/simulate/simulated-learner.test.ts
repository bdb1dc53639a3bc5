import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { SimulatedLearner, type SimulatedItem } from './simulated-learner.js';

const skills = [
  { id: 'basis', prerequisiteIds: [] },
  { id: 'next', prerequisiteIds: ['basis'] },
];
const item = (skillId: string, more: Partial<SimulatedItem> = {}): SimulatedItem => ({
  skillIds: [skillId],
  difficulty: 0,
  minutes: 1,
  guess: 0.25,
  hintCount: 3,
  ...more,
});

describe('a simulated learner', () => {
  it('is the same learner for the same seed', () => {
    const life = (seed: string): unknown[] => {
      const learner = new SimulatedLearner(skills, seededRng(seed));
      return Array.from({ length: 20 }, () => {
        const attempt = learner.attempt(item('basis'));
        learner.practise(item('basis'), attempt);
        return attempt;
      });
    };
    expect(life('a')).toEqual(life('a'));
    expect(life('a')).not.toEqual(life('b'));
  });

  it('never loses ability by practice or explanation, and learns little without the basis', () => {
    let [ready, unready] = [0, 0];
    for (let seed = 0; seed < 50; seed++) {
      const learner = new SimulatedLearner(skills, seededRng(`${seed}`));
      const start = learner.ability('next');
      learner.practise(item('next'), { correct: false, hints: 0, durationMs: 1 });
      unready += learner.ability('next') - start;
      for (let i = 0; i < 60; i++) {
        const before = learner.ability('basis');
        learner.practise(item('basis'), { correct: i % 2 === 0, hints: 0, durationMs: 1 });
        expect(learner.ability('basis')).toBeGreaterThanOrEqual(before);
      }
      const before = learner.ability('next');
      learner.practise(item('next'), { correct: false, hints: 0, durationMs: 1 });
      ready += learner.ability('next') - before;
    }
    expect(ready).toBeGreaterThan(unready * 1.3);
  });

  it('answers easy exercises right more often than hard ones, and hard ones no worse than by guessing', () => {
    const learner = new SimulatedLearner(skills, seededRng('c'));
    const share = (difficulty: number): number => {
      const attempts = Array.from({ length: 2_000 }, () =>
        learner.attempt(item('basis', { difficulty, hintCount: 0 })),
      );
      return attempts.filter(({ correct }) => correct).length / attempts.length;
    };
    expect(share(-3)).toBeGreaterThan(0.85);
    expect(share(-3)).toBeLessThan(0.98);
    expect(share(6)).toBeGreaterThan(0.2);
    expect(share(6)).toBeLessThan(0.3);
  });

  it('is slower and weaker while confused, until an explanation', () => {
    const learner = new SimulatedLearner(skills, seededRng('d'));
    const meanTime = (): number => {
      const times = Array.from({ length: 300 }, () => learner.attempt(item('basis', { hintCount: 0 })).durationMs);
      return times.reduce((sum, time) => sum + time, 0) / times.length;
    };
    const clear = { knows: learner.knows(item('basis')), time: meanTime() };
    while (!learner.isConfusedBy(['basis']))
      learner.practise(item('basis'), { correct: false, hints: 0, durationMs: 1 });
    expect(meanTime()).toBeGreaterThan(clear.time * 1.5);
    expect(learner.knows(item('basis', { difficulty: 1 }))).toBeLessThan(learner.knows(item('basis')));
    while (learner.isConfusedBy(['basis'])) learner.understand(['basis']);
    expect(meanTime()).toBeLessThan(clear.time * 1.3);
  });
});
