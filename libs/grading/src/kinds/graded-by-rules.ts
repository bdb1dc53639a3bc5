import type { CriterionScore, GradingResult } from '../model/grading-result.js';

/** What a grader found that asks no model: its points added up, and no surer than its least sure criterion. */
export function gradedByRules(
  name: string,
  criteria: readonly CriterionScore[],
  {
    extras = [],
    flags = [],
    isProvisional = false,
  }: Partial<Pick<GradingResult, 'extras' | 'flags' | 'isProvisional'>> = {},
): GradingResult {
  return {
    kind: 'graded',
    grader: { name, version: 1, modelId: null },
    total: criteria.reduce((sum, { awarded }) => sum + awarded, 0),
    maximum: criteria.reduce((sum, { points }) => sum + points, 0),
    confidence: Math.min(...criteria.map(({ confidence }) => confidence)),
    criteria,
    extras,
    flags,
    judgements: [],
    isForPracticeOnly: false,
    isProvisional,
    report: null,
  };
}

/** A criterion for which nothing is known. */
export function blankCriterion(criterion: {
  readonly id: string;
  readonly label: string;
  readonly points: number;
  readonly skill: string;
}): CriterionScore {
  const { id: criterionId, label, points, skill } = criterion;
  const evidence = { markIds: [], regions: [] };
  return { criterionId, label, points, awarded: 0, confidence: 0, error: 'missing', evidence, hint: null, skill };
}
