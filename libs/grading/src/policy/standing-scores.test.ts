import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { standingScores } from './standing-scores.js';

const score = (id: string, withdrawsId: string | null = null) => ({ id, withdrawsId });
const standing = (scores: ReturnType<typeof score>[]) => standingScores(scores).map(({ id }) => id);

describe('the scores that stand', () => {
  it('are all, where nothing was withdrawn', () => {
    expect(standing([score('automatic'), score('review')])).toEqual(['automatic', 'review']);
    expect(standing([])).toEqual([]);
  });

  it('are those before a review that was withdrawn', () => {
    const withdrawal = score('withdrawal', 'second');
    expect(standing([score('automatic'), score('first'), score('second'), withdrawal])).toEqual(['automatic', 'first']);
    expect(standing([score('first'), score('withdrawal', 'first')])).toEqual([]);
    expect(standing([score('automatic'), score('second'), withdrawal, score('third')])).toEqual(['automatic', 'third']);
  });

  it('are as before, whenever the last one is reviewed and that is withdrawn', () => {
    const acts = fc.array(fc.constantFrom('review', 'withdraw'), { maxLength: 12 });
    fc.assert(
      fc.property(acts, (each) => {
        const scores = [score('0')];
        for (const act of each) {
          const last = standing(scores).at(-1);
          const id = String(scores.length);
          if (act === 'review') scores.push(score(id));
          else if (last !== undefined && last !== '0') scores.push(score(id, last));
        }
        const before = standing(scores);
        const reviewed = [...scores, score('new'), score('undo', 'new')];
        expect(standing(reviewed)).toEqual(before);
        expect(before[0]).toBe('0');
      }),
    );
  });
});
