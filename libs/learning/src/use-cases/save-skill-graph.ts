import {
  checkExternalKey,
  fail,
  isFailure,
  isSameJson,
  refuseInput,
  type ExternalKeyInput,
  type Failure,
  type FailureIssue,
} from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { findCycle } from '../policy/skill-order.js';
import type { Course, Skill } from '../ports.js';
import { lockAsTeacher, type LearningDependencies } from './dependencies.js';

/** One skill of the graph to be; its place in the list is its place in the teaching order. */
export interface SkillInput extends ExternalKeyInput {
  /** Of a skill that the course has, or made by the caller for a new one. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly prerequisiteIds: readonly string[];
}

export interface SavedSkillGraph {
  readonly kind: 'skill-graph';
  readonly course: Course;
  readonly skills: readonly Skill[];
}

/** Replaces the skills of a course and their prerequisites: all of it, or nothing. */
export class SaveSkillGraph {
  constructor(private readonly deps: LearningDependencies) {}

  async execute(actor: Actor, courseId: string, input: readonly SkillInput[]): Promise<SavedSkillGraph | Failure> {
    const { unitOfWork, courses, audit } = this.deps;
    return unitOfWork.run(actor, async () => {
      const course = await lockAsTeacher(this.deps, actor, courseId);
      if (isFailure(course)) return course;
      const wrong = checkGraph(input);
      if (wrong !== null) return wrong;
      const present = await courses.listSkills(courseId);
      const taken = refuseTakenKeys(present, input) ?? (await this.refuseTaken(courseId, present, input));
      if (taken !== null) return taken;

      const graph = mergeGraph(present, input);
      if (isSameJson(graph, present.map(asGraph))) return { kind: 'skill-graph', course, skills: present };
      await courses.saveSkillGraph(courseId, graph);
      await courses.raiseRevision(courseId);
      const [saved, skills] = [(await courses.findCourse(courseId))!, await courses.listSkills(courseId)];
      const details = { graphVersion: saved.graphVersion, skills: skills.length };
      await audit.record(actor, { action: 'skill-graph.saved', objectKind: 'course', objectId: courseId, details });
      return { kind: 'skill-graph', course: saved, skills };
    });
  }

  /** A skill of another course cannot be moved here, and one that is practised cannot go. */
  private async refuseTaken(
    courseId: string,
    present: readonly Skill[],
    input: readonly SkillInput[],
  ): Promise<Failure | null> {
    const { courses } = this.deps;
    const owners = await courses.coursesOfSkills(input.map(({ id }) => id));
    if ([...owners.values()].some((owner) => owner !== courseId))
      return fail('ID_REUSED', 'An id of these skills belongs to a skill of another course.');
    const kept = new Set(input.map(({ id }) => id));
    const dropped = present.filter(({ id }) => !kept.has(id));
    const used = await courses.countActivitiesOf(dropped.map(({ id }) => id));
    if (used.size === 0) return null;
    const issues = dropped
      .filter(({ id }) => used.has(id))
      .map(({ id, name }) => ({
        path: 'skills',
        message: `"${name}" (${id}) is practised by ${used.get(id)} activities.`,
      }));
    const names = dropped.filter(({ id }) => used.has(id)).map(({ name }) => `"${name}"`);
    return fail('INVALID_INPUT', `Activities still practise ${names.join(', ')}: give them other skills first.`, {
      issues,
    });
  }
}

/** A key names one skill: it cannot pass on to another. */
function refuseTakenKeys(present: readonly Skill[], input: readonly SkillInput[]): Failure | null {
  const owners = new Map(present.map((skill) => [keyOf(skill), skill.id]));
  for (const skill of input) {
    const key = keyOf(skill);
    if (key === null) continue;
    if ((owners.get(key) ?? skill.id) !== skill.id)
      return fail('TAKEN', `Another skill of the course has the external key that "${skill.name}" is to have.`);
    owners.set(key, skill.id);
  }
  return null;
}

function keyOf({ source, externalId }: ExternalKeyInput): string | null {
  return source && externalId ? JSON.stringify([source, externalId]) : null;
}

function checkGraph(input: readonly SkillInput[]): Failure | null {
  const names = new Map(input.map(({ id, name }) => [id, name]));
  const issues: FailureIssue[] = [];
  const seen = new Set<string>();
  for (const [index, skill] of input.entries()) {
    const { id, prerequisiteIds } = skill;
    const halfKey = checkExternalKey(skill);
    if (halfKey !== null) issues.push({ path: `skills.${index}.externalId`, message: halfKey.message });
    if (seen.has(id)) issues.push({ path: `skills.${index}.id`, message: `The id ${id} is used twice.` });
    seen.add(id);
    for (const [place, wanted] of prerequisiteIds.entries()) {
      const path = `skills.${index}.prerequisiteIds.${place}`;
      if (!names.has(wanted)) issues.push({ path, message: `${wanted} is not one of these skills.` });
    }
  }
  if (issues.length > 0) return refuseInput(issues);
  const circle = findCycle(input);
  if (circle === null) return null;
  const path = circle.map((id) => names.get(id)).join(' → ');
  return fail('CYCLIC_PREREQUISITES', `The prerequisites form a circle: ${path}. Remove one of these links.`);
}

/** A skill that stays keeps its external key where none is sent. */
function mergeGraph(present: readonly Skill[], input: readonly SkillInput[]): Omit<Skill, 'courseId'>[] {
  const known = new Map(present.map((skill) => [skill.id, skill]));
  return input.map((skill, position) => {
    const { source = null, externalId = null } = keyOf(skill) === null ? (known.get(skill.id) ?? {}) : skill;
    return asGraph({ ...skill, position, source, externalId });
  });
}

/** What is compared: prerequisites are a set. */
function asGraph({ id, name, description, position, prerequisiteIds, source, externalId }: Omit<Skill, 'courseId'>) {
  const wanted = [...new Set(prerequisiteIds)].sort();
  return { id, name, description, position, prerequisiteIds: wanted, source, externalId };
}
