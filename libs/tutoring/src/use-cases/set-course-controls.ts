import { fail, isFailure, isSameJson, type Failure } from '#libs/kernel';
import type { Actor, AuditLog } from '#libs/identity';
import { demandTeaching } from '#libs/learning';
import type { CourseControls } from '#libs/recommendation';
import type { ControlsOfCourse, SetControls } from '../model/course-controls.js';
import { checkSetControls } from '../policy/check-set-controls.js';
import { toControls } from '../policy/speak-of-controls.js';
import { describeControls, type ControlDependencies } from './read-course-controls.js';
import { noSuchCourse } from './refusals.js';

/** Controls that a teacher sets. */
export interface SetControlsInput extends SetControls {
  readonly courseId: string;
  /** The one that she has read; another that stands by now is not overwritten. */
  readonly version: number;
}

/** Replaces what the teachers of a course have set for choosing: all of it, or nothing. */
export class SetCourseControls {
  constructor(private readonly deps: ControlDependencies & { readonly audit: AuditLog }) {}

  /** Setting what stands already changes nothing, so a resend is harmless. */
  async execute(actor: Actor, { courseId, version, ...input }: SetControlsInput): Promise<ControlsOfCourse | Failure> {
    const { access, unitOfWork, controls, audit } = this.deps;
    return unitOfWork.run(actor, async () => {
      const refusal = await demandTeaching(access, actor, courseId);
      if (refusal !== null) return refusal;
      const stored = await controls.lockControls(courseId);
      if (stored === null) return noSuchCourse();
      const standing = await describeControls(this.deps, actor, courseId, stored);
      if (isFailure(standing)) return standing;
      const wanted = await this.check(actor, courseId, input, standing);
      if (isFailure(wanted)) return wanted;
      if (isSameJson(wanted, stored.controls)) return standing;
      if (version !== stored.version) return fail('CHANGED_SINCE');

      await controls.saveControls(courseId, wanted);
      const next = { version: stored.version + 1, controls: wanted };
      await audit.record(actor, {
        action: 'course-controls.set',
        objectKind: 'course',
        objectId: courseId,
        details: { version: next.version, ...sizesOf(wanted) },
      });
      return describeControls(this.deps, actor, courseId, next);
    });
  }

  private async check(
    actor: Actor,
    courseId: string,
    input: SetControls,
    standing: SetControls,
  ): Promise<CourseControls | Failure> {
    const { catalogues, controls, institutions } = this.deps;
    const catalogue = await catalogues.getCatalogue(actor, courseId, 'latest');
    if (catalogue === null) return noSuchCourse();
    const ids = [...new Set(input.pins.flatMap(({ learnerId }) => learnerId ?? []))];
    const learners = ids.length === 0 ? [] : await controls.listLearners(courseId, { ids });
    const learnerIds = new Set(learners.filter(({ learns }) => learns).map(({ id }) => id));
    const wrong = checkSetControls(input, { catalogue, learnerIds, standing });
    if (wrong !== null) return wrong;
    const { timeZone } = await institutions.getInstitution();
    return toControls(input, timeZone, new Map(learners.map(({ id, pseudonym }) => [id, pseudonym])));
  }
}

/** How much was set; of whom, the record of acts need not know. */
function sizesOf({ pinned, banned, order, due }: CourseControls) {
  return { pinned: pinned.length, banned: banned.length, order: order.length, due: due.length };
}
