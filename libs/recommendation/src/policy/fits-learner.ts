import { coversLanguage } from '#libs/learning';
import type { ActivityNeed, Candidate, LearnerNeeds } from '../model/choice.js';

/** Why a learner cannot be given an activity: its modality, its language, or something it takes that she cannot do. */
export type Misfit = 'modality' | 'language' | ActivityNeed;

/** Whether a learner can be given an activity: in a language that she reads, and taking nothing that she cannot do. */
export function fitsLearner(candidate: Candidate, learner: LearnerNeeds): boolean {
  return misfitOf(candidate, learner) === null;
}

/** The first reason why a learner cannot be given an activity; null when she can. A translation counts as a language. */
export function misfitOf(candidate: Candidate, learner: LearnerNeeds): Misfit | null {
  if (learner.excludedModalities.includes(candidate.modality)) return 'modality';
  for (const need of candidate.needs ?? []) if (!canDo(need, learner)) return need;
  return readsIt(candidate, learner) ? null : 'language';
}

function readsIt({ language, translations = [] }: Candidate, { languages }: LearnerNeeds): boolean {
  if (languages.length === 0) return true;
  return languages.some(
    (one) => coversLanguage(one, language) || translations.some((other) => coversLanguage(one, other)),
  );
}

/** A screen reader is worked by keyboard. Hearing is not a setting of its own: who cannot hear excludes audio. */
function canDo(need: ActivityNeed, learner: LearnerNeeds): boolean {
  const { keyboardOnly = false, noDrawing = false, screenReader = false, excludedModalities } = learner;
  switch (need) {
    case 'drawing':
      return !(noDrawing || keyboardOnly || screenReader || excludedModalities.includes('drawing'));
    case 'pointer':
      return !(keyboardOnly || screenReader);
    case 'sight':
      return !screenReader;
    case 'hearing':
      return !excludedModalities.includes('audio');
  }
}
