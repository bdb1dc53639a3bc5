import { describe, expect, it } from 'vitest';
import type { Sample } from '../model/sample.js';
import { faceChannel, windowShape } from '../model/window.js';
import { SampleDesk } from './sample-desk.js';

const start = Date.parse('2026-11-27T10:00:00Z');

function aFace(t: number): Sample {
  return { t, face: true, q: 0.9, bs: null, pose: [0, 0, 0], gaze: null, eye: null, hands: null, body: null };
}

/** Samples at 4 Hz of so many seconds, up to a moment. */
function seconds(until: number, count: number): Sample[] {
  return Array.from({ length: 4 * count }, (_, place) => aFace(until - (4 * count - 1 - place) * 250));
}

describe('SampleDesk', () => {
  it('cuts a window every two seconds, of a device whose clock is wrong', () => {
    const desk = new SampleDesk();
    const off = 3 * 60_000;
    const ends: number[] = [];
    for (let second = 2; second <= 40; second += 2) {
      const at = start + second * 1_000;
      const { counts, windows } = desk.take('ada', seconds(at + off, 2), { sentAt: at + off, receivedAt: at });
      expect(counts).toMatchObject({ kept: 8, 'too-old': 0, 'too-early': 0 });
      ends.push(...windows.map(({ endAt }) => endAt));
      if (second >= 14) {
        for (const { abstain, features } of windows) {
          expect(abstain).toBeNull();
          expect(features[faceChannel]).toBe(1);
        }
      }
    }
    expect(ends.length).toBeGreaterThanOrEqual(19);
    expect(ends.slice(1).map((end, at) => end - ends[at]!)).toEqual(ends.slice(1).map(() => windowShape.hopMs));
  });

  it('keeps learners apart, and forgets one when it is told to', () => {
    const desk = new SampleDesk();
    const times = { sentAt: start, receivedAt: start };
    desk.take('ada', seconds(start, 10), times);
    expect(desk.take('bob', [], { ...times, receivedAt: start + 2_000 }).windows[0]?.abstain).toBe('no-samples');
    desk.forget('ada');
    expect(desk.size).toBe(1);
    const [window] = desk.take('ada', [], { sentAt: start + 2_000, receivedAt: start + 2_000 }).windows;
    expect(window?.abstain).toBe('no-samples');
  });

  it('forgets whoever has sent nothing for a minute, and the oldest where there are too many', () => {
    const desk = new SampleDesk(3);
    for (const [place, key] of ['a', 'b', 'c', 'd'].entries()) {
      desk.take(key, [], { sentAt: start + place, receivedAt: start + place });
    }
    expect(desk.size).toBe(3);
    desk.take('d', [], { sentAt: start + 70_000, receivedAt: start + 70_000 });
    expect(desk.size).toBe(1);
  });
});
