import type { ExternalKey } from '#libs/kernel';
import {
  CourseRepository,
  type Activity,
  type ActivityContent,
  type ActivityVersion,
  type Course,
  type Skill,
  type StoredVersion,
} from '#libs/learning';
import type { Prisma } from '../generated/client.js';
import type { Database, TenantClient } from '../tenancy/database.js';
import { digestOf } from '../body-hash.js';
import { courseColumns, toActivity, toCourse, toSkill, withPrerequisites, type CourseRow } from './course.rows.js';

export class PrismaCourseRepository extends CourseRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findCourse(id: string): Promise<Course | null> {
    const [row] = await this.database.rowsHere<CourseRow>({
      name: 'course',
      text: `SELECT ${courseColumns} FROM courses WHERE institution_id = $1::uuid AND id = $2::uuid`,
      values: [this.database.institutionId, id],
    });
    return row === undefined ? null : toCourse(row);
  }

  override async findCourseByKey({ source, externalId }: ExternalKey): Promise<Course | null> {
    const row = await (await this.database.tenant()).course.findFirst({ where: { source, externalId } });
    return row === null ? null : toCourse(row);
  }

  override async lockCourse(id: string): Promise<Course | null> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    await tenant.$queryRaw`
      SELECT FROM courses WHERE institution_id = ${institutionId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`;
    return this.findCourse(id);
  }

  override async insertCourse(course: Parameters<CourseRepository['insertCourse']>[0]): Promise<boolean> {
    const data = { ...course, institutionId: this.database.institutionId };
    return (await (await this.database.tenant()).course.createMany({ data, skipDuplicates: true })).count > 0;
  }

  override async updateCourse(id: string, change: Parameters<CourseRepository['updateCourse']>[1]): Promise<void> {
    await (await this.database.tenant()).course.updateMany({ where: { id }, data: change });
  }

  override async raiseRevision(courseId: string): Promise<void> {
    const tenant = await this.database.tenant();
    await tenant.course.updateMany({ where: { id: courseId }, data: { revision: { increment: 1 } } });
  }

  override async listSkills(courseId: string): Promise<Skill[]> {
    const tenant = await this.database.tenant();
    const rows = await tenant.skill.findMany({
      where: { courseId },
      include: withPrerequisites,
      orderBy: { position: 'asc' },
    });
    return rows.map(toSkill);
  }

  override async coursesOfSkills(skillIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const tenant = await this.database.tenant();
    const where = { id: { in: [...skillIds] } };
    const rows = await tenant.skill.findMany({ where, select: { id: true, courseId: true } });
    return new Map(rows.map(({ id, courseId }) => [id, courseId]));
  }

  override async countActivitiesOf(skillIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const tenant = await this.database.tenant();
    const where = { skillId: { in: [...skillIds] } };
    const rows = await tenant.activitySkill.groupBy({ by: ['skillId'], where, _count: { activityId: true } });
    return new Map(rows.map(({ skillId, _count }) => [skillId, _count.activityId]));
  }

  override async saveSkillGraph(
    courseId: string,
    skills: Parameters<CourseRepository['saveSkillGraph']>[1],
  ): Promise<void> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const ids = skills.map(({ id }) => id);
    await tenant.skill.deleteMany({ where: { courseId, id: { notIn: ids } } });
    const column = <K extends keyof (typeof skills)[number]>(name: K) => skills.map((skill) => skill[name]);
    await tenant.$executeRaw`
      INSERT INTO skills (institution_id, course_id, id, name, description, position, source, external_id)
      SELECT ${institutionId}::uuid, ${courseId}::uuid, id, name, description, position, source, external_id
      FROM unnest(${ids}::uuid[], ${column('name')}::text[], ${column('description')}::text[],
                  ${column('position')}::int[], ${column('source')}::text[], ${column('externalId')}::text[])
        AS given (id, name, description, position, source, external_id)
      ON CONFLICT (institution_id, id) DO UPDATE
        SET name = excluded.name, description = excluded.description, position = excluded.position,
            source = excluded.source, external_id = excluded.external_id`;
    await tenant.skillPrerequisite.deleteMany({ where: { skill: { courseId } } });
    const links = skills.flatMap(({ id, prerequisiteIds }) => prerequisiteIds.map((wanted) => [id, wanted] as const));
    await tenant.$executeRaw`
      INSERT INTO skill_prerequisites (institution_id, skill_id, prerequisite_id)
      SELECT ${institutionId}::uuid, skill_id, prerequisite_id
      FROM unnest(${links.map(([id]) => id)}::uuid[], ${links.map(([, wanted]) => wanted)}::uuid[])
        AS given (skill_id, prerequisite_id)`;
    const { graphVersion } = await tenant.course.update({
      where: { institutionId_id: { institutionId, id: courseId } },
      data: { graphVersion: { increment: 1 } },
      select: { graphVersion: true },
    });
    const graph = skills.map(({ id, prerequisiteIds }) => ({ id, prerequisiteIds: [...prerequisiteIds] }));
    await tenant.skillGraph.create({ data: { institutionId, courseId, version: graphVersion, skills: graph } });
  }

  override async findActivity(id: string): Promise<Activity | null> {
    const row = await (await this.database.tenant()).activity.findFirst({ where: { id } });
    return row === null ? null : toActivity(row);
  }

  override async findActivityByKey(courseId: string, { source, externalId }: ExternalKey): Promise<Activity | null> {
    const row = await (await this.database.tenant()).activity.findFirst({ where: { courseId, source, externalId } });
    return row === null ? null : toActivity(row);
  }

  override async findVersion(activityId: string, version: number): Promise<StoredVersion | null> {
    const row = await (await this.database.tenant()).activityVersion.findFirst({ where: { activityId, version } });
    if (row === null) return null;
    const { difficulty, minutes, skillIds, createdAt } = row;
    const content = row.content as unknown as ActivityContent;
    return { activityId, version, content, difficulty, minutes, skillIds, createdAt };
  }

  override async insertActivity(
    activity: Parameters<CourseRepository['insertActivity']>[0],
    version: Parameters<CourseRepository['insertActivity']>[1],
  ): Promise<boolean> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const { nextNumber } = await tenant.course.update({
      where: { institutionId_id: { institutionId, id: activity.courseId } },
      data: { nextNumber: { increment: 1 } },
      select: { nextNumber: true },
    });
    const data = { ...activity, institutionId, number: nextNumber - 1, version: 1 };
    if ((await tenant.activity.createMany({ data, skipDuplicates: true })).count === 0) return false;
    await this.writeVersion(tenant, activity.id, 1, version);
    return true;
  }

  override async publishVersion(
    activityId: string,
    change: Parameters<CourseRepository['publishVersion']>[1],
    version: Parameters<CourseRepository['publishVersion']>[2],
  ): Promise<number> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const activity = await tenant.activity.update({
      where: { institutionId_id: { institutionId, id: activityId } },
      data: change,
      select: { version: true },
    });
    const present = await tenant.activityVersion.findFirst({
      where: { activityId, version: activity.version },
      select: { contentHash: true },
    });
    if (present?.contentHash === hashOf(version)) return activity.version;
    const next = activity.version + 1;
    await this.writeVersion(tenant, activityId, next, version);
    await tenant.activity.update({
      where: { institutionId_id: { institutionId, id: activityId } },
      data: { version: next },
    });
    return next;
  }

  override async archiveActivity(id: string, at: Date | null): Promise<void> {
    await (await this.database.tenant()).activity.updateMany({ where: { id }, data: { archivedAt: at } });
  }

  private async writeVersion(
    tenant: TenantClient,
    activityId: string,
    version: number,
    { content, difficulty, minutes, skillIds }: Omit<ActivityVersion, 'activityId' | 'version'>,
  ): Promise<void> {
    const { institutionId } = this.database;
    const contentHash = hashOf({ content, difficulty, minutes, skillIds });
    await tenant.activityVersion.create({
      data: {
        institutionId,
        activityId,
        version,
        content: content as unknown as Prisma.InputJsonValue,
        contentHash,
        difficulty,
        minutes,
        skillIds: [...skillIds],
      },
    });
    if (version > 1) await tenant.activitySkill.deleteMany({ where: { activityId } });
    await tenant.activitySkill.createMany({
      data: skillIds.map((skillId) => ({ institutionId, activityId, skillId })),
    });
  }
}

/** SHA-256 over everything that a version says: the same version is not stored twice in a row. */
function hashOf({ content, difficulty, minutes, skillIds }: Omit<ActivityVersion, 'activityId' | 'version'>): string {
  return Buffer.from(digestOf(JSON.stringify([content, difficulty, minutes, skillIds]))).toString('hex');
}
