import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, graphql, mustAsk, newId } from '../support/api.js';
import { aDiagram } from '../support/flowchart.js';
import { heard } from '../support/heard.js';
import { ModelSchool } from '../support/model-school.js';
import { drawPicture } from '../support/work.js';

const submission = `query ($id: UUID!) { submission(id: $id) { state failure marks
  scores { source grader total maximum criteria { criterionId awarded error markIds regions hint { key } } } } }`;

const hints = { orient: 'Look.', point: 'There.', show: 'So.' };
const criterion = { points: 2, skill: 'cells', hints };
const square = (left: number) => [
  [left, 10],
  [left + 40, 10],
  [left + 40, 50],
  [left, 50],
];
const cell = {
  kind: 'labelled-parts',
  version: 1,
  image: { width: 200, height: 100 },
  tolerance: 0.01,
  parts: [
    { ...criterion, id: 'nucleus', label: 'nucleus', place: 'a', polygons: [square(10)] },
    { ...criterion, id: 'wall', label: 'cell wall', place: 'b', polygons: [square(110)] },
  ],
};
const places = [
  { id: 'a', description: 'The dark ball in the middle.' },
  { id: 'b', description: 'The stiff frame all the way round.' },
];

describe('visual work that is told in words, by keyboard', () => {
  let place: ModelSchool;

  beforeAll(async () => {
    place = await ModelSchool.open('written-school');
  }, 60_000);
  afterAll(() => place?.close());

  const handIn = async (assignmentId: string, marks: object[], event: 'score.settled' | 'score.deferred') => {
    const socket = await place.connect('/learn', place.learner);
    const told = heard(socket);
    const id = newId();
    await mustAsk(socket, '/learn', 'work.submit', { id, assignmentId, marks: marks as never, at: Date.now() });
    await told.next(event);
    const answer = await graphql(place.api.url, submission, { token: place.learner.token, variables: { id } });
    return { id, ...answer.data!['submission'] };
  };

  it('earns under the same criteria what a drawing earns: a diagram', async () => {
    const { id: assignmentId } = await place.assign(aDiagram, { form: { kind: 'strokes', width: 400, height: 500 } });
    const marks = [
      { id: 'w', label: 'Wash', shape: { kind: 'figure', type: 'process' } },
      { id: 's', label: 'Ripe?', shape: { kind: 'figure', type: 'decision' } },
      { id: 'e', label: 'Eat', shape: { kind: 'figure', type: 'process' } },
      { id: 'ws', label: '', shape: { kind: 'arrow', from: 'w', to: 's' } },
      { id: 'es', label: 'Yes', shape: { kind: 'arrow', from: 'e', to: 's' } },
    ];
    const seen = await handIn(assignmentId as string, marks, 'score.settled');
    expect(seen).toMatchObject({ state: 'graded', scores: [{ grader: 'diagram-in-words', total: 4.5, maximum: 5 }] });
    const [score] = seen.scores;
    expect(score.criteria.filter(({ error }: { error: string | null }) => error !== null)).toMatchObject([
      { criterionId: 'sort-eat', error: 'reversed', markIds: ['es'], regions: [] },
    ]);
  });

  it('names the places of a picture that its form describes', async () => {
    const { courseId, teacher } = place.school;
    const kept = await fetch(`${place.api.url}/courses/${courseId}/media/cell.png`, {
      method: 'PUT',
      headers: { 'content-type': 'image/png', authorization: `Bearer ${teacher.token}` },
      body: new Uint8Array(await drawPicture()),
    });
    expect(kept.ok).toBe(true);
    const form = { kind: 'marks', image: 'media/cell.png', places };
    const { id: assignmentId } = await place.assign(cell, { form });
    const marks = [
      { id: '1', label: 'cell wall', shape: { kind: 'place', place: 'b' } },
      { id: '2', label: 'nuclues', shape: { kind: 'place', place: 'a' } },
    ];
    const seen = await handIn(assignmentId as string, marks, 'score.settled');
    expect(seen.scores).toMatchObject([
      { total: 3.5, criteria: [{ awarded: 1.5, error: 'misspelt', regions: [square(10)] }, { error: null }] },
    ]);
    const { issues } = await place.createActivity(cell, { ...form, places: places.slice(1) });
    expect(issues).toMatchObject([{ path: 'content.key.specification.parts.0.place' }]);
  });

  it('is read by a teacher where it is a description, and never scored as nothing', async () => {
    const { id: assignmentId } = await place.assign(
      { kind: 'classify', version: 1, model: 'No such model', expected: 'neutrophil', ...criterion },
      { form: { kind: 'picture' } },
    );
    const marks = [{ id: 't', label: '', shape: { kind: 'text', text: 'Three lobes, joined by threads.' } }];
    const seen = await handIn(assignmentId as string, marks, 'score.deferred');
    expect(seen).toMatchObject({ state: 'needs-review', scores: [], marks });
    expect(await place.readSubmission(seen.id)).toMatchObject({ failure: 'in-words' });
    const socket = await place.connect('/learn', place.learner);
    const both = { id: newId(), assignmentId, marks, fileId: newId(), at: Date.now() } as never;
    expect(await ask(socket, '/learn', 'work.submit', both)).toMatchObject({ kind: 'failure' });
  });
});
