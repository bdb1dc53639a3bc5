import { fail, isFailure, type Failure } from '#libs/kernel';
import { isManager, type Actor, type AuditLog, type UnitOfWork } from '#libs/identity';
import { demandTeaching, type CourseAccess, type CourseRepository } from '#libs/learning';
import { sensingModes, type CeilingScope, type SensingLimit, type SensingMode } from '../model/sensing.js';
import { lawLimits } from '../policy/resolve-sensing.js';
import type { SensedPlace, SensingRepository, SensingSettings } from '../ports.js';

export interface SensingCeilingInput {
  readonly scope: CeilingScope;
  /** Of the course, activity or learner, or of the institution itself. */
  readonly subjectId: string;
  /** Null takes the ceiling away. */
  readonly mode: SensingMode | null;
}

const nowhere = fail('NOT_FOUND', 'subjectId: there is no such institution, course, activity or learner for you.');

/**
 * Sets the most that may be done: administrators and services everywhere, teachers in their courses, and a learner for herself. What
 * the law forbids cannot be set, so that nobody believes that it was allowed.
 */
export class SetSensingCeiling {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly courses: CourseRepository,
    private readonly sensing: SensingRepository,
    private readonly audit: AuditLog,
  ) {}

  async execute(actor: Actor, input: SensingCeilingInput): Promise<SensingCeilingInput | Failure> {
    const { scope, subjectId, mode } = input;
    return this.unitOfWork.run(actor, async () => {
      const settings = await this.sensing.findSettings(placeOf(input));
      if (settings === null) return nowhere;
      const refused = await this.whyRefused(actor, input, settings);
      if (refused !== null) return refused;
      if (settings.ceilings[scope] === mode) return input;
      await this.sensing.setCeiling(scope, subjectId, mode);
      // what is chosen with stands in the copies that processes keep of a course
      if (scope === 'activity') await this.courses.raiseRevision(settings.courseId!);
      const details = { scope, mode, before: settings.ceilings[scope] };
      await this.audit.record(actor, {
        action: 'sensing.ceiling-set',
        objectKind: scope,
        objectId: subjectId,
        details,
      });
      return input;
    });
  }

  private async whyRefused(
    actor: Actor,
    { scope, subjectId, mode }: SensingCeilingInput,
    { institution, courseId }: SensingSettings,
  ): Promise<Failure | null> {
    if (scope === 'institution' && subjectId !== actor.institutionId) return nowhere;
    if (!isManager(actor)) {
      const refused =
        courseId !== null
          ? await demandTeaching(this.access, actor, courseId)
          : scope === 'learner' && subjectId === actor.userId
            ? null
            : fail('FORBIDDEN', 'Only administrators and services set this; a learner sets her own ceiling.');
      if (isFailure(refused)) return refused;
    }
    const forbidden = mode === null ? undefined : lawLimits(institution).find((limit) => isBeyond(mode, limit.most));
    return forbidden === undefined ? null : fail('FORBIDDEN_BY_LAW', sentenceOf(forbidden));
  }
}

function placeOf({ scope, subjectId }: SensingCeilingInput): SensedPlace {
  return {
    courseId: scope === 'course' ? subjectId : null,
    activityId: scope === 'activity' ? subjectId : null,
    learnerId: scope === 'learner' ? subjectId : null,
  };
}

function isBeyond(mode: SensingMode, most: SensingMode): boolean {
  return sensingModes.indexOf(mode) > sensingModes.indexOf(most);
}

/** Why the law leaves no more, in a sentence for whoever wanted it. */
export function sentenceOf(limit: SensingLimit): string {
  if (limit.by === 'law') return `${limit.rule.title} (${limit.rule.id}: ${limit.rule.source.title})`;
  return 'Nobody has recorded that the law of this place was looked into: the operator does so with `attune institution set`.';
}
