import { coversLanguage } from '#libs/learning';
import type { Candidate, LearnerNeeds } from '../model/choice.js';

/** Whether a learner can be given an activity: in a language that she reads and not in a modality she cannot use. */
export function fitsLearner(candidate: Candidate, learner: LearnerNeeds): boolean {
  if (learner.excludedModalities.includes(candidate.modality)) return false;
  return (
    learner.languages.length === 0 || learner.languages.some((language) => coversLanguage(language, candidate.language))
  );
}
