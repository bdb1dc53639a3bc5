import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import type { Mark } from '../../model/marks.js';
import { diagramSchema, type Diagram } from './diagram.js';
import { marksOf, neatHand, type DiagramSketch } from './draw-diagram.js';
import { gradeDiagram } from './grade-diagram.js';

const hints = { orient: 'Read the task again.', point: 'What comes after the input?', show: 'The sum.' };
const common = { points: 1, skill: 'flowcharts', hints };

/** Reads a number, adds it up while there are more, and prints the sum. */
const specification: Diagram = diagramSchema.parse({
  kind: 'diagram',
  version: 1,
  canvas: { width: 800, height: 800 },
  nodes: [
    { id: 'start', type: 'terminator', label: 'Start', ...common },
    { id: 'read', type: 'data', label: 'Read number', synonyms: ['Input number'], ...common },
    { id: 'more', type: 'decision', label: 'More?', ...common },
    { id: 'add', type: 'process', label: 'Add to sum', ...common },
    { id: 'print', type: 'data', label: 'Print sum', ...common },
    { id: 'end', type: 'terminator', label: 'End', ...common },
  ],
  edges: [
    { id: 'start-read', source: 'start', target: 'read', ...common },
    { id: 'read-more', source: 'read', target: 'more', ...common },
    { id: 'yes', source: 'more', target: 'add', label: 'Yes', ...common },
    { id: 'back', source: 'add', target: 'read', ...common },
    { id: 'no', source: 'more', target: 'print', label: 'No', ...common },
    { id: 'print-end', source: 'print', target: 'end', ...common },
  ],
});

const right: DiagramSketch = {
  figures: [
    { id: 'start', type: 'terminator', label: 'Start', x: 250, y: 70, width: 130, height: 60 },
    { id: 'read', type: 'data', label: 'Read number', x: 250, y: 210, width: 170, height: 65 },
    { id: 'more', type: 'decision', label: 'More?', x: 250, y: 370, width: 150, height: 100 },
    { id: 'add', type: 'process', label: 'Add to sum', x: 560, y: 370, width: 160, height: 70 },
    { id: 'print', type: 'data', label: 'Print sum', x: 250, y: 530, width: 170, height: 65 },
    { id: 'end', type: 'terminator', label: 'End', x: 250, y: 680, width: 130, height: 60 },
  ],
  arrows: [
    {
      id: 'start-read',
      source: 'start',
      target: 'read',
      label: '',
      way: [
        [250, 100],
        [250, 177],
      ],
    },
    {
      id: 'read-more',
      source: 'read',
      target: 'more',
      label: '',
      way: [
        [250, 243],
        [250, 320],
      ],
    },
    {
      id: 'yes',
      source: 'more',
      target: 'add',
      label: 'Yes',
      way: [
        [325, 370],
        [480, 370],
      ],
    },
    {
      id: 'back',
      source: 'add',
      target: 'read',
      label: '',
      way: [
        [560, 335],
        [560, 210],
        [335, 210],
      ],
    },
    {
      id: 'no',
      source: 'more',
      target: 'print',
      label: 'No',
      way: [
        [250, 420],
        [250, 497],
      ],
    },
    {
      id: 'print-end',
      source: 'print',
      target: 'end',
      label: '',
      way: [
        [250, 563],
        [250, 650],
      ],
    },
  ],
};

const nodeIds = specification.nodes.map(({ id }) => id);
const edgeIds = specification.edges.map(({ id }) => id);

function draw(sketch: DiagramSketch, seed: string): Mark[] {
  const rng = seededRng(seed);
  return marksOf(sketch, neatHand(rng), rng);
}

/** The criteria that lost something, with what was wrong. */
function lossesOf(marks: Mark[]): Record<string, string | null> {
  const { criteria } = gradeDiagram(specification, marks);
  const lost = criteria.filter(({ awarded, points }) => awarded < points);
  return Object.fromEntries(lost.map(({ criterionId, error }) => [criterionId, error]));
}

interface Perturbation {
  readonly name: string;
  readonly sketch: (rng: () => number) => { readonly sketch: DiagramSketch; readonly losses: Record<string, string> };
}

function one<T>(all: readonly T[], rng: () => number): T {
  return all[Math.floor(rng() * all.length)]!;
}

function changed<T extends { readonly id: string }>(all: readonly T[], id: string, change: (each: T) => T): T[] {
  return all.map((each) => (each.id === id ? change(each) : each));
}

const perturbations: readonly Perturbation[] = [
  { name: 'nothing', sketch: () => ({ sketch: right, losses: {} }) },
  {
    name: 'an arrow is missing',
    sketch: (rng) => {
      const id = one(edgeIds, rng);
      return {
        sketch: { ...right, arrows: right.arrows.filter((each) => each.id !== id) },
        losses: { [id]: 'missing' },
      };
    },
  },
  {
    name: 'a figure is missing, and its arrow with it',
    sketch: () => ({
      sketch: {
        figures: right.figures.filter(({ id }) => id !== 'end'),
        arrows: right.arrows.filter(({ id }) => id !== 'print-end'),
      },
      losses: { end: 'missing', 'print-end': 'missing' },
    }),
  },
  {
    name: 'a figure has another name',
    sketch: (rng) => {
      const id = one(nodeIds, rng);
      const figures = changed(right.figures, id, (each) => ({ ...each, label: 'Something else' }));
      return { sketch: { ...right, figures }, losses: { [id]: 'right-place-wrong-name' } };
    },
  },
  {
    name: 'a name is misspelt',
    sketch: () => ({
      sketch: { ...right, figures: changed(right.figures, 'read', (each) => ({ ...each, label: 'Read numbre' })) },
      losses: { read: 'misspelt' },
    }),
  },
  {
    name: 'an arrow points the other way',
    sketch: (rng) => {
      const id = one(edgeIds, rng);
      const arrows = changed(right.arrows, id, (each) => ({ ...each, way: each.way.toReversed() }));
      return { sketch: { ...right, arrows }, losses: { [id]: 'reversed' } };
    },
  },
  {
    name: 'a figure has another type',
    sketch: (rng) => {
      const id = one(['start', 'read', 'add', 'print', 'end'], rng);
      const type = id === 'add' ? 'data' : 'process';
      return {
        sketch: { ...right, figures: changed(right.figures, id, (each) => ({ ...each, type })) },
        losses: { [id]: 'wrong-type' },
      };
    },
  },
  {
    name: 'a branch has no label',
    sketch: (rng) => {
      const id = one(['yes', 'no'], rng);
      const arrows = changed(right.arrows, id, (each) => ({ ...each, label: '' }));
      return { sketch: { ...right, arrows }, losses: { [id]: 'unlabelled' } };
    },
  },
  {
    name: 'an arrow leads nowhere',
    sketch: () => {
      const way = [
        [325, 370],
        [325 + 170, 370 + 200],
      ] as const;
      const arrows = changed(right.arrows, 'yes', (each) => ({ ...each, way }));
      return { sketch: { ...right, arrows }, losses: { yes: 'dangling' } };
    },
  },
];

describe('gradeDiagram', () => {
  it('gives everything for a right drawing, however it is put down', () => {
    const result = gradeDiagram(specification, draw(right, 'right'));
    expect(result).toMatchObject({ total: 12, maximum: 12, flags: [], extras: [] });
    expect(result.criteria.every(({ error }) => error === null)).toBe(true);
  });

  it.each(perturbations)('where $name, tells it and takes points for that alone', ({ name, sketch }) => {
    const works = 12;
    let exact = 0;
    for (let work = 0; work < works; work++) {
      const rng = seededRng(`${name}/${work}`);
      const { sketch: drawn, losses } = sketch(rng);
      if (JSON.stringify(sorted(lossesOf(marksOf(drawn, neatHand(rng), rng)))) === JSON.stringify(sorted(losses)))
        exact++;
    }
    expect(exact / works).toBeGreaterThanOrEqual(0.9);
  });

  it('scores the same whatever the order of the marks', () => {
    const seeds = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(seeds, fc.constantFrom(...perturbations), fc.infiniteStream(fc.nat()), (seed, { sketch }, keys) => {
        const marks = draw(sketch(seededRng(seed)).sketch, seed);
        const shuffled = marks
          .map((mark) => ({ mark, key: keys.next().value as number }))
          .sort((a, b) => a.key - b.key)
          .map(({ mark }) => mark);
        expect(gradeDiagram(specification, shuffled)).toEqual(gradeDiagram(specification, marks));
      }),
      { numRuns: 15 },
    );
  });

  it('leaves words in ink to a teacher, and takes nothing for them', () => {
    const marks = draw(right, 'ink').map((mark): Mark => {
      if (mark.id !== 'l-read' || mark.shape.kind !== 'point') return mark;
      const { x, y } = mark.shape;
      const points = Array.from({ length: 9 }, (_, at): [number, number] => [
        x - 24 + 6 * at,
        y + (at % 2 === 0 ? -8 : 8),
      ]);
      return { id: mark.id, label: '', shape: { kind: 'stroke', points } };
    });
    const { total, confidence, criteria } = gradeDiagram(specification, marks);
    expect(total).toBe(12);
    expect(confidence).toBeLessThan(0.75);
    expect(criteria.find(({ criterionId }) => criterionId === 'read')).toMatchObject({ error: null, awarded: 1 });
    expect(criteria.find(({ criterionId }) => criterionId === 'read')!.confidence).toBeLessThan(0.75);
  });

  it('shows the strokes that a loss rests on', () => {
    const arrows = changed(right.arrows, 'yes', (each) => ({ ...each, way: each.way.toReversed() }));
    const { criteria } = gradeDiagram(specification, draw({ ...right, arrows }, 'evidence'));
    const { evidence, hint } = criteria.find(({ criterionId }) => criterionId === 'yes')!;
    expect(evidence.markIds.length).toBeGreaterThanOrEqual(2);
    expect(evidence.regions).toHaveLength(1);
    expect(hint).toEqual({ key: 'reversed', parameters: { label: 'More? → Add to sum' } });
  });

  it('does not pay for arrows between everything and everything', () => {
    const extra = {
      id: 'x',
      source: 'more',
      target: 'end',
      label: '',
      way: [
        [212, 400],
        [120, 400],
        [120, 680],
        [180, 680],
      ],
    } as const;
    const marks = draw({ ...right, arrows: [...right.arrows, extra] }, 'extra');
    const { total, criteria } = gradeDiagram(specification, marks);
    expect(total).toBe(11.5);
    expect(criteria.filter(({ error }) => error === 'extra')).toHaveLength(1);
  });

  it('flags what is blank, and what is about something else', () => {
    expect(gradeDiagram(specification, [])).toMatchObject({ total: 0, flags: ['blank'], confidence: 0.2 });
    const points = Array.from({ length: 60 }, (_, at): [number, number] => [300 + 2 * at, 300 + 80 * Math.sin(at / 3)]);
    const wave: Mark = { id: 'w', label: '', shape: { kind: 'stroke', points } };
    expect(gradeDiagram(specification, [wave])).toMatchObject({ total: 0, flags: ['off-topic'] });
  });

  it('takes nothing for what does not count', () => {
    const counts = { types: false, directions: false, labels: false };
    const figures = right.figures.map(
      (figure) => ({ ...figure, label: '', type: figure.id === 'add' ? 'data' : figure.type }) as const,
    );
    const arrows = right.arrows.map((arrow) => ({ ...arrow, label: '', way: arrow.way.toReversed() }));
    expect(gradeDiagram({ ...specification, counts }, draw({ figures, arrows }, 'lax'))).toMatchObject({ total: 12 });
  });
});

function sorted(losses: Record<string, string | null>): [string, string | null][] {
  return Object.entries(losses).sort(([a], [b]) => (a < b ? -1 : 1));
}
