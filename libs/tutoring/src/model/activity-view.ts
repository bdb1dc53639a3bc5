import { speak, type ActivityContent } from '#libs/learning';
import {
  explain,
  explanationLanguage,
  type ExplanationAudience,
  type InterventionReason,
  type Reason,
  type Telling,
} from '#libs/recommendation';
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
  activity: Omit<CatalogueActivity, 'number' | 'difficulty' | 'sensingCeiling' | 'archived'>,
  languages: readonly string[],
): ActivityView {
  const { language, content } = speak(activity, languages);
  return {
    activityId: activity.id,
    version: activity.version,
    kind: activity.kind,
    modality: activity.modality,
    language,
    minutes: activity.minutes,
    skillIds: activity.skillIds,
    title: content.title,
    body: content.body,
    media: content.media,
    form: content.form,
    hintCount: content.hints.length,
  };
}

/** A recommendation with its activity, and why, as data; the reason is put into words by `explain`. */
export interface Recommendation {
  readonly decisionId: string;
  readonly activity: ActivityView;
  readonly reason: DecisionRecord['reason'];
  /** One sentence for the learner. */
  readonly because: string;
}

/** An offer of help with its material, or of a break. */
export interface Offer {
  readonly interventionId: string;
  readonly trigger: InterventionRecord['trigger'];
  /** One sentence for the learner. */
  readonly because: string;
  /** Null for a break. */
  readonly activity: ActivityView | null;
  /** Length of a break; null for an activity. */
  readonly breakMinutes: number | null;
}

/** Finds words for skills and activities of a course. */
export function namesIn(catalogue: CourseCatalogue, languages: readonly string[]): Telling['names'] {
  return {
    skillName: (skillId) => catalogue.skillNames.get(skillId) ?? skillId,
    activityName: (activityId) => {
      const activity = catalogue.activities.get(activityId);
      return activity === undefined ? activityId : speak(activity, languages).content.title;
    },
  };
}

/** Says why in words, in the first of the languages that the catalogue of messages has. */
export function becauseOf(
  catalogue: CourseCatalogue,
  reason: Reason | InterventionReason,
  languages: readonly string[],
  audience: ExplanationAudience = 'learner',
): string {
  return explain(reason, namesIn(catalogue, languages), explanationLanguage(languages), audience);
}
