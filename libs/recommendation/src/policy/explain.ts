import type { Reason } from '../model/choice.js';
import type { InterventionReason, InterventionTrigger } from '../model/intervention.js';
import { catalogues, type ExplanationLanguage } from '../words/catalogue.js';

export type ExplanationAudience = 'learner' | 'teacher';

/** Finds the words for a skill. */
export interface SkillNames {
  readonly skillName: (skillId: string) => string;
}

/** Triggers that come of an estimate of engagement, which is the learner's own. */
const ofEngagement: ReadonlySet<InterventionTrigger> = new Set(['confused', 'guessing', 'distracted', 'bored']);

/** Offers whose kind alone gives the estimate away. */
const telling: ReadonlySet<InterventionReason['code']> = new Set([
  'harder-exercise',
  'other-modality',
  'shorter-activity',
  'break',
]);

/**
 * States in words why an activity or an offer of help came: to the learner in one or two sentences about what she
 * can do now, to a teacher with the numbers that decided. With `shareEngagement` false a teacher is not told what was
 * estimated of her engagement.
 */
export function explain(
  reason: Reason | InterventionReason,
  names: SkillNames,
  language: ExplanationLanguage,
  audience: ExplanationAudience,
  { shareEngagement = true }: { readonly shareEngagement?: boolean } = {},
): string {
  const messages = catalogues[language];
  const skill = names.skillName(reason.skillId);
  if (!('trigger' in reason)) {
    return messages[audience][reason.code](
      reason,
      skill,
      reason.prerequisiteIds.map((id) => names.skillName(id)),
    );
  }
  const { code, trigger, forSkillId } = reason;
  const openings = audience === 'learner' ? messages.learnerOpenings : messages.teacherOpenings;
  const hidden = audience === 'teacher' && !shareEngagement && ofEngagement.has(trigger);
  if (hidden && isHiddenFromTeacher(reason)) return messages.unsharedOffer(skill);
  const opening = hidden ? messages.unsharedOpening : openings[trigger];
  return messages[audience][code](opening, reason, skill, names.skillName(forSkillId));
}

/** Whether an offer as a whole gives away what is estimated of a learner's engagement. */
export function isHiddenFromTeacher({ code, trigger }: InterventionReason): boolean {
  return ofEngagement.has(trigger) && telling.has(code);
}
