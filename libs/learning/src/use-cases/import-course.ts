import type { z } from 'zod';
import { fail, isFailure, type Failure, type FailureIssue, type IdSource } from '#libs/kernel';
import { isAdmin, type Actor } from '#libs/identity';
import { activityFileSchema, courseFileSchema, skillsFileSchema } from '../model/course-folder.js';
import { findCycle } from '../policy/skill-order.js';
import { readActivity, type ActivityDraft } from '../policy/check-activity.js';
import type { CourseChange, CourseMedia, WorkSpecification, PictureCleaner } from '../ports.js';
import type { LearningDependencies } from './dependencies.js';
import { cleanCoursePicture } from './store-course-media.js';

/** A course folder as it was read: parsed YAML and Markdown, not yet checked. */
export interface CourseFolder {
  readonly course: unknown;
  readonly skills: unknown;
  /** One for each file in `activities/`; `body` is what follows the head. */
  readonly activities: readonly { readonly file: string; readonly head: unknown; readonly body: string }[];
  /** The pictures in `media/`, beside those that the course has already. */
  readonly pictures?: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

export interface ImportedCourse {
  readonly kind: 'imported';
  readonly courseId: string;
  readonly skills: number;
  readonly activities: number;
}

/** Brings a course folder in, or up to date, by the external ids of its parts. All of it, or nothing. */
export class ImportCourse {
  constructor(private readonly deps: LearningDependencies & { readonly ids: IdSource }) {}

  async execute(actor: Actor, source: string, folder: CourseFolder): Promise<ImportedCourse | Failure> {
    if (!isAdmin(actor)) return fail('FORBIDDEN', 'Only an administrator may import a course.');
    const { unitOfWork, specifications, cleaner, audit } = this.deps;
    const pictures = await cleanPictures(cleaner, folder.pictures ?? []);
    if (isFailure(pictures)) return pictures;
    const present = await unitOfWork.run(actor, () => this.picturesOf(source, folder));
    const parsed = parseFolder(folder, new Set([...present, ...pictures.map(({ name }) => name)]), specifications);
    if (isFailure(parsed)) return parsed;
    return unitOfWork.run(actor, async () => {
      const imported = await this.store(source, parsed, pictures);
      const { courseId, skills, activities } = imported;
      const details = { source, skills, activities };
      await audit.record(actor, { action: 'course.imported', objectKind: 'course', objectId: courseId, details });
      return imported;
    });
  }

  /** The pictures that the course of a folder has from before. */
  private async picturesOf(source: string, folder: CourseFolder): Promise<readonly string[]> {
    const head = courseFileSchema.safeParse(folder.course);
    if (!head.success) return [];
    const course = await this.deps.courses.findCourseByKey({ source, externalId: head.data.externalId });
    return course === null ? [] : this.deps.media.listNames(course.id);
  }

  private async store(
    source: string,
    { course, skills, activities }: ParsedFolder,
    pictures: readonly Omit<CourseMedia, 'sha256'>[],
  ): Promise<ImportedCourse> {
    const { courses, media, ids } = this.deps;
    const { externalId, title, description, language, masteryThreshold } = course;
    const fields: Required<CourseChange> = { title, description, language, masteryThreshold };
    const existing = await courses.findCourseByKey({ source, externalId });
    const courseId = existing?.id ?? ids.next();
    if (existing === null) {
      await courses.insertCourse({ ...fields, id: courseId, source, externalId });
    } else {
      await courses.updateCourse(courseId, fields);
    }

    const known = new Map((await courses.listSkills(courseId)).map(({ externalId: key, id }) => [key, id]));
    const skillIds = new Map(skills.map(({ externalId: key }) => [key, known.get(key) ?? ids.next()]));
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
    await courses.saveSkillGraph(courseId, graph);
    for (const picture of pictures) await media.saveMedia(courseId, picture);

    for (const { externalId: key, draft } of activities) {
      const { kind, modality, language: spoken, skillIds: keys, ...said } = draft;
      const version = { ...said, skillIds: keys.map(idOf) };
      const activityKey = { source, externalId: key };
      const activity = existing === null ? null : await courses.findActivityByKey(courseId, activityKey);
      if (activity === null) {
        const id = ids.next();
        const row = { id, courseId, kind, modality, language: spoken, source, externalId: key };
        await courses.insertActivity(row, version);
      } else {
        await courses.publishVersion(activity.id, { kind, modality, language: spoken }, version);
      }
    }
    await courses.raiseRevision(courseId);
    return { kind: 'imported', courseId, skills: skills.length, activities: activities.length };
  }
}

interface ParsedFolder {
  readonly course: z.output<typeof courseFileSchema>;
  readonly skills: z.output<typeof skillsFileSchema>;
  /** `skillIds` are external ids. */
  readonly activities: readonly { readonly externalId: string; readonly draft: ActivityDraft }[];
}

function parseFolder(
  folder: CourseFolder,
  pictures: ReadonlySet<string>,
  specifications: WorkSpecification,
): ParsedFolder | Failure {
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
  const surroundings = { skillIds: known, pictures };
  const activities = folder.activities.map(({ file, head, body }) => {
    const parsed = read(file, activityFileSchema, { ...(head as object), body: body.trim() });
    if (parsed === null) return null;
    const { externalId, kind, modality, language, difficulty, minutes, skills: skillIds, ...content } = parsed;
    const given = { kind, modality, language, difficulty, minutes, skillIds, content };
    const draft = readActivity(given, surroundings, specifications);
    if (!Array.isArray(draft)) return { externalId, draft: draft as ActivityDraft };
    for (const { path, message } of draft) issues.push({ path: placeInFile(file, path), message });
    return null;
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

/** A file has its content at the top, and names skills by their external ids. */
function placeInFile(file: string, path: string): string {
  const place = path.replace(/^content\./, '').replace(/^skillIds/, 'skills');
  return [file, ...place.split('.')].join(': ');
}

async function cleanPictures(
  cleaner: PictureCleaner,
  pictures: NonNullable<CourseFolder['pictures']>,
): Promise<Omit<CourseMedia, 'sha256'>[] | Failure> {
  const clean: Omit<CourseMedia, 'sha256'>[] = [];
  for (const { name, bytes } of pictures) {
    const picture = await cleanCoursePicture(cleaner, name, bytes);
    if (isFailure(picture)) return picture;
    clean.push({ name, mediaType: picture.mediaType, bytes: picture.bytes });
  }
  return clean;
}

function checkUnique(keys: readonly (readonly string[])[], issues: FailureIssue[]): void {
  const seen = new Set<string>();
  for (const [file, key] of keys) {
    if (seen.has(key!)) issues.push({ path: file!, message: `The externalId ${key} is used twice.` });
    seen.add(key!);
  }
}
