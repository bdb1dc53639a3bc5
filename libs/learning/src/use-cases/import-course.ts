import { z } from 'zod';
import { fail, isFailure, type Failure, type FailureIssue, type IdSource } from '#libs/kernel';
import { isAdmin, type Actor, type AuditLog, type UnitOfWork } from '#libs/identity';
import { activityContentSchema, type ActivityContent } from '../model/activity-content.js';
import { activityFileSchema, courseFileSchema, skillsFileSchema } from '../model/course-folder.js';
import { findCycle } from '../policy/skill-order.js';
import type { CourseRepository, MarksSpecification } from '../ports.js';

/** A course folder as it was read: parsed YAML and Markdown, not yet checked. */
export interface CourseFolder {
  readonly course: unknown;
  readonly skills: unknown;
  /** One for each file in `activities/`; `body` is what follows the head. */
  readonly activities: readonly { readonly file: string; readonly head: unknown; readonly body: string }[];
}

export interface ImportedCourse {
  readonly kind: 'imported';
  readonly courseId: string;
  readonly skills: number;
  readonly activities: number;
}

/** Brings a course folder in, or up to date, by the external ids of its parts. All of it, or nothing. */
export class ImportCourse {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly courses: CourseRepository,
    private readonly specifications: MarksSpecification,
    private readonly audit: AuditLog,
    private readonly ids: IdSource,
  ) {}

  async execute(actor: Actor, source: string, folder: CourseFolder): Promise<ImportedCourse | Failure> {
    if (!isAdmin(actor)) return fail('FORBIDDEN', 'Only an administrator may import a course.');
    const parsed = parseFolder(folder, this.specifications);
    if (isFailure(parsed)) return parsed;
    return this.unitOfWork.run(actor, async () => {
      const imported = await this.store(source, parsed);
      const { courseId, skills, activities } = imported;
      const details = { source, skills, activities };
      await this.audit.record(actor, { action: 'course.imported', objectKind: 'course', objectId: courseId, details });
      return imported;
    });
  }

  private async store(source: string, { course, skills, activities }: ParsedFolder): Promise<ImportedCourse> {
    const { externalId, title, description, language, masteryThreshold } = course;
    const existing = await this.courses.findCourseByKey({ source, externalId });
    const courseId = existing?.id ?? this.ids.next();
    if (existing === null) {
      await this.courses.insertCourse({
        id: courseId,
        title,
        description,
        language,
        masteryThreshold,
        source,
        externalId,
      });
    } else {
      await this.courses.updateCourse(courseId, { title, description, language, masteryThreshold });
    }

    const known = new Map((await this.courses.listSkills(courseId)).map(({ externalId: key, id }) => [key, id]));
    const skillIds = new Map(skills.map(({ externalId: key }) => [key, known.get(key) ?? this.ids.next()]));
    const idOf = (key: string): string => skillIds.get(key)!;
    const graph = skills.map(({ externalId: key, name, description: text, prerequisites }, position) => ({
      id: idOf(key),
      name,
      description: text,
      position,
      prerequisiteIds: prerequisites.map(idOf),
      source,
      externalId: key,
    }));
    await this.courses.saveSkillGraph(courseId, graph);

    for (const parsed of activities) {
      const { externalId: key, kind, modality, language: spoken, difficulty, minutes } = parsed;
      const version = { content: contentOf(parsed), difficulty, minutes, skillIds: parsed.skills.map(idOf) };
      const activity = await this.courses.findActivityByKey(courseId, { source, externalId: key });
      if (activity === null) {
        const id = this.ids.next();
        const row = { id, courseId, kind, modality, language: spoken, source, externalId: key };
        await this.courses.insertActivity(row, version);
      } else {
        await this.courses.publishVersion(activity.id, { kind, modality, language: spoken }, version);
      }
    }
    await this.courses.raiseRevision(courseId);
    return { kind: 'imported', courseId, skills: skills.length, activities: activities.length };
  }
}

const activitySchema = activityFileSchema.extend({ body: z.string().min(1).max(20_000) });

/** The part of an activity file that is the content of a version. */
function contentOf(activity: z.output<typeof activitySchema>): ActivityContent {
  const { title, body, media, form, key, hints, feedback, misconceptions, translations, gradedBy } = activity;
  return { title, body, media, form, key, hints, feedback, misconceptions, translations, gradedBy };
}

interface ParsedFolder {
  readonly course: z.output<typeof courseFileSchema>;
  readonly skills: z.output<typeof skillsFileSchema>;
  readonly activities: readonly z.output<typeof activitySchema>[];
}

function parseFolder(folder: CourseFolder, specifications: MarksSpecification): ParsedFolder | Failure {
  const issues: FailureIssue[] = [];
  const read = <S extends z.ZodType>(file: string, schema: S, value: unknown): z.output<S> | null => {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const { path, message } of parsed.error.issues) issues.push({ path: [file, ...path].join(': '), message });
    return null;
  };
  const course = read('course.yaml', courseFileSchema, folder.course);
  const skills = read('skills.yaml', skillsFileSchema, folder.skills);
  const known = new Set(skills?.map(({ externalId }) => externalId));
  if (skills !== null) {
    checkUnique(
      skills.map(({ externalId }) => ['skills.yaml', externalId]),
      issues,
    );
    const nodes = skills.map(({ externalId, prerequisites }) => ({ id: externalId, prerequisiteIds: prerequisites }));
    for (const { id, prerequisiteIds } of nodes) {
      for (const wanted of prerequisiteIds) {
        if (!known.has(wanted))
          issues.push({ path: 'skills.yaml', message: `${id} needs ${wanted}, which is not a skill here.` });
      }
    }
    const cycle = findCycle(nodes);
    if (cycle !== null) return fail('CYCLIC_PREREQUISITES', `The prerequisites form a circle: ${cycle.join(' → ')}.`);
  }
  const activities = folder.activities.map(({ file, head, body }) => {
    const activity = read(file, activitySchema, { ...(head as object), body: body.trim() });
    if (activity === null) return null;
    const { skills: keys } = activity;
    const content = contentOf(activity);
    read(file, activityContentSchema, content);
    if (content.key.kind === 'marks') {
      for (const { path, message } of specifications.issuesOf(content.key.specification)) {
        issues.push({ path: `${file}: key: specification: ${path}`, message });
      }
    }
    for (const key of keys) {
      if (!known.has(key)) issues.push({ path: file, message: `There is no skill ${key}.` });
    }
    return activity;
  });
  checkUnique(
    activities.flatMap((activity, index) => (activity ? [[folder.activities[index]!.file, activity.externalId]] : [])),
    issues,
  );
  if (issues.length > 0 || course === null || skills === null) {
    return fail(
      'INVALID_INPUT',
      `The course folder has ${issues.length} problems; the first: ${issues[0]?.path}: ${issues[0]?.message}`,
      { issues },
    );
  }
  return { course, skills, activities: activities.filter((activity) => activity !== null) };
}

function checkUnique(keys: readonly (readonly string[])[], issues: FailureIssue[]): void {
  const seen = new Set<string>();
  for (const [file, key] of keys) {
    if (seen.has(key!)) issues.push({ path: file!, message: `The externalId ${key} is used twice.` });
    seen.add(key!);
  }
}
