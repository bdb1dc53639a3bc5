import type { ConsultModels, Opinion } from '#libs/models';
import type { Polygon } from '../../model/geometry.js';
import type { CriterionScore, GradingResult, JudgedByModel } from '../../model/grading-result.js';
import { Grader, ungraded, type Ungraded, type WorkToGrade } from '../../ports.js';
import type { Classify } from './classify.js';
import { onPhoto } from '../on-photo.js';
import { criterionId, criterionOf, offTopicCriterion, pointsFor } from './grade-classification.js';

/**
 * Has the course's model say what a picture shows, or several pictures of the same. Where the model is not sure, a teacher looks: it is never scored as nothing. A
 * picture of something else earns nothing until a teacher has looked, however sure the model would be.
 */
export class ClassifyGrader extends Grader<Classify> {
  override readonly kind = 'classify';

  constructor(private readonly models: Pick<ConsultModels, 'execute'>) {
    super();
  }

  override async grade({
    actor,
    courseId,
    specification,
    pictures,
  }: WorkToGrade<Classify>): Promise<GradingResult | Ungraded> {
    if (pictures.length === 0) return ungraded('file-missing');
    const { model: name } = specification;
    const consultation = await this.models.execute(actor, {
      courseId,
      name,
      pictures: pictures.map(({ bytes }) => bytes),
    });
    if (consultation.kind === 'no-model') return ungraded('no-model');
    const { active, shadows } = consultation;
    const judgements = [active, ...shadows].map((opinion) => judgementOf(specification, opinion));
    if (active.refusal !== null) {
      const isPassing = !['broken', 'unsupported'].includes(active.refusal.reason);
      return ungraded('model-failed', { isPassing, cause: active.refusal.detail });
    }
    const top = active.ranked[0]!;
    const { surest } = active;
    const outline = outlineOf(pictures[surest]!);
    const photo = pictures.length > 1 ? surest + 1 : undefined;
    if (active.isOffTopic) {
      return resultOf(active, onPhoto(offTopicCriterion(specification, [outline]), photo), judgements, ['off-topic']);
    }
    if (active.abstains) return ungraded('model-unsure', { judgements });
    return resultOf(active, onPhoto(criterionOf(specification, top, [outline]), photo), judgements, []);
  }
}

function resultOf(
  { modelId, isSynthetic }: Opinion,
  criterion: CriterionScore,
  judgements: readonly JudgedByModel[],
  flags: GradingResult['flags'],
): GradingResult {
  return {
    kind: 'graded',
    grader: { name: 'classify', version: 1, modelId },
    total: criterion.awarded,
    maximum: criterion.points,
    confidence: criterion.confidence,
    criteria: [criterion],
    extras: [],
    flags,
    judgements,
    isForPracticeOnly: isSynthetic,
    isProvisional: false,
    report: null,
  };
}

function judgementOf(specification: Classify, opinion: Opinion): JudgedByModel {
  const { modelId, ranked, abstains, isOffTopic, refusal } = opinion;
  const top = ranked[0];
  if (refusal !== null || top === undefined) {
    return { modelId, criterionId, label: null, probability: null, awarded: null };
  }
  const { label, probability } = top;
  const awarded = abstains || isOffTopic ? null : pointsFor(specification, label);
  return { modelId, criterionId, label, probability, awarded };
}

function outlineOf({ width, height }: { readonly width: number; readonly height: number }): Polygon {
  return [
    [0, 0],
    [width, 0],
    [width, height],
    [0, height],
  ];
}
