import type { ActivityContent } from '../model/activity-content.js';
import { coversLanguage } from '../model/language-tag.js';

/** What an activity says, and in which language. */
export interface SpokenContent {
  readonly language: string;
  readonly content: ActivityContent;
}

/**
 * Speaks an activity in the first of the wanted languages that it is there in, else in its own. What a translation
 * leaves out stays in the activity's own language; key, ids and rules are the same in all.
 */
export function speak(
  { content, language }: { readonly content: ActivityContent; readonly language: string },
  wanted: readonly string[],
): SpokenContent {
  const there = [language, ...Object.keys(content.translations)];
  for (const want of wanted) {
    const found = there.find((one) => one === want) ?? there.find((one) => coversLanguage(one, want));
    const translation = found === undefined ? undefined : content.translations[found];
    if (found !== undefined)
      return { language: found, content: translation ? translate(content, translation) : content };
  }
  return { language, content };
}

/** A stored version may be older than the later parts of a translation. */
type Translation = Pick<ActivityContent['translations'][string], 'title' | 'body'> &
  Partial<ActivityContent['translations'][string]>;

function translate(content: ActivityContent, translation: Translation): ActivityContent {
  const { title, body, hints = [], options = {}, feedback, misconceptions = {}, places = {}, media = {} } = translation;
  return {
    ...content,
    title,
    body,
    media: content.media.map((medium) => ({ ...medium, ...media[medium.src] })),
    form: translateForm(content.form, { ...options, ...places }),
    hints: content.hints.map((hint, index) => hints[index] ?? hint),
    feedback: { ...content.feedback, ...feedback },
    misconceptions: content.misconceptions.map((one) => ({
      ...one,
      feedback: misconceptions[one.id] ?? one.feedback,
    })),
  };
}

function translateForm(
  form: ActivityContent['form'],
  texts: Readonly<Record<string, string>>,
): ActivityContent['form'] {
  const translateOption = <T extends { id: string; text: string }>(option: T): T => ({
    ...option,
    text: texts[option.id] ?? option.text,
  });
  if (form.kind === 'choice' || form.kind === 'choices') return { ...form, options: form.options.map(translateOption) };
  if (form.kind === 'marks' && form.places !== undefined) {
    const places = form.places.map((place) => ({ ...place, description: texts[place.id] ?? place.description }));
    return { ...form, places };
  }
  if (form.kind === 'picture' && form.readings !== undefined) {
    return { ...form, readings: form.readings.map((one) => ({ ...one, label: texts[one.id] ?? one.label })) };
  }
  if (form.kind === 'order') return { ...form, items: form.items.map(translateOption) };
  return form;
}
