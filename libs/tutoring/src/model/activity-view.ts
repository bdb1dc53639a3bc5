import type { ActivityContent } from '#libs/learning';
import { explain } from '#libs/recommendation';
import type { CatalogueActivity, CourseCatalogue } from './course-catalogue.js';
import type { DecisionRecord, InterventionRecord } from './records.js';

/** An activity as a learner may see it: without key, hints, feedback and misconceptions. */
export interface ActivityView {
  readonly activityId: string;
  readonly version: number;
  readonly kind: CatalogueActivity['kind'];
  readonly modality: CatalogueActivity['modality'];
  readonly language: string;
  readonly minutes: number;
  readonly skillIds: readonly string[];
  readonly title: string;
  /** Markdown with maths between $ signs. */
  readonly body: string;
  readonly media: ActivityContent['media'];
  readonly form: ActivityContent['form'];
  readonly hintCount: number;
}

/** Leaves out what a learner must not see, and speaks her language where a translation is there. */
export function toActivityView(
  activity: Omit<CatalogueActivity, 'number' | 'difficulty' | 'archived'>,
  languages: readonly string[] = [],
): ActivityView {
  const { content } = activity;
  const language = languages.find((wanted) => wanted !== activity.language && content.translations[wanted]);
  const translation = language === undefined ? undefined : content.translations[language];
  return {
    activityId: activity.id,
    version: activity.version,
    kind: activity.kind,
    modality: activity.modality,
    language: language ?? activity.language,
    minutes: activity.minutes,
    skillIds: activity.skillIds,
    title: translation?.title ?? content.title,
    body: translation?.body ?? content.body,
    media: content.media,
    form: translation ? translateForm(content.form, translation.options) : content.form,
    hintCount: content.hints.length,
  };
}

function translateForm(
  form: ActivityContent['form'],
  texts: Readonly<Record<string, string>>,
): ActivityContent['form'] {
  const translate = <T extends { id: string; text: string }>(option: T): T => ({
    ...option,
    text: texts[option.id] ?? option.text,
  });
  if (form.kind === 'choice' || form.kind === 'choices') return { ...form, options: form.options.map(translate) };
  if (form.kind === 'order') return { ...form, items: form.items.map(translate) };
  return form;
}

/** A recommendation with its activity, and why, as data; the reason is put into words by `explain`. */
export interface Recommendation {
  readonly decisionId: string;
  readonly activity: ActivityView;
  readonly reason: DecisionRecord['reason'];
  /** One sentence for the learner. */
  readonly because: string;
}

/** An offer of help with its material. */
export interface Offer {
  readonly interventionId: string;
  readonly trigger: InterventionRecord['trigger'];
  readonly activity: ActivityView;
}

/** Puts a recommendation together for the learner, in her language where the catalogue of messages has it. */
export function toRecommendation(
  catalogue: CourseCatalogue,
  decision: DecisionRecord,
  activity: ActivityView,
  languages: readonly string[],
): Recommendation {
  const language = languages.some((wanted) => wanted.toLowerCase().startsWith('zh')) ? 'zh-CN' : 'en';
  const skillName = (skillId: string): string => catalogue.skillNames.get(skillId) ?? skillId;
  const because = explain(decision.reason, { skillName }, language, 'learner');
  return { decisionId: decision.id, activity, reason: decision.reason, because };
}
