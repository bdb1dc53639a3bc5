import { describe, expect, it } from 'vitest';
import { isOffTopic } from './is-off-topic.js';

describe('isOffTopic', () => {
  it('asks for the nearest label', () => {
    expect(isOffTopic([1.5, 9], { offTopicAbove: 2 })).toBe(false);
    expect(isOffTopic([2, 9], { offTopicAbove: 2 })).toBe(false);
    expect(isOffTopic([2.1, 9], { offTopicAbove: 2 })).toBe(true);
  });

  it('says nothing for a model that cannot tell', () => {
    expect(isOffTopic(null, { offTopicAbove: 2 })).toBe(false);
    expect(isOffTopic([100], {})).toBe(false);
  });
});
