import { fringeAndBand, type Policy } from '#libs/recommendation';
import type { CourseCatalogue } from '../model/course-catalogue.js';

/** The policy of a course: the one there is, with the course's own threshold. */
export function policyOf(catalogue: CourseCatalogue): Policy {
  return { ...fringeAndBand, masteryThreshold: catalogue.masteryThreshold };
}
