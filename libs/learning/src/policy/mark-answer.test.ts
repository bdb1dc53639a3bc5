import { describe, expect, it } from 'vitest';
import { activityContentSchema, type Answer } from '../model/activity-content.js';
import { markAnswer } from './mark-answer.js';

const options = [
  { id: 'a', text: 'A' },
  { id: 'b', text: 'B' },
  { id: 'c', text: 'C' },
];

function content(form: object, key: object, misconceptions: object[] = []) {
  const feedback = { right: 'Yes.', wrong: 'No.' };
  return activityContentSchema.parse({ title: 'T', body: 'B', form, key, misconceptions, feedback });
}

const choice = content({ kind: 'choice', options }, { kind: 'choice', correct: 'a' }, [
  { id: 'mixed-up', answer: 'b', feedback: 'You took B for A.' },
]);

describe('markAnswer', () => {
  it('tells right from wrong and knows the mistake', () => {
    expect(markAnswer(choice, { kind: 'choice', option: 'a' })).toEqual({
      kind: 'marked',
      correct: true,
      misconceptionId: null,
      feedback: 'Yes.',
    });
    expect(markAnswer(choice, { kind: 'choice', option: 'b' })).toEqual({
      kind: 'marked',
      correct: false,
      misconceptionId: 'mixed-up',
      feedback: 'You took B for A.',
    });
    expect(markAnswer(choice, { kind: 'choice', option: 'c' })).toMatchObject({
      correct: false,
      misconceptionId: null,
      feedback: 'No.',
    });
  });

  it('takes choices as a set and orders as a list', () => {
    const several = content({ kind: 'choices', options }, { kind: 'choices', correct: ['a', 'c'] });
    expect(markAnswer(several, { kind: 'choices', options: ['c', 'a'] })).toMatchObject({ correct: true });
    expect(markAnswer(several, { kind: 'choices', options: ['c', 'a', 'a'] })).toMatchObject({ correct: true });
    expect(markAnswer(several, { kind: 'choices', options: ['a'] })).toMatchObject({ correct: false });
    const order = content({ kind: 'order', items: options }, { kind: 'order', correct: ['c', 'a', 'b'] });
    expect(markAnswer(order, { kind: 'order', items: ['c', 'a', 'b'] })).toMatchObject({ correct: true });
    expect(markAnswer(order, { kind: 'order', items: ['a', 'c', 'b'] })).toMatchObject({ correct: false });
  });

  it('takes numbers within the tolerance, its bounds included', () => {
    const number = content({ kind: 'number' }, { kind: 'number', value: 0.3, tolerance: 0.1 });
    for (const value of [0.2, 0.3, 0.1 + 0.2, 0.4])
      expect(markAnswer(number, { kind: 'number', value })).toMatchObject({ correct: true });
    for (const value of [0.19, 0.41, -0.3])
      expect(markAnswer(number, { kind: 'number', value })).toMatchObject({ correct: false });
  });

  it('takes texts without regard to case, width and spacing', () => {
    const text = content({ kind: 'text' }, { kind: 'text', accepted: ['cell wall', '細胞壁'] });
    for (const answer of ['Cell  Wall', ' cell wall ', 'ｃｅｌｌ ｗａｌｌ', '細胞壁']) {
      expect(markAnswer(text, { kind: 'text', text: answer })).toMatchObject({ correct: true });
    }
    expect(markAnswer(text, { kind: 'text', text: 'cell membrane' })).toMatchObject({ correct: false });
  });

  it('says which kind of answer was wanted', () => {
    const answers: Answer[] = [{ kind: 'done' }, { kind: 'number', value: 1 }, { kind: 'text', text: 'a' }];
    for (const answer of answers)
      expect(markAnswer(choice, answer)).toEqual({ kind: 'wrong-kind', expected: 'choice' });
  });

  it('completes what asks nothing', () => {
    expect(markAnswer(content({ kind: 'none' }, { kind: 'none' }), { kind: 'done' })).toEqual({ kind: 'completed' });
  });
});

describe('activityContentSchema', () => {
  it('refuses keys that do not fit their form', () => {
    expect(() => content({ kind: 'choice', options }, { kind: 'choice', correct: 'z' })).toThrow(/option \\"z\\"/);
    expect(() => content({ kind: 'choice', options }, { kind: 'number', value: 1 })).toThrow(/key is for/);
    expect(() => content({ kind: 'order', items: options }, { kind: 'order', correct: ['a', 'b'] })).toThrow(
      /every item/,
    );
  });
});
