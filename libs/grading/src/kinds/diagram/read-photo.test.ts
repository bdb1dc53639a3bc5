import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { planFlowchart, type PlannedFlowchart } from '../../ink/draw-flowchart.js';
import type { DetectedDrawing } from '../../drawing.ports.js';
import type { Bounds } from '../../model/geometry.js';
import { joinArrows } from './join-arrows.js';
import { readPhoto } from './read-photo.js';

const shapeOf = {
  process: 'task',
  data: 'data',
  decision: 'decision',
  terminator: 'terminator',
  connection: 'connection',
};

/** A flowchart as a perfect detector would find it. */
function detected({ figures, arrows }: PlannedFlowchart): DetectedDrawing {
  const around = (x: number, y: number, width: number, height: number): Bounds => {
    return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
  };
  return {
    kind: 'detected',
    shapes: figures.map(({ type, x, y, width, height }) => {
      return { label: shapeOf[type], probability: 0.9, box: around(x, y, width, height) };
    }),
    arrows: arrows.map(({ way }) => {
      const [xs, ys] = [way.map(([x]) => x), way.map(([, y]) => y)];
      const box = { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
      return { label: 'sequenceFlow', probability: 0.9, box, tail: way[0]!, head: way.at(-1)!, ends: 0.9 };
    }),
    words: figures
      .filter(({ isWritten }) => isWritten)
      .map(({ x, y }) => ({ probability: 0.9, box: around(x, y, 40, 14) })),
  };
}

const seeds = fc.integer({ min: 0, max: 10_000 }).map((seed) => planFlowchart(seededRng(`plan/${seed}`)));

describe('readPhoto', () => {
  it('reads the graph that was drawn', () => {
    fc.assert(
      fc.property(seeds, (plan) => {
        const { nodes, edges } = readPhoto(detected(plan));
        const number = new Map(plan.figures.map(({ id }, at) => [id, at]));
        expect(nodes.map(({ type }) => type)).toEqual(plan.figures.map(({ type }) => type));
        expect(edges.map(({ source, target }) => [source, target])).toEqual(
          plan.arrows.map(({ source, target }) => [number.get(source), number.get(target)]),
        );
        expect(nodes.map(({ writing }) => writing.kind)).toEqual(
          plan.figures.map(({ isWritten }) => (isWritten ? 'ink' : 'none')),
        );
      }),
    );
  });

  it('gives words beside an arrow to the nearest', () => {
    const plan = planFlowchart(seededRng('words'));
    const drawing = detected(plan);
    const { tail, head } = drawing.arrows[1]!;
    const [x, y] = [(tail[0] + head[0]) / 2 + 12, (tail[1] + head[1]) / 2];
    const word = { probability: 0.8, box: { left: x, top: y - 8, right: x + 20, bottom: y + 8 } };
    const { edges } = readPhoto({ ...drawing, words: [word] });
    expect(edges.map(({ writing }) => writing.kind)).toEqual(edges.map((_, at) => (at === 1 ? 'ink' : 'none')));
  });

  const box = (left: number, top: number, right: number, bottom: number): Bounds => ({ left, top, right, bottom });

  it('gives each of two arrows the word of its own, though both stand nearer to one', () => {
    const arrow = (tail: [number, number], head: [number, number]) => {
      const around = box(...tail, ...head);
      return { label: 'sequenceFlow', probability: 0.9, box: around, tail, head, ends: 0.9 };
    };
    const { edges } = readPhoto({
      kind: 'detected',
      shapes: [],
      arrows: [arrow([0, 0], [0, 100]), arrow([10, 0], [110, 0])],
      words: [box(20, 5, 40, 25), box(60, -25, 90, -5)].map((place) => ({ probability: 0.7, box: place })),
    });
    expect(edges.map(({ writing }) => writing.kind)).toEqual(['ink', 'ink']);
  });

  it('gives words beside the corner of a decision to its arrow', () => {
    const { nodes, edges } = readPhoto({
      kind: 'detected',
      shapes: [
        { label: 'decision', probability: 0.9, box: box(0, 0, 100, 100) },
        { label: 'task', probability: 0.9, box: box(160, 20, 260, 80) },
      ],
      arrows: [
        {
          label: 'sequenceFlow',
          probability: 0.9,
          box: box(100, 48, 160, 52),
          tail: [100, 50],
          head: [160, 50],
          ends: 0.9,
        },
      ],
      words: [{ probability: 0.7, box: box(80, 24, 108, 40) }],
    });
    expect(nodes.map(({ writing }) => writing.kind)).toEqual(['none', 'none']);
    expect(edges.map(({ writing }) => writing.kind)).toEqual(['ink']);
  });
});

describe('joinArrows', () => {
  it('finds the same joins whatever the order of shapes and arrows', () => {
    fc.assert(
      fc.property(seeds, fc.infiniteStream(fc.nat()), (plan, keys) => {
        const { shapes, arrows } = detected(plan);
        const shuffled = <T>(all: readonly T[]): T[] =>
          all
            .map((each) => ({ each, key: keys.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ each }) => each);
        const joined = (all: typeof shapes, of: typeof arrows) =>
          new Map(
            joinArrows(all, of).map(({ source, target }, at) => [of[at]!, [all[source ?? -1], all[target ?? -1]]]),
          );
        const [first, second] = [joined(shapes, arrows), joined(shuffled(shapes), shuffled(arrows))];
        for (const arrow of arrows) expect(second.get(arrow)).toEqual(first.get(arrow));
      }),
    );
  });

  it('leaves an end alone that no shape is near to', () => {
    const { shapes, arrows } = detected(planFlowchart(seededRng('far')));
    const far = [arrows[0]!.head[0] + 5_000, arrows[0]!.head[1] + 5_000] as const;
    expect(joinArrows(shapes, [{ ...arrows[0]!, head: far }])[0]).toMatchObject({ source: 0, target: null });
  });

  it('never joins a shape with itself', () => {
    const box = { left: 0, top: 0, right: 100, bottom: 60 };
    const arrow = { label: 'sequenceFlow', probability: 1, box, tail: [50, 30], head: [60, 30], ends: 1 } as const;
    const [join] = joinArrows([{ label: 'task', probability: 1, box }], [arrow]);
    expect(join!.source === null || join!.source !== join!.target).toBe(true);
  });

  it('takes what stands in a pool rather than the pool, and the pool where nothing else is near', () => {
    const pool = { label: 'participant', probability: 1, box: { left: 0, top: 0, right: 1_000, bottom: 300 } };
    const task = { label: 'task', probability: 1, box: { left: 400, top: 240, right: 520, bottom: 298 } };
    const arrow = (x: number) => {
      const box = { left: x, top: 300, right: x, bottom: 400 };
      return { label: 'messageFlow', probability: 1, box, tail: [x, 400], head: [x, 301], ends: 1 } as const;
    };
    expect(joinArrows([pool, task], [arrow(460), arrow(800)]).map(({ target }) => target)).toEqual([1, 0]);
  });
});
