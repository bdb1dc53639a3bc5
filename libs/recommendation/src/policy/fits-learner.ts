import type { Candidate, LearnerNeeds } from '../model/choice.js';

/** Whether a learner can be given an activity: in a language that she reads and not in a modality she cannot use. */
export function fitsLearner(candidate: Candidate, learner: LearnerNeeds): boolean {
  if (learner.excludedModalities.includes(candidate.modality)) return false;
  return learner.languages.length === 0 || learner.languages.some((language) => covers(language, candidate.language));
}

/** `en` and `en-GB` cover one another; `zh-CN` and `zh-TW` do not. */
function covers(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}-`) || b.startsWith(`${a}-`);
}
