import type { Page, PageRequest } from '#libs/kernel';
import {
  CourseReader,
  type ActivityContent,
  type ActivityPageRequest,
  type Course,
  type CourseRole,
  type CurrentActivity,
  type NamedEnrolment,
  type Skill,
} from '#libs/learning';
import type { Activity as ActivityRow, Prisma } from '../generated/client.js';
import { pageOf } from '../paging.js';
import type { Database } from '../tenancy/database.js';
import { toActivity, toCourse, toSkill, withPrerequisites } from './course.rows.js';

type JoinedActivityRow = ActivityRow & {
  content: ActivityContent;
  difficulty: number;
  minutes: number;
  skillIds: string[];
  createdAt: Date;
};

type EnrolmentRow = NamedEnrolment & { readonly role: CourseRole };

/** Lists of and in courses, each in one statement for however many courses. */
export class SqlCourseReader extends CourseReader {
  constructor(private readonly database: Database) {
    super();
  }

  override async listCourses(
    { first, after }: PageRequest,
    { participantId, withArchived }: { participantId: string | null; withArchived: boolean },
  ): Promise<Page<Course>> {
    const { institutionId } = this.database;
    const where: Prisma.CourseWhereInput = {
      institutionId,
      ...(after !== null && { id: { gt: after } }),
      ...(!withArchived && { archivedAt: null }),
      ...(participantId !== null && { enrolments: { some: { userId: participantId, leftAt: null } } }),
    };
    const tenant = await this.database.tenant();
    const rows = await tenant.course.findMany({ where, orderBy: { id: 'asc' }, take: first + 1 });
    return pageOf(rows, first, toCourse);
  }

  override async skillsOf(courseIds: readonly string[]): Promise<ReadonlyMap<string, Skill[]>> {
    const tenant = await this.database.tenant();
    const rows = await tenant.skill.findMany({
      where: { courseId: { in: [...courseIds] } },
      include: withPrerequisites,
      orderBy: [{ courseId: 'asc' }, { position: 'asc' }],
    });
    return byCourse(rows.map(toSkill));
  }

  override async activitiesOf(
    courseIds: readonly string[],
    { first, after, kind, withArchived }: ActivityPageRequest,
  ): Promise<ReadonlyMap<string, Page<CurrentActivity>>> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const rows = await tenant.$queryRaw<JoinedActivityRow[]>`
      SELECT page.* FROM unnest(${[...courseIds]}::uuid[]) AS wanted (id)
      CROSS JOIN LATERAL (
        SELECT a.id, a.course_id AS "courseId", a.number, a.kind, a.modality, a.language, a.version, a.source,
               a.external_id AS "externalId", a.archived_at AS "archivedAt",
               v.content, v.difficulty, v.minutes, v.skill_ids::text[] AS "skillIds", v.created_at AS "createdAt"
        FROM activities a
        JOIN activity_versions v
          ON v.institution_id = a.institution_id AND v.activity_id = a.id AND v.version = a.version
        WHERE a.institution_id = ${institutionId}::uuid AND a.course_id = wanted.id
          AND a.number > ${after ?? 0}::int
          AND (${kind}::text IS NULL OR a.kind = ${kind}::text)
          AND (${withArchived}::boolean OR a.archived_at IS NULL)
        ORDER BY a.number LIMIT ${first + 1}::int
      ) AS page ORDER BY page."courseId", page.number`;
    return pagesOf(byCourse(rows.map(toCurrentActivity)), first);
  }

  override async enrolmentsOf(
    courseIds: readonly string[],
    { first, after }: PageRequest,
  ): Promise<ReadonlyMap<string, Page<NamedEnrolment>>> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const rows = await tenant.$queryRaw<EnrolmentRow[]>`
      SELECT page.* FROM unnest(${[...courseIds]}::uuid[]) AS wanted (id)
      CROSS JOIN LATERAL (
        SELECT e.course_id AS "courseId", e.user_id AS "userId", u.name, e.role,
               e.joined_at AS "joinedAt", e.left_at AS "leftAt"
        FROM enrolments e
        JOIN users u ON u.institution_id = e.institution_id AND u.id = e.user_id
        WHERE e.institution_id = ${institutionId}::uuid AND e.course_id = wanted.id
          AND (${after}::uuid IS NULL OR e.user_id > ${after}::uuid)
        ORDER BY e.user_id LIMIT ${first + 1}::int
      ) AS page ORDER BY page."courseId", page."userId"`;
    return pagesOf(byCourse(rows), first);
  }

  override async enrolmentsOfUser(
    userId: string,
    courseIds: readonly string[],
  ): Promise<ReadonlyMap<string, NamedEnrolment>> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const rows = await tenant.$queryRaw<EnrolmentRow[]>`
      SELECT e.course_id AS "courseId", e.user_id AS "userId", u.name, e.role,
             e.joined_at AS "joinedAt", e.left_at AS "leftAt"
      FROM enrolments e
      JOIN users u ON u.institution_id = e.institution_id AND u.id = e.user_id
      WHERE e.institution_id = ${institutionId}::uuid AND e.user_id = ${userId}::uuid
        AND e.course_id = ANY(${[...courseIds]}::uuid[])`;
    return new Map(rows.map((row) => [row.courseId, row]));
  }
}

function toCurrentActivity(row: JoinedActivityRow): CurrentActivity {
  const { id, version, content, difficulty, minutes, skillIds, createdAt } = row;
  return {
    ...toActivity(row),
    current: { activityId: id, version, content, difficulty, minutes, skillIds, createdAt },
  };
}

function byCourse<T extends { readonly courseId: string }>(items: readonly T[]): Map<string, T[]> {
  const lists = new Map<string, T[]>();
  for (const item of items) {
    const list = lists.get(item.courseId);
    if (list === undefined) lists.set(item.courseId, [item]);
    else list.push(item);
  }
  return lists;
}

/** Each list was read one item further than its page goes. */
function pagesOf<T>(lists: ReadonlyMap<string, T[]>, first: number): Map<string, Page<T>> {
  return new Map([...lists].map(([id, list]) => [id, pageOf(list, first, (item) => item)]));
}
