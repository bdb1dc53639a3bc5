import { describe, expect, it } from 'vitest';
import { readMaps, type DrawingMaps } from './read-maps.js';

const channels = ['task', 'data', 'participant', 'word', 'arrow:sequenceFlow', 'tail', 'head'];
const side = 50;

interface Peak {
  readonly channel: string;
  readonly x: number;
  readonly y: number;
  readonly score: number;
  /** Kind of box, and its distances left, top, right and bottom, in cells. */
  readonly box?: readonly [kind: number, left: number, top: number, right: number, bottom: number];
  readonly vectors?: readonly (readonly [kind: number, x: number, y: number])[];
}

function maps(peaks: readonly Peak[]): DrawingMaps {
  const plane = side * side;
  const heat = new Float32Array(channels.length * plane);
  const [boxes, vectors] = [new Float32Array(16 * plane), new Float32Array(8 * plane)];
  for (const { channel, x, y, score, box, vectors: led = [] } of peaks) {
    const cell = y * side + x;
    heat[channels.indexOf(channel) * plane + cell] = score;
    if (box !== undefined) {
      const [kind, ...distances] = box;
      distances.forEach((distance, at) => (boxes[(4 * kind + at) * plane + cell] = distance / side));
    }
    for (const [kind, dx, dy] of led) {
      vectors[2 * kind * plane + cell] = dx / side;
      vectors[(2 * kind + 1) * plane + cell] = dy / side;
    }
  }
  return { side, heat, channels, boxes, vectors };
}

const all = new Set(['task', 'data', 'participant']);
const arrow: Peak = {
  channel: 'arrow:sequenceFlow',
  x: 20,
  y: 10,
  score: 0.8,
  box: [3, 10, 0, 10, 0],
  vectors: [
    [0, -9, 0],
    [1, 9, 0],
  ],
};

describe('readMaps', () => {
  it('reads boxes around their peaks, in shares of the side', () => {
    const { shapes, words } = readMaps(
      maps([
        { channel: 'task', x: 10, y: 20, score: 0.9, box: [0, 5, 4, 5, 6] },
        { channel: 'word', x: 10, y: 20, score: 0.7, box: [2, 2, 1, 2, 1] },
      ]),
      all,
    );
    expect(shapes).toEqual([
      { label: 'task', probability: expect.closeTo(0.9), box: expect.objectContaining({ left: expect.closeTo(0.1) }) },
    ]);
    expect(shapes[0]!.box.bottom).toBeCloseTo(26 / side);
    expect(words).toHaveLength(1);
  });

  it('takes the surest of symbols that lie on each other, and leaves what stands in a pool', () => {
    const { shapes } = readMaps(
      maps([
        { channel: 'data', x: 11, y: 20, score: 0.6, box: [0, 5, 5, 5, 5] },
        { channel: 'task', x: 10, y: 20, score: 0.9, box: [0, 5, 5, 5, 5] },
        { channel: 'participant', x: 5, y: 20, score: 0.5, box: [1, 1, 6, 12, 6] },
      ]),
      all,
    );
    expect(shapes.map(({ label }) => label)).toEqual(['task', 'participant']);
  });

  it('leaves out labels that the notation has not, and what is not sure enough', () => {
    const found = maps([
      { channel: 'participant', x: 10, y: 20, score: 0.9, box: [1, 5, 5, 5, 5] },
      { channel: 'task', x: 30, y: 20, score: 0.05, box: [0, 5, 5, 5, 5] },
    ]);
    expect(readMaps(found, new Set(['task'])).shapes).toEqual([]);
  });

  it('moves the ends of an arrow to where they were seen', () => {
    const { arrows } = readMaps(
      maps([
        arrow,
        { channel: 'tail', x: 10, y: 11, score: 0.9, vectors: [[3, 20, -1]] },
        { channel: 'head', x: 30, y: 10, score: 0.9, vectors: [[2, -20, 1]] },
        { channel: 'head', x: 28, y: 13, score: 0.3, vectors: [[2, 10, 10]] },
      ]),
      all,
    );
    expect(arrows).toHaveLength(1);
    expect(arrows[0]!.tail.map((place) => place * side)).toEqual([expect.closeTo(10), expect.closeTo(11)]);
    expect(arrows[0]!.head.map((place) => place * side)).toEqual([expect.closeTo(30), expect.closeTo(10)]);
    expect(arrows[0]!.ends).toBeCloseTo(0.9);
  });

  it('believes an arrow where its ends were not seen, with little trust in its direction', () => {
    const { arrows } = readMaps(maps([arrow]), all);
    expect(arrows[0]!.tail[0] * side).toBeCloseTo(11);
    expect(arrows[0]!.ends).toBeLessThan(0.3);
  });

  it('tells one arrow once', () => {
    const vectors = [
      [0, -10, 0],
      [1, 8, 0],
    ] as const;
    const { arrows } = readMaps(maps([arrow, { ...arrow, x: 21, score: 0.5, vectors }]), all);
    expect(arrows.map(({ probability }) => probability)).toEqual([expect.closeTo(0.8)]);
  });
});
