import {
  operations,
  type AssignmentOutline,
  type AttuneClient,
  type SkillNode,
  type TaughtActivity,
} from '#libs/client';
import { labelledPartsSchema, type LabelledParts } from '#libs/grading';
import { activityContentSchema, type ActivityContent } from '#libs/learning';
import { SimulateFailure } from './simulate-failure.js';
import { guessChance } from './simulated-answer.js';
import type { SimulatedItem } from './simulated-learner.js';

/** An activity with its key, as a teacher sees it. */
export interface PlannedActivity extends SimulatedItem {
  readonly activityId: string;
  readonly version: number;
  readonly kind: string;
  readonly content: ActivityContent;
}

/** A picture to label, and where the work goes. */
export interface PlannedDrawing {
  readonly assignmentId: string;
  readonly image: string;
  readonly specification: LabelledParts;
  readonly skillIds: readonly string[];
}

/** All that a simulated class knows of its course. */
export interface CoursePlan {
  readonly courseId: string;
  readonly title: string;
  /** In the course's order. */
  readonly skills: readonly SkillNode[];
  readonly activities: ReadonlyMap<string, PlannedActivity>;
  readonly drawings: readonly PlannedDrawing[];
}

/** Finds a course by id or by its external id; without either, the first. */
export async function findCourse(admin: AttuneClient, wanted: string | null): Promise<string> {
  const found = await readAll(
    async (after) => (await admin.graphql(operations.courses, { first: 100, after })).courses,
  );
  const course = found.find(({ id, externalId }) => wanted === null || wanted === id || wanted === externalId);
  if (course !== undefined) return course.id;
  throw new SimulateFailure(wanted === null ? 'There is no course to learn.' : `There is no course "${wanted}".`);
}

/** Reads the course with its keys, as its teacher. */
export async function readCoursePlan(teacher: AttuneClient, courseId: string): Promise<CoursePlan> {
  const [{ course }, activities, { assignments }] = await Promise.all([
    teacher.graphql(operations.courseSkills, { courseId }),
    readActivities(teacher, courseId),
    teacher.graphql(operations.assignments, { courseId }),
  ]);
  if (course === null) throw new SimulateFailure('The course cannot be read.');
  const planned = new Map(activities.map((activity) => [activity.id, planOf(activity)]));
  return {
    courseId,
    title: course.title,
    skills: course.skills.toSorted((a, b) => a.position - b.position),
    activities: planned,
    drawings: assignments.edges.flatMap(({ node }) => drawingOf(node, planned.get(node.activityId))),
  };
}

function readActivities(teacher: AttuneClient, courseId: string): Promise<TaughtActivity[]> {
  return readAll(async (after) => {
    const { course } = await teacher.graphql(operations.taughtActivities, { courseId, first: 100, after });
    const page = course?.activities;
    if (!page) throw new SimulateFailure('Only a teacher of the course can read its activities.');
    return page;
  });
}

interface Page<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

async function readAll<T>(read: (after: string | null) => Promise<Page<T>>): Promise<T[]> {
  const found: T[] = [];
  let after: string | null = null;
  do {
    const page: Page<T> = await read(after);
    found.push(...page.edges.map(({ node }) => node));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null);
  return found;
}

function planOf({ id, kind, current }: TaughtActivity): PlannedActivity {
  const content = activityContentSchema.parse(current.content);
  const { version, difficulty, minutes, skillIds } = current;
  return {
    activityId: id,
    version,
    kind,
    content,
    skillIds,
    difficulty,
    minutes,
    guess: guessChance(content),
    hintCount: content.hints.length,
  };
}

function drawingOf(
  { id, activityVersion, open }: AssignmentOutline,
  activity: PlannedActivity | undefined,
): PlannedDrawing[] {
  if (!open || activity?.version !== activityVersion) return [];
  const { form, key } = activity.content;
  if (form.kind !== 'marks' || key.kind !== 'marks') return [];
  const specification = labelledPartsSchema.safeParse(key.specification);
  if (!specification.success) return [];
  return [{ assignmentId: id, image: form.image, specification: specification.data, skillIds: activity.skillIds }];
}
