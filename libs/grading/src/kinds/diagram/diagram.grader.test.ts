import { describe, expect, it } from 'vitest';
import { dangerousSystemActor } from '#libs/identity';
import type { DetectedDrawing, DetectorFigures, NotDetected } from '../../drawing.ports.js';
import type { PhotoQuality } from '../../photo.ports.js';
import { DiagramGrader } from './diagram.grader.js';
import { diagramSchema } from './diagram.js';

const common = { points: 2, skill: 'flowcharts', hints: { orient: 'Look.', point: 'There.', show: 'So.' } };
const specification = diagramSchema.parse({
  kind: 'diagram',
  version: 1,
  canvas: { width: 400, height: 400 },
  photo: true,
  nodes: [
    { id: 'wash', type: 'process', label: 'Wash', ...common },
    { id: 'ripe', type: 'decision', ...common },
  ],
  edges: [{ id: 'wash-ripe', source: 'wash', target: 'ripe', ...common }],
});

const box = (top: number) => ({ left: 100, top, right: 220, bottom: top + 60 });
const seen: DetectedDrawing = {
  kind: 'detected',
  shapes: [
    { label: 'task', probability: 0.97, box: box(20) },
    { label: 'decision', probability: 0.8, box: box(200) },
  ],
  arrows: [
    {
      label: 'sequenceFlow',
      probability: 0.99,
      box: { left: 160, top: 80, right: 160, bottom: 200 },
      tail: [160, 82],
      head: [160, 198],
      ends: 0.9,
    },
  ],
  words: [{ probability: 0.9, box: { left: 130, top: 40, right: 190, bottom: 60 } }],
};
const clear: PhotoQuality = { brightest: 90, contrast: 70, blur: 1 };

function grade(
  given: {
    readonly drawing?: DetectedDrawing | NotDetected;
    readonly quality?: PhotoQuality;
    readonly figures?: DetectorFigures;
    readonly photo?: boolean;
  } = {},
) {
  const { drawing = seen, quality = clear, figures = { shapes: 0.5, arrows: 0.5 }, photo = true } = given;
  const detector = { detect: () => Promise.resolve(drawing), figures: () => Promise.resolve(figures) };
  const sheet = { kind: 'picture', bytes: new Uint8Array(), width: 400, height: 400 } as const;
  const measure = () => Promise.resolve({ kind: 'measured', quality, findings: [] } as const);
  return new DiagramGrader(detector, { measure }).grade({
    actor: dangerousSystemActor('018f3b9e-7c1d-7000-8000-000000000001'),
    courseId: 'course',
    specification: { ...specification, photo },
    template: null,
    marks: [],
    pictures: [sheet],
    file: sheet,
  });
}

describe('a diagram on a photo', () => {
  it('is scored by its own grader, with boxes on the photo as evidence', async () => {
    expect(await grade()).toMatchObject({ kind: 'graded', grader: { name: 'diagram-photo' }, total: 6, maximum: 6 });
    const [arrow] = seen.arrows;
    const turned = { ...seen, arrows: [{ ...arrow!, tail: arrow!.head, head: arrow!.tail }] };
    const result = await grade({ drawing: turned });
    expect(result).toMatchObject({ total: 5 });
    const lost = result.kind === 'graded' ? result.criteria.find(({ error }) => error !== null) : undefined;
    expect(lost).toMatchObject({ criterionId: 'wash-ripe', error: 'reversed', evidence: { markIds: [] } });
    expect(lost!.evidence.regions[0]!.map(([, y]) => y)).toEqual([80, 80, 200, 200]);
  });

  it('is never surer than the detector, nor than somebody who cannot read', async () => {
    const result = await grade();
    const confidences = result.kind === 'graded' ? result.criteria.map(({ confidence }) => confidence) : [];
    expect(confidences).toEqual([0.5, 0.8, 0.9]);
  });

  it('is provisional until the detector meets its bar', async () => {
    expect(await grade()).toMatchObject({ isProvisional: true });
    expect(await grade({ figures: { shapes: 0.95, arrows: 0.8 } })).toMatchObject({ isProvisional: true });
    expect(await grade({ figures: { shapes: 0.95, arrows: 0.9 } })).toMatchObject({ isProvisional: false });
  });

  it('is not scored where it cannot be read, and its learner hears what to do', async () => {
    const told = { kind: 'ungraded', reason: 'photo-unusable' };
    expect(await grade({ quality: { ...clear, brightest: 20 } })).toMatchObject({
      ...told,
      detail: expect.stringContaining('dark'),
    });
    expect(await grade({ quality: { ...clear, blur: 20 } })).toMatchObject({
      ...told,
      detail: expect.stringContaining('blurred'),
    });
    expect(await grade({ drawing: { ...seen, shapes: [], arrows: [] } })).toMatchObject({
      ...told,
      detail: expect.stringContaining('dark pen'),
    });
  });

  it('is tried again where the detector is busy, and given up where it is broken', async () => {
    const failed = (reason: NotDetected['reason']): NotDetected => ({ kind: 'not-detected', reason, detail: '' });
    expect(await grade({ drawing: failed('busy') })).toMatchObject({ reason: 'photo-unmeasured', isPassing: true });
    expect(await grade({ drawing: failed('broken') })).toMatchObject({ reason: 'photo-unmeasured', isPassing: false });
    expect(await grade({ drawing: failed('unreadable') })).toMatchObject({ reason: 'photo-unusable' });
  });

  it('is a blank canvas with a picture beside it where no photo is asked for', async () => {
    expect(await grade({ photo: false })).toMatchObject({ grader: { name: 'diagram' }, total: 0, flags: ['blank'] });
  });
});
