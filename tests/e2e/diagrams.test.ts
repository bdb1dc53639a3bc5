import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, graphql, mustAsk, newId } from '../support/api.js';
import { aDiagram, drawnDiagram } from '../support/flowchart.js';
import { heard } from '../support/heard.js';
import { ModelSchool } from '../support/model-school.js';

const submission = `query ($id: UUID!) { submission(id: $id) { state failure
  scores { grader total maximum flags criteria { criterionId awarded points error regions markIds hint { key parameters } } } } }`;

const form = { kind: 'strokes', width: 400, height: 500 };

describe('a diagram, from drawing it to its score', () => {
  let place: ModelSchool;
  let assignmentId: string;

  beforeAll(async () => {
    place = await ModelSchool.open('diagram-school');
    assignmentId = (await place.assign(aDiagram, { form })).id as string;
  }, 60_000);
  afterAll(() => place?.close());

  const submit = async (marks: object[], event: 'score.settled' | 'score.deferred') => {
    const socket = await place.connect('/learn', place.learner);
    const told = heard(socket);
    const body = { id: newId(), assignmentId, marks: marks as ReturnType<typeof drawnDiagram>, at: Date.now() };
    await mustAsk(socket, '/learn', 'work.submit', body);
    await told.next(event);
    const answer = await graphql(place.api.url, submission, { token: place.learner.token, variables: { id: body.id } });
    return answer.data!['submission'];
  };

  it('is right wherever it stands, and scored at once', async () => {
    const seen = await submit(drawnDiagram(), 'score.settled');
    expect(seen).toMatchObject({ state: 'graded', scores: [{ grader: 'diagram', total: 5, maximum: 5, flags: [] }] });
  });

  it('tells an arrow that points the wrong way, and shows which', async () => {
    const { scores } = await submit(drawnDiagram({ isReversed: true }), 'score.settled');
    const lost = scores[0].criteria.filter(({ error }: { error: string | null }) => error !== null);
    expect(lost).toMatchObject([
      {
        criterionId: 'sort-eat',
        awarded: 0.5,
        error: 'reversed',
        hint: { key: 'reversed', parameters: { label: 'Ripe? → Eat' } },
        markIds: expect.arrayContaining(['second-shaft', 'second-head']),
      },
    ]);
    expect(lost[0].regions).toHaveLength(1);
  });

  it('lets nothing blank pass without a teacher', async () => {
    const seen = await submit([], 'score.deferred');
    expect(seen).toMatchObject({ state: 'needs-review', scores: [{ total: 0, flags: ['blank'] }] });
  });

  it('refuses what lies off the canvas, and a key whose arrow leads to nothing', async () => {
    const socket = await place.connect('/learn', place.learner);
    const marks = [{ id: 'far', label: 'Eat', shape: { kind: 'point' as const, x: 900, y: 20 } }];
    const told = await ask(socket, '/learn', 'work.submit', { id: newId(), assignmentId, marks, at: Date.now() });
    expect(told).toMatchObject({ code: 'INVALID_INPUT' });
    const edges = [{ ...aDiagram.edges[0]!, target: 'nowhere' }];
    const { issues } = await place.createActivity({ ...aDiagram, edges }, form);
    expect(issues).toMatchObject([{ message: 'There is no node "nowhere".' }]);
  });
});
