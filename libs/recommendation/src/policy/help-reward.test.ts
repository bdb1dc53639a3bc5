import { describe, expect, it } from 'vitest';
import { helpReward, type AnswerAfterHelp, type GivenHelp } from './help-reward.js';

const help = (reaction: GivenHelp['reaction']): GivenHelp => ({ sequence: 20, forSkillId: 's', reaction });
const answer = (sequence: number, correct: boolean, ...skillIds: string[]): AnswerAfterHelp => ({
  sequence,
  correct,
  skillIds,
});

describe('the reward of help', () => {
  it('is never known when it is contested, whatever follows', () => {
    expect(helpReward(help('contested'), [answer(21, true, 's')], 21)).toEqual({ kind: 'void' });
  });

  it('is 0 when it is dismissed, whatever follows', () => {
    const settled = { kind: 'settled', reward: 0, why: 'dismissed' };
    expect(helpReward(help('dismissed'), [answer(21, true, 's')], 21)).toEqual(settled);
  });
  it('is 1 when it is taken and the next answer on the skill is right', () => {
    const answers = [answer(23, false, 's'), answer(21, false, 'other'), answer(22, true, 'other', 's')];
    expect(helpReward(help('accepted'), answers, 23)).toEqual({
      kind: 'settled',
      reward: 1,
      why: 'right-after-help',
    });
  });
  it('is a part when that answer is wrong', () => {
    expect(helpReward(help('accepted'), [answer(21, false, 's'), answer(22, true, 's')], 22)).toEqual({
      kind: 'settled',
      reward: 0.3,
      why: 'wrong-after-help',
    });
  });
  it('waits for her reaction and for an answer, as long as the window is open', () => {
    expect(helpReward(help(null), [answer(21, true, 's')], 29)).toEqual({ kind: 'pending' });
    expect(helpReward(help('accepted'), [answer(25, true, 'other')], 29)).toEqual({ kind: 'pending' });
  });
  it('is 0 for help that was passed over, and void for help that nothing was learnt of', () => {
    expect(helpReward(help(null), [], 30)).toMatchObject({ reward: 0, why: 'ignored' });
    expect(helpReward(help('accepted'), [answer(31, true, 's')], 31)).toEqual({ kind: 'void' });
  });
  it('takes no answer from before the offer, nor one with an impossible number', () => {
    const impossible = [answer(20, true, 's'), answer(-4, true, 's'), answer(Number.NaN, true, 's')];
    expect(helpReward(help('accepted'), impossible, 22)).toEqual({ kind: 'pending' });
    expect(helpReward(help('accepted'), [], 5)).toEqual({ kind: 'pending' });
  });
});
