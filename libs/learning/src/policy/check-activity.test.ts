import { describe, expect, it } from 'vitest';
import { isFailure } from '#libs/kernel';
import { WorkSpecification } from '../ports.js';
import { checkActivity, type ActivityDraftInput } from './check-activity.js';

const surroundings = { skillIds: new Set(['one', 'two']), pictures: new Set(['a.png']) };

/** Knows one right specification. */
class OneSpecification extends WorkSpecification {
  override issuesOf(_form: object, specification: unknown): { path: string; message: string }[] {
    return (specification as { right?: boolean }).right ? [] : [{ path: 'parts.0', message: 'is missing' }];
  }
}

const aDraft = (more: Partial<ActivityDraftInput> = {}): ActivityDraftInput => ({
  kind: 'exercise',
  modality: 'text',
  language: 'en',
  difficulty: 0,
  minutes: 1,
  skillIds: ['one'],
  content: { title: 'T', body: 'B', form: { kind: 'number' }, key: { kind: 'number', value: 1 } },
  ...more,
});
const aDrawing = (specification: object) =>
  aDraft({
    kind: 'visual-assignment',
    modality: 'drawing',
    content: {
      title: 'T',
      body: 'B',
      form: { kind: 'marks', image: 'media/a.png' },
      key: { kind: 'marks', specification },
    },
  });
const check = (draft: ActivityDraftInput) => checkActivity(draft, surroundings, new OneSpecification());
const pathsOf = (draft: ActivityDraftInput): string[] | undefined => {
  const outcome = check(draft);
  return isFailure(outcome) ? outcome.issues?.map(({ path }) => path) : [];
};

describe('the check of an activity', () => {
  it('gives what was left out its default, and names each skill once', () => {
    expect(check(aDraft({ skillIds: ['one', 'two', 'one'] }))).toMatchObject({
      skillIds: ['one', 'two'],
      content: { hints: [], key: { tolerance: 0 }, gradedBy: 'attune' },
    });
  });

  it.each<[string[], Partial<ActivityDraftInput>]>([
    [['kind'], { kind: 'quiz' }],
    [['language'], { language: 'English' }],
    [['difficulty', 'minutes'], { difficulty: Number.NaN, minutes: 0 }],
    [['skillIds'], { skillIds: [] }],
    [['skillIds.1'], { skillIds: ['one', 'three'] }],
    [['content'], { content: null }],
    [['content.form.kind'], { kind: 'visual-assignment' }],
  ])('names the place: %j', (paths, wrong) => {
    expect(pathsOf(aDraft(wrong))).toEqual(paths);
  });

  const withMedia = (...media: object[]) =>
    aDraft({ content: { title: 'T', body: 'B', media, form: { kind: 'none' }, key: { kind: 'none' } } });
  const aMedium = (src: string, more: object = {}) => ({ src, alternativeText: 'It.', ...more });

  it('knows the pictures of the course, and lets films be linked', () => {
    expect(pathsOf(withMedia(aMedium('media/a.png'), aMedium('https://films.test/a.mp4')))).toEqual([]);
    for (const src of ['media/b.png', 'a.png', 'http://films.test/a.mp4', 'javascript:alert(1)', '//films.test/a.mp4'])
      expect(pathsOf(withMedia(aMedium('media/a.png'), aMedium(src))), src).toEqual(['content.media.1.src']);
    for (const image of ['media/b.png', 'https://films.test/a.png']) {
      const drawing = aDrawing({ right: true });
      const content = { ...(drawing.content as object), form: { kind: 'marks', image } };
      expect(pathsOf({ ...drawing, content }), image).toEqual(['content.form.image']);
    }
    expect(pathsOf(withMedia({ src: 'media/a.png' }))).toEqual(['content.media.0.alternativeText']);
  });

  it('asks for captions or a transcript of films and sounds', () => {
    const film = 'https://films.test/a.mp4';
    const captions = [{ language: 'en', text: 'WEBVTT\n\n00:00.000 --> 00:02.000\nThis is a cell.\n' }];
    for (const heard of [{ modality: 'video' }, { modality: 'audio' }, { kind: 'video' }]) {
      expect(pathsOf({ ...withMedia(aMedium(film)), ...heard })).toEqual(['content.media']);
      expect(pathsOf({ ...withMedia(), ...heard })).toEqual(['content.media']);
      expect(pathsOf({ ...withMedia(aMedium(film, { captions })), ...heard })).toEqual([]);
      expect(pathsOf({ ...withMedia(aMedium(film, { transcript: 'This is a cell.' })), ...heard })).toEqual([]);
    }
    const wrong = (text: string) => pathsOf(withMedia(aMedium(film, { captions: [{ language: 'en', text }] })));
    for (const text of ['', 'This is a cell.', 'WEBVTTish'])
      expect(wrong(text), text).toEqual(['content.media.0.captions.0.text']);
    expect(pathsOf(withMedia(aMedium(film, { captions: [...captions, ...captions] })))).toEqual([
      'content.media.0.captions',
    ]);
  });

  it('leaves the specification of a drawing to those who mark it', () => {
    expect(pathsOf(aDrawing({ right: true }))).toEqual([]);
    expect(pathsOf(aDrawing({}))).toEqual(['content.key.specification.parts.0']);
    expect(pathsOf({ ...aDrawing({ right: true }), kind: 'exercise' })).toEqual(['content.form.kind']);
  });
});
