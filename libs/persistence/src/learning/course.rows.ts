import type { Activity, Course, Skill } from '#libs/learning';
import type { Activity as ActivityRow, Skill as SkillRow } from '../generated/client.js';

/** What has to be read with a skill's row. */
export const withPrerequisites = { prerequisites: { select: { prerequisiteId: true } } } as const;

/** In which column a part of a course stands; one that is forgotten does not compile. */
const columnOf: { readonly [K in keyof Course]: string } = {
  id: 'id',
  title: 'title',
  description: 'description',
  language: 'language',
  masteryThreshold: 'mastery_threshold',
  revision: 'revision',
  graphVersion: 'graph_version',
  archivedAt: 'archived_at',
  createdAt: 'created_at',
  source: 'source',
  externalId: 'external_id',
};

/** The columns that make a course, for plain SQL. */
export const courseColumns = Object.entries(columnOf)
  .map(([name, column]) => `${column} AS "${name}"`)
  .join(', ');

/** What of a row makes a course. */
export type CourseRow = Course;

/** The course of a row. */
export function toCourse(row: CourseRow): Course {
  const { id, title, description, language, masteryThreshold, revision, graphVersion } = row;
  const { archivedAt, createdAt, source, externalId } = row;
  return {
    id,
    title,
    description,
    language,
    masteryThreshold,
    revision,
    graphVersion,
    archivedAt,
    createdAt,
    source,
    externalId,
  };
}

/** The skill of a row that was read {@link withPrerequisites}. */
export function toSkill(row: SkillRow & { readonly prerequisites: readonly { prerequisiteId: string }[] }): Skill {
  const { id, courseId, name, description, position, source, externalId } = row;
  const prerequisiteIds = row.prerequisites.map(({ prerequisiteId }) => prerequisiteId);
  return { id, courseId, name, description, position, prerequisiteIds, source, externalId };
}

/** The activity of a row. */
export function toActivity(row: ActivityRow): Activity {
  const { id, courseId, number, version, language, archivedAt, source, externalId } = row;
  return {
    id,
    courseId,
    number,
    kind: row.kind as Activity['kind'],
    modality: row.modality as Activity['modality'],
    language,
    version,
    archivedAt,
    source,
    externalId,
  };
}
