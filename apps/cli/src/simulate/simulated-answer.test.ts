import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { activityContentSchema, markAnswer } from '#libs/learning';
import { answerTo, guessChance } from './simulated-answer.js';

const options = ['a', 'b', 'c'].map((id) => ({ id, text: id }));
const contents = [
  { form: { kind: 'choice', options }, key: { kind: 'choice', correct: 'b' } },
  { form: { kind: 'choices', options }, key: { kind: 'choices', correct: ['a', 'c'] } },
  { form: { kind: 'number' }, key: { kind: 'number', value: 0, tolerance: 0.5 } },
  { form: { kind: 'number' }, key: { kind: 'number', value: 12.5 } },
  { form: { kind: 'text' }, key: { kind: 'text', accepted: ['osmosis'] } },
  { form: { kind: 'order', items: options }, key: { kind: 'order', correct: ['c', 'a', 'b'] } },
].map((part) =>
  activityContentSchema.parse({
    title: 'An exercise',
    body: 'What is it?',
    ...part,
    misconceptions: part.form.kind === 'choice' ? [{ id: 'usual', answer: 'c', feedback: 'No.' }] : [],
  }),
);

describe('a simulated answer', () => {
  it.each(contents.map((content) => [content.form.kind, content] as const))(
    'is right or wrong by the key, as wanted: %s',
    (_, content) => {
      const rng = seededRng('answers');
      for (let i = 0; i < 200; i++) {
        expect(markAnswer(content, answerTo(content, true, rng))).toMatchObject({ kind: 'marked', correct: true });
        expect(markAnswer(content, answerTo(content, false, rng))).toMatchObject({ kind: 'marked', correct: false });
      }
    },
  );

  it('is guessed by chance', () => {
    expect(guessChance(contents[0]!)).toBeCloseTo(1 / 3);
    expect(guessChance(contents[1]!)).toBeCloseTo(1 / 8);
  });
});
