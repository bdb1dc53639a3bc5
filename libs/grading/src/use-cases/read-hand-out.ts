import { fail, isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { ReadTestSet } from '#libs/training';
import { readSpecification } from '../kinds/specification.js';
import type { ReadAssignments } from './read-assignments.js';

/** Lets those who see a project have its images. */
export class ReadHandOut {
  constructor(
    private readonly assignments: ReadAssignments,
    private readonly testSets: ReadTestSet,
  ) {}

  /** A learner gets nothing before the assignment opens. */
  async execute(actor: Actor, assignmentId: string): Promise<{ path: string; bytes: number } | Failure> {
    const assignment = await this.assignments.one(actor, assignmentId);
    if (isFailure(assignment)) return assignment;
    const pinned = (await this.assignments.activitiesOf(actor, [assignment])).get(assignment);
    const specification = pinned && readSpecification(pinned.content);
    if (specification === undefined || isFailure(specification) || specification.kind !== 'project') {
      return fail('NOT_FOUND', 'This assignment hands nothing out, or has not opened yet.');
    }
    return this.testSets.handOut(actor, assignment.courseId, specification.testSet);
  }
}
