import { describe, expect, it } from 'vitest';
import { markLimits } from '#libs/kernel';
import { commentPoints, commentsAtMost, reviewCommentsSchema } from './review-comment.js';

const parse = (comments: unknown) => reviewCommentsSchema.safeParse(comments);
const stroke = (length: number) => ({
  kind: 'stroke',
  points: Array.from({ length }, (_, index) => [index % 100, 5]),
});

describe('comments of a review', () => {
  it.each([
    ['a word on the whole', { text: 'Well drawn.' }],
    ['a word on a criterion', { text: 'Look here.', criterionId: 'left' }],
    ['a point', { text: 'x', shape: { kind: 'point', x: 1, y: 2 } }],
    ['a box', { text: 'x', shape: { kind: 'box', x: 1, y: 2, width: 3, height: 4 } }],
    ['a stroke', { text: 'x', shape: stroke(3) }],
  ])('may be %s', (_, comment) => {
    expect(parse([comment]).data).toEqual([{ criterionId: null, shape: null, ...comment }]);
  });

  it.each([
    ['no words', [{ text: ' ' }]],
    ['too many words', [{ text: 'x'.repeat(2_001) }]],
    ['a place beyond all pictures', [{ text: 'x', shape: { kind: 'point', x: markLimits.coordinate + 1, y: 0 } }]],
    ['a place that is no number', [{ text: 'x', shape: { kind: 'point', x: Number.NaN, y: 0 } }]],
    ['another shape', [{ text: 'x', shape: { kind: 'circle', x: 1, y: 1 } }]],
    ['too many comments', Array.from({ length: commentsAtMost + 1 }, () => ({ text: 'x' }))],
    [
      'too many places',
      Array.from({ length: commentsAtMost }, () => ({ text: 'x', shape: stroke(commentPoints / 40) })),
    ],
  ])('may not have %s', (_, comments) => {
    expect(parse(comments).success).toBe(false);
  });
});
