import type { ConsultModels, Opinion } from '#libs/models';
import type { Polygon } from '../../model/geometry.js';
import type { GradingResult, JudgedByModel } from '../../model/grading-result.js';
import { Grader, ungraded, type Ungraded, type WorkToGrade } from '../../ports.js';
import type { Classify } from './classify.js';
import { criterionId, criterionOf, pointsFor } from './grade-classification.js';

/** Has the course's model say what a picture shows. Where the model is not sure, a teacher looks: it is never scored as nothing. */
export class ClassifyGrader extends Grader<Classify> {
  override readonly kind = 'classify';

  constructor(private readonly models: Pick<ConsultModels, 'execute'>) {
    super();
  }

  override async grade({
    actor,
    courseId,
    specification,
    file,
  }: WorkToGrade<Classify>): Promise<GradingResult | Ungraded> {
    if (file?.kind !== 'picture') return ungraded('file-missing');
    const { model: name } = specification;
    const consultation = await this.models.execute(actor, { courseId, name, picture: file.bytes });
    if (consultation.kind === 'no-model') return ungraded('no-model');
    const { active, shadows } = consultation;
    const judgements = [active, ...shadows].map((opinion) => judgementOf(specification, opinion));
    if (active.refusal !== null) {
      const isPassing = !['broken', 'unsupported'].includes(active.refusal.reason);
      return ungraded('model-failed', { isPassing, cause: active.refusal.detail });
    }
    const top = active.ranked[0]!;
    if (active.abstains) return ungraded('model-unsure', { judgements });
    const criterion = criterionOf(specification, top, [outlineOf(file)]);
    return {
      kind: 'graded',
      grader: { name: 'classify', version: 1, modelId: active.modelId },
      total: criterion.awarded,
      maximum: criterion.points,
      confidence: criterion.confidence,
      criteria: [criterion],
      extras: [],
      flags: [],
      judgements,
      isForPracticeOnly: active.isSynthetic,
      report: null,
    };
  }
}

function judgementOf(specification: Classify, { modelId, ranked, abstains, refusal }: Opinion): JudgedByModel {
  const top = ranked[0];
  if (refusal !== null || top === undefined) {
    return { modelId, criterionId, label: null, probability: null, awarded: null };
  }
  const { label, probability } = top;
  const awarded = abstains ? null : pointsFor(specification, label);
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
