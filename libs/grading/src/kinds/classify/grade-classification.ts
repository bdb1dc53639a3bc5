import type { LabelProbability } from '#libs/models';
import type { Polygon } from '../../model/geometry.js';
import type { CriterionScore } from '../../model/grading-result.js';
import type { Classify } from './classify.js';

/** The one criterion of this kind: what the picture shows. */
export const criterionId = 'class';

/** What a label earns: all points for the one that is asked for, a share where the teacher gives one, else nothing. */
export function pointsFor({ expected, points, others }: Classify, label: string): number {
  if (label === expected) return points;
  const share = others.find((other) => other.label === label)?.share ?? 0;
  return Math.round(points * share * 1e4) / 1e4;
}

/**
 * The score that a judgement gives, with the probability of its label as confidence; null for no judgement.
 * @param regions outline of the picture
 */
export function criterionOf(
  specification: Classify,
  judged: LabelProbability | null,
  regions: readonly Polygon[],
): CriterionScore {
  const { expected, points, skill, others } = specification;
  const label = judged?.label ?? null;
  const message = others.find((other) => other.label === label)?.message;
  const isRight = label === expected;
  return {
    criterionId,
    label: expected,
    points,
    awarded: label === null ? 0 : pointsFor(specification, label),
    confidence: judged?.probability ?? 0,
    error: isRight ? null : label === null ? 'missing' : 'wrong-class',
    evidence: { markIds: [], regions: isRight ? [] : regions },
    hint:
      isRight || label === null
        ? null
        : { key: 'wrong-class', parameters: { seen: label, ...(message !== undefined && { message }) } },
    skill,
  };
}

/** The score of a picture that shows none of the things that the model knows: nothing, for a person to see. */
export function offTopicCriterion(specification: Classify, regions: readonly Polygon[]): CriterionScore {
  return { ...criterionOf(specification, null, []), error: 'wrong-class', evidence: { markIds: [], regions } };
}
