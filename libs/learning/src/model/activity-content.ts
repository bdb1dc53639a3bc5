import { z } from 'zod';
import { markLimits } from '#libs/kernel';
import { languageTagSchema } from './language-tag.js';

/** What an activity asks of a learner. */
export const activityKinds = [
  'exercise',
  'explanation',
  'worked-example',
  'video',
  'interactive',
  'visual-assignment',
] as const;
export type ActivityKind = (typeof activityKinds)[number];

/** Through which channel an activity speaks, for choosing another kind of material and for accommodations. */
export const modalities = ['text', 'picture', 'audio', 'video', 'interactive', 'drawing'] as const;
export type Modality = (typeof modalities)[number];

/** Who decides whether a response is right. Only a trusted service may send `correct` itself (`client`). */
export const gradedByValues = ['attune', 'client'] as const;
export type GradedBy = (typeof gradedByValues)[number];

const text = z.string().trim().min(1).max(20_000);
const shortText = z.string().trim().min(1).max(500);
const optionId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'use lower-case letters, digits and dashes');

/** What is said in a film or a sound, in one language, as WebVTT. */
const captionsSchema = z.strictObject({
  language: languageTagSchema,
  text: z
    .string()
    .max(50_000)
    .regex(/^\uFEFF?WEBVTT(?:[ \t][^\r\n]*)?(?:\r?\n|$)/, 'must be WebVTT: its first line is WEBVTT'),
});

/**
 * A picture, sound or film that belongs to a body. `src` names a picture of the course as `media/<name>`; films and
 * sounds are not kept here, but linked: `https://…`.
 */
export const mediaSchema = z.strictObject({
  src: z.string().min(1).max(300),
  alternativeText: shortText,
  /** A legend to a picture. */
  caption: shortText.optional(),
  captions: z
    .array(captionsSchema)
    .min(1)
    .max(20)
    .refine((given) => new Set(given.map(({ language }) => language)).size === given.length, 'one for each language')
    .optional(),
  transcript: text.optional(),
});

const optionSchema = z.strictObject({ id: optionId, text: shortText });

/** What a project can be handed in as. */
export const projectFiles = ['predictions', 'package'] as const;
/** What a file that is handed in holds. */
export type WorkFile = 'picture' | (typeof projectFiles)[number];

/** Pictures that one piece of work may have at most. */
export const picturesAtMost = 8;

/** What the learner may answer with. It is shown to learners, so it holds no key. */
const answerFormSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('choice'), options: z.array(optionSchema).min(2).max(12) }),
  z.strictObject({ kind: z.literal('choices'), options: z.array(optionSchema).min(2).max(12) }),
  z.strictObject({ kind: z.literal('number'), unit: z.string().max(20).optional() }),
  z.strictObject({ kind: z.literal('text'), maxLength: z.int().min(1).max(500).default(80) }),
  z.strictObject({ kind: z.literal('order'), items: z.array(optionSchema).min(2).max(12) }),
  z.strictObject({
    kind: z.literal('marks'),
    image: z.string().min(1).max(300),
    places: z
      .array(z.strictObject({ id: optionId, description: shortText }))
      .max(60)
      .optional()
      .refine((given = []) => new Set(given.map(({ id }) => id)).size === given.length, 'names one of them twice')
      .describe('The places to be named, in words that do not name them: for who works by keyboard or does not see.'),
  }),
  z
    .strictObject({
      kind: z.literal('picture'),
      atMost: z
        .int()
        .min(1)
        .max(picturesAtMost)
        .optional()
        .describe('How many pictures one work may have; 1 if not said.'),
      readings: z
        .array(z.strictObject({ id: optionId, label: shortText, unit: z.string().max(20).optional() }))
        .max(20)
        .optional()
        .describe('What is counted or measured on it, by the id of its criterion, so that it can be told in words.'),
    })
    .describe('A picture of the learner’s own: a photo, or a drawing; or several.'),
  z
    .strictObject({
      kind: z.literal('strokes'),
      width: z.int().min(16).max(markLimits.imageSide),
      height: z.int().min(16).max(markLimits.imageSide),
      image: z.string().min(1).max(300).optional().describe('A picture of the course to draw on, such as axes.'),
    })
    .describe('A drawing on a canvas of this size, in pixels.'),
  z
    .strictObject({
      kind: z.literal('file'),
      accepts: z
        .array(z.enum(projectFiles))
        .min(1)
        .refine((given) => new Set(given).size === given.length, 'names one of them twice')
        .describe('predictions: a table as CSV. package: a trained model, as a package.'),
      attempts: z.int().min(1).max(20).default(5).describe('That each learner has: every one tells a little.'),
    })
    .describe('What a project hands in.'),
]);
export type AnswerForm = z.infer<typeof answerFormSchema>;

/** The right answer. It never reaches a learner's client. */
const answerKeySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('choice'), correct: optionId }),
  z.strictObject({ kind: z.literal('choices'), correct: z.array(optionId).min(1) }),
  z.strictObject({ kind: z.literal('number'), value: z.number(), tolerance: z.number().min(0).default(0) }),
  z.strictObject({ kind: z.literal('text'), accepted: z.array(shortText).min(1) }),
  z.strictObject({ kind: z.literal('order'), correct: z.array(optionId).min(2) }),
  z.strictObject({ kind: z.literal('marks'), specification: z.record(z.string(), z.unknown()) }),
  z.strictObject({ kind: z.literal('picture'), specification: z.record(z.string(), z.unknown()) }),
  z.strictObject({ kind: z.literal('file'), specification: z.record(z.string(), z.unknown()) }),
  z.strictObject({ kind: z.literal('strokes'), specification: z.record(z.string(), z.unknown()) }),
]);
export type AnswerKey = z.infer<typeof answerKeySchema>;

/** The forms that work is handed in for, as visual assignments ask for it. */
export const workForms = ['marks', 'strokes', 'picture', 'file'] as const;
export type WorkForm = (typeof workForms)[number];

/** Whether a form or a key is one of handed-in work. */
export function isWork<T extends { readonly kind: string }>(form: T): form is Extract<T, { kind: WorkForm }> {
  return (workForms as readonly string[]).includes(form.kind);
}

/** What may be handed in with work of a form, beside marks; nothing where it is marks alone. */
export function filesOf(form: AnswerForm): readonly WorkFile[] {
  if (form.kind === 'picture') return ['picture'];
  return form.kind === 'file' ? form.accepts : [];
}

/** What a learner sends in; the wire schema is in contracts. `done` closes an activity that asks nothing. */
export type Answer =
  | { readonly kind: 'done' }
  | { readonly kind: 'choice'; readonly option: string }
  | { readonly kind: 'choices'; readonly options: readonly string[] }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'order'; readonly items: readonly string[] };

/** A known wrong answer and what to say to it. `answer` is matched like a key. */
const misconceptionSchema = z.strictObject({
  id: optionId,
  answer: z.union([optionId, z.number(), z.array(optionId), z.strictObject({ text: shortText })]),
  feedback: text,
});

const feedbackSchema = z.strictObject({ right: text.optional(), wrong: text.optional() });

/** An activity in another language. What a translation leaves out is spoken in the language of the activity. */
const translationSchema = z.strictObject({
  title: shortText,
  body: text,
  hints: z.array(text).max(5).default([]),
  options: z.record(optionId, shortText).default({}),
  feedback: feedbackSchema.default({}),
  /** What to say to each known mistake, by its id. */
  misconceptions: z.record(optionId, text).default({}),
  /** Descriptions of places, and labels of readings, by their ids. */
  places: z.record(optionId, shortText).default({}),
  /** By `src`. */
  media: z.record(z.string().min(1).max(300), mediaSchema.omit({ src: true })).default({}),
});

/** The fields of {@link activityContentSchema}, before the rules that hold between them. */
export const activityContentFields = z.strictObject({
  title: shortText,
  body: text.describe('Markdown; maths between $ signs'),
  media: z.array(mediaSchema).max(10).default([]),
  form: answerFormSchema,
  key: answerKeySchema,
  hints: z.array(text).max(5).default([]).describe('in steps: orient, point, show'),
  feedback: feedbackSchema.default({}),
  misconceptions: z.array(misconceptionSchema).max(12).default([]),
  translations: z.record(languageTagSchema, translationSchema).default({}),
  gradedBy: z.enum(gradedByValues).default('attune'),
});

/** Everything that one immutable version of an activity says and knows. */
export const activityContentSchema = activityContentFields.superRefine((content, context) => {
  const complain = (message: string, path: (string | number)[]): void =>
    context.addIssue({ code: 'custom', message, path });
  if (content.form.kind !== content.key.kind) {
    complain(`The form asks for "${content.form.kind}" but the key is for "${content.key.kind}".`, ['key', 'kind']);
    return;
  }
  const known = optionsOf(content.form);
  for (const option of correctOptionsOf(content.key)) {
    if (!known.has(option)) complain(`The key names the option "${option}", which the form does not have.`, ['key']);
  }
  if (content.key.kind === 'order' && content.key.correct.length !== known.size) {
    complain('The key must order every item of the form.', ['key', 'correct']);
  }
  for (const [language, translation] of Object.entries(content.translations)) {
    const place = ['translations', language];
    const spoken = {
      options: known,
      misconceptions: new Set(content.misconceptions.map(({ id }) => id)),
      places: new Set(placesOf(content.form)),
      media: new Set(content.media.map(({ src }) => src)),
    };
    for (const part of ['options', 'misconceptions', 'places', 'media'] as const) {
      for (const id of Object.keys(translation[part])) {
        if (!spoken[part].has(id)) complain(`There is no "${id}" to translate.`, [...place, part, id]);
      }
    }
    if (translation.hints.length > content.hints.length) {
      complain('There are more hints than the activity has.', [...place, 'hints']);
    }
  }
});
export type ActivityContent = z.infer<typeof activityContentSchema>;

function optionsOf(form: AnswerForm): Set<string> {
  if (form.kind === 'choice' || form.kind === 'choices') return new Set(form.options.map((option) => option.id));
  if (form.kind === 'order') return new Set(form.items.map((item) => item.id));
  return new Set();
}

function placesOf(form: AnswerForm): string[] {
  if (form.kind === 'marks') return (form.places ?? []).map(({ id }) => id);
  return form.kind === 'picture' ? (form.readings ?? []).map(({ id }) => id) : [];
}

function correctOptionsOf(key: AnswerKey): string[] {
  if (key.kind === 'choice') return [key.correct];
  if (key.kind === 'choices' || key.kind === 'order') return key.correct;
  return [];
}
