import { describe, expect, it } from 'vitest';
import { activityContentSchema, type ActivityContent } from '../model/activity-content.js';
import { speak } from './speak.js';

const written = {
  title: 'One',
  body: 'How many?',
  media: [
    { src: 'media/one.png', alternativeText: 'one', caption: 'One.' },
    { src: 'media/two.png', alternativeText: 'two' },
  ],
  form: {
    kind: 'choice',
    options: [
      { id: 'a', text: 'A' },
      { id: 'b', text: 'B' },
    ],
  },
  key: { kind: 'choice', correct: 'a' },
  hints: ['Look.', 'Count.'],
  feedback: { right: 'Yes.', wrong: 'No.' },
  misconceptions: [{ id: 'mixed-up', answer: 'b', feedback: 'You took B for A.' }],
};
const german = {
  title: 'Eins',
  body: 'Wie viele?',
  hints: ['Sieh hin.', 'Zähle.'],
  options: { a: 'Ah', b: 'Be' },
  feedback: { right: 'Ja.', wrong: 'Nein.' },
  misconceptions: { 'mixed-up': 'Du hast B für A gehalten.' },
  media: { 'media/one.png': { alternativeText: 'eins', caption: 'Eins.' } },
};
const content = activityContentSchema.parse({
  ...written,
  translations: { de: german, 'zh-CN': { title: '一', body: '多少？', hints: ['看。'] } },
});
const activity = { content, language: 'en' };
const languageFor = (...wanted: string[]): string => speak(activity, wanted).language;

describe('an activity in the language of a learner', () => {
  it('is translated in all its parts, and asks for the same', () => {
    const { language, content: spoken } = speak(activity, ['de', 'en']);
    expect(language).toBe('de');
    expect(spoken).toEqual({
      ...content,
      title: 'Eins',
      body: 'Wie viele?',
      media: [
        { src: 'media/one.png', alternativeText: 'eins', caption: 'Eins.' },
        { src: 'media/two.png', alternativeText: 'two' },
      ],
      form: {
        kind: 'choice',
        options: [
          { id: 'a', text: 'Ah' },
          { id: 'b', text: 'Be' },
        ],
      },
      hints: ['Sieh hin.', 'Zähle.'],
      feedback: { right: 'Ja.', wrong: 'Nein.' },
      misconceptions: [{ id: 'mixed-up', answer: 'b', feedback: 'Du hast B für A gehalten.' }],
    });
  });

  it('keeps what the translation leaves out, also one that was stored before it could say more', () => {
    const old = { title: '一', body: '多少？' } as ActivityContent['translations'][string];
    for (const translations of [content.translations, { 'zh-CN': old }]) {
      const { content: spoken } = speak({ content: { ...content, translations }, language: 'en' }, ['zh-CN']);
      expect(spoken).toMatchObject({ title: '一', form: written.form, feedback: written.feedback });
      expect(spoken.hints[1]).toBe('Count.');
    }
  });

  it('is in the first language that is there, her own before a translation that she wants less', () => {
    expect(languageFor('fr', 'zh-CN', 'de')).toBe('zh-CN');
    expect(languageFor('en', 'de')).toBe('en');
    expect(languageFor('de-AT')).toBe('de');
    expect(languageFor('zh')).toBe('zh-CN');
    expect(languageFor('zh-TW')).toBe('en');
    expect(languageFor()).toBe('en');
  });

  it('cannot translate what is not there', () => {
    const wrong = [
      { options: { c: 'Ce' } },
      { misconceptions: { other: 'Nein.' } },
      { media: { 'media/three.png': { alternativeText: 'drei' } } },
      { hints: ['1', '2', '3'] },
    ];
    for (const part of wrong) {
      const translations = { de: { ...german, ...part } };
      const { error } = activityContentSchema.safeParse({ ...written, translations });
      expect(
        error?.issues.map(({ path }) => path.slice(0, 3)),
        JSON.stringify(part),
      ).toEqual([['translations', 'de', Object.keys(part)[0]]]);
    }
  });
});
