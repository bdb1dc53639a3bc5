import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { drawFlowchart, type PlannedFlowchart } from '#libs/grading';
import { photograph, someCamera } from '#libs/imaging';
import { ModelSchool } from '../support/model-school.js';
import { Painting } from '../support/painting.js';

const criterion = {
  points: 1,
  skill: 'shapes',
  hints: { orient: 'Look above.', point: 'What comes first?', show: 'Wash.' },
};
const specification = {
  kind: 'diagram',
  version: 1,
  canvas: { width: 600, height: 800 },
  photo: true,
  // the detector tells types of flowcharts badly yet: docs/performance.md
  counts: { types: false },
  nodes: [
    { id: 'begin', type: 'terminator', label: 'Begin', ...criterion },
    { id: 'wash', type: 'process', label: 'Wash', ...criterion },
    { id: 'ripe', type: 'decision', label: 'Ripe?', ...criterion },
    { id: 'eat', type: 'data', label: 'Eat', ...criterion },
  ],
  edges: [
    { id: 'begin-wash', source: 'begin', target: 'wash', ...criterion },
    { id: 'wash-ripe', source: 'wash', target: 'ripe', ...criterion },
    { id: 'ripe-eat', source: 'ripe', target: 'eat', ...criterion },
  ],
};
const form = { kind: 'strokes', width: 600, height: 800 };

/** What answers it, drawn on paper; the last arrow may point the wrong way. */
function plan(isReversed: boolean): PlannedFlowchart {
  const at = (number: number) => 90 + 190 * number;
  const sizes = { terminator: [150, 70], process: [170, 80], decision: [150, 110], data: [170, 75] } as const;
  const figures = specification.nodes.map(({ id, type }, number) => {
    const [width, height] = sizes[type as keyof typeof sizes];
    return { id, type: type as keyof typeof sizes, x: 300, y: at(number), width, height, isWritten: true };
  });
  const arrows = specification.edges.map(({ id, source, target }, number) => {
    const [from, to] = [figures[number]!, figures[number + 1]!];
    const way = [[300, from.y + from.height / 2] as const, [300, to.y - to.height / 2] as const];
    return { id, source, target, way: isReversed && number === 2 ? way.toReversed() : way, isLabelled: false };
  });
  return { figures, arrows };
}

const hand = {
  wobble: 0.8,
  slip: 0.02,
  sides: 4,
  head: 'vee',
  headSize: 20,
  letter: 22,
  isCursive: false,
  terminator: 'stadium',
  distance: 5,
  spacing: 8,
} as const;

async function photo(seed: string, isReversed = false) {
  const rng = seededRng(seed);
  const camera = { ...someCamera(rng), side: 1_000, blur: 0.6, squares: null, paper: 215, ink: 60, pen: 3 };
  return photograph(drawFlowchart(plan(isReversed), hand, rng).strokes, camera, rng);
}

describe('a diagram on a photo, from handing it in to its score', () => {
  let place: ModelSchool;
  const assignments: Record<'practice' | 'graded' | 'onScreen', string> = { practice: '', graded: '', onScreen: '' };

  beforeAll(async () => {
    place = await ModelSchool.open('photo-diagram-school');
    assignments.practice = (await place.assign(specification, { form })).id;
    assignments.graded = (await place.assign(specification, { form, stakes: 'graded' })).id;
    assignments.onScreen = (await place.assign({ ...specification, photo: false }, { form })).id;
  }, 60_000);
  afterAll(() => place?.close());

  it('is read, scored, and left to a teacher, for nobody has read its words', async () => {
    const { picture } = await photo('right');
    const work = await place.graded(assignments.practice, Buffer.from(picture));
    expect(work).toMatchObject({
      state: 'needs-review',
      scores: [{ grader: 'diagram-photo', total: 7, maximum: 7, flags: [] }],
    });
    expect(work.scores[0].confidence).toBeLessThan(0.75);
  });

  it('shows on the photo the arrow that points the wrong way', async () => {
    const { picture, place: on } = await photo('reversed', true);
    const work = await place.graded(assignments.practice, Buffer.from(picture));
    const lost = work.scores[0].criteria.filter(({ error }: { error: string | null }) => error !== null);
    expect(lost).toMatchObject([{ criterionId: 'ripe-eat', awarded: 0.5, error: 'reversed' }]);
    const [, y] = on([300, 565]);
    const heights = lost[0].regions[0].map(([, height]: [number, number]) => height);
    expect(Math.min(...heights)).toBeLessThan(y);
    expect(Math.max(...heights)).toBeGreaterThan(y);
  });

  it('that counts waits for the teacher, and its learner sees no score', async () => {
    const { picture } = await photo('counts');
    const work = await place.graded(assignments.graded, Buffer.from(picture));
    expect(work).toMatchObject({ state: 'needs-review', scores: [{ grader: 'diagram-photo' }] });
    expect(await place.readSubmission(work.id, place.learner)).toMatchObject({ state: 'awaiting-teacher', scores: [] });
  });

  it('is told what to do where the photo is dark, blurred or empty', async () => {
    const dark = await place.graded(assignments.practice, await new Painting(600, 800, [20, 20, 20]).noise(2, 1).png());
    expect(dark).toMatchObject({ state: 'needs-review', failure: 'photo-unusable', scores: [] });
    expect(dark.failureDetail).toContain('too dark');
    const lined = new Painting(600, 800, [220, 220, 220]).shade((x) => 1 - 0.5 * x).noise(3, 2);
    const empty = await place.graded(assignments.practice, await lined.png());
    expect(empty).toMatchObject({ failure: 'photo-unusable', scores: [] });
  });

  it('is only a picture beside the strokes where the specification allows no photo', async () => {
    const { picture } = await photo('beside');
    const work = await place.graded(assignments.onScreen, Buffer.from(picture));
    expect(work).toMatchObject({ scores: [{ grader: 'diagram', total: 0, flags: ['blank'] }] });
  });
});
