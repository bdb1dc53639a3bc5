import { describe, expect, it } from 'vitest';
import { activityContentSchema, type ActivityContent, type Modality } from '#libs/learning';
import { needsOf } from './needs-of.js';

function content(more: object = {}): ActivityContent {
  const nothing = { title: 'Title', body: 'Body.', form: { kind: 'none' }, key: { kind: 'none' } };
  return activityContentSchema.parse({ ...nothing, ...more });
}

const film = { src: 'https://films.example/mitosis.mp4', alternativeText: 'A cell divides' };
const captions = [{ language: 'en', text: 'WEBVTT\n' }];

describe('what an activity takes of a learner', () => {
  it.each<[Modality, object, string[]]>([
    ['text', {}, []],
    ['picture', { media: [{ src: 'media/cell.png', alternativeText: 'A cell' }] }, []],
    ['text', { form: { kind: 'order', items: [a('x'), a('y')] }, key: { kind: 'order', correct: ['x', 'y'] } }, []],
    ['drawing', { form: { kind: 'marks', image: 'cell.png' }, key: { kind: 'marks', specification: {} } }, ['sight']],
    [
      'drawing',
      {
        form: { kind: 'marks', image: 'cell.png', places: [{ id: 'a', description: 'The round body' }] },
        key: { kind: 'marks', specification: {} },
      },
      [],
    ],
    [
      'drawing',
      { form: { kind: 'strokes', width: 100, height: 100 }, key: { kind: 'strokes', specification: {} } },
      [],
    ],
    ['drawing', {}, ['drawing']],
    ['interactive', {}, ['pointer']],
    ['video', { media: [film] }, ['hearing', 'sight']],
    ['video', { media: [{ ...film, captions }] }, ['sight']],
    ['video', { media: [{ ...film, transcript: 'A cell divides.' }] }, []],
    ['audio', { media: [film] }, ['hearing']],
    ['audio', { media: [{ ...film, captions }] }, []],
  ])('%s %j: %j', (modality, more, needs) => {
    expect([...needsOf(modality, content(more))].sort()).toEqual(needs);
  });
});

function a(id: string): object {
  return { id, text: id };
}
