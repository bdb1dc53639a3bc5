import { describe, expect, it } from 'vitest';
import { RestartPolicy } from './restart-policy.js';

describe('RestartPolicy', () => {
  it('waits twice as long each time, up to ten seconds, and then gives up', () => {
    const policy = new RestartPolicy();
    const delays = Array.from({ length: 8 }, () => policy.afterEnd(100));
    expect(delays).toEqual([200, 400, 800, 1600, 3200, 6400, 10_000, null]);
  });

  it('forgives a part that had been well', () => {
    const policy = new RestartPolicy();
    for (let i = 0; i < 7; i++) policy.afterEnd(100);
    expect(policy.afterEnd(3_600_000)).toBe(200);
    expect(policy.afterEnd(100)).toBe(400);
  });
});
