import type { CriterionScore } from '../model/grading-result.js';

/** Says on which photo the regions of a criterion lie. @param photo from 1; undefined where there is one only */
export function onPhoto(criterion: CriterionScore, photo: number | undefined): CriterionScore {
  return photo === undefined ? criterion : { ...criterion, evidence: { ...criterion.evidence, photo } };
}
