import type { Page, PageRequest, TimeKey } from '#libs/kernel';
import { AssignmentRepository, type Assignment, type PinnedActivity, type Release, type Stakes } from '#libs/grading';
import type { ActivityContent, ActivityKind, Modality } from '#libs/learning';
import type { Assignment as AssignmentRow } from '../generated/client.js';
import { olderThan, pageOf } from '../paging.js';
import type { Database } from '../tenancy/database.js';

export class PrismaAssignmentRepository extends AssignmentRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findAssignment(id: string): Promise<Assignment | null> {
    const row = await (await this.database.tenant()).assignment.findFirst({ where: { id } });
    return row === null ? null : toAssignment(row);
  }

  override async lockAssignment(id: string): Promise<Assignment | null> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    await tenant.$queryRaw`
      SELECT 1 AS one FROM assignments
      WHERE institution_id = ${institutionId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`;
    return this.findAssignment(id);
  }

  override async holdAssignment(id: string): Promise<Assignment | null> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    await tenant.$queryRaw`
      SELECT 1 AS one FROM assignments WHERE institution_id = ${institutionId}::uuid AND id = ${id}::uuid FOR SHARE`;
    return this.findAssignment(id);
  }

  override async findAssignments(ids: readonly string[]): Promise<Assignment[]> {
    const rows = await (await this.database.tenant()).assignment.findMany({ where: { id: { in: [...ids] } } });
    return rows.map(toAssignment);
  }

  override async listAssignments(courseId: string, page: PageRequest<TimeKey>): Promise<Page<Assignment>> {
    const rows = await (
      await this.database.tenant()
    ).assignment.findMany({
      where: { courseId, ...olderThan('createdAt', page) },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: page.first + 1,
    });
    return pageOf(rows, page.first, toAssignment);
  }

  override async insertAssignment(assignment: Assignment): Promise<boolean> {
    const { institutionId } = this.database;
    const { count } = await (
      await this.database.tenant()
    ).assignment.createMany({ data: [{ ...assignment, institutionId }], skipDuplicates: true });
    return count === 1;
  }

  override async updateAssignment(
    id: string,
    change: Parameters<AssignmentRepository['updateAssignment']>[1],
  ): Promise<void> {
    await (await this.database.tenant()).assignment.updateMany({ where: { id }, data: change });
  }

  override async findPinned(
    assignments: readonly Pick<Assignment, 'id' | 'activityId' | 'activityVersion'>[],
  ): Promise<ReadonlyMap<string, PinnedActivity>> {
    if (assignments.length === 0) return new Map();
    const keyOf = (activityId: string, version: number): string => `${activityId}/${version}`;
    const wanted = new Map(
      assignments.map(({ activityId, activityVersion: version }) => [
        keyOf(activityId, version),
        { activityId, version },
      ]),
    );
    const rows = await (
      await this.database.tenant()
    ).activityVersion.findMany({
      where: { OR: [...wanted.values()] },
      include: { activity: { select: { kind: true, modality: true, language: true } } },
    });
    const byVersion = new Map(rows.map((row) => [keyOf(row.activityId, row.version), toPinned(row)]));
    const pinned = new Map<string, PinnedActivity>();
    for (const { id, activityId, activityVersion } of assignments) {
      const found = byVersion.get(keyOf(activityId, activityVersion));
      if (found !== undefined) pinned.set(id, found);
    }
    return pinned;
  }
}

function toAssignment(row: AssignmentRow): Assignment {
  const { id, courseId, activityId, activityVersion, title, opensAt, dueAt, closedAt, createdAt } = row;
  const { source, externalId, anonymous, revealedAt } = row;
  return {
    id,
    courseId,
    activityId,
    activityVersion,
    title,
    stakes: row.stakes as Stakes,
    release: row.release as Release,
    opensAt,
    dueAt,
    closedAt,
    anonymous,
    revealedAt,
    createdAt,
    source,
    externalId,
  };
}

function toPinned(row: {
  activityId: string;
  version: number;
  content: unknown;
  minutes: number;
  skillIds: string[];
  activity: { kind: string; modality: string; language: string };
}): PinnedActivity {
  const { activityId: id, version, minutes, skillIds, activity } = row;
  return {
    id,
    version,
    kind: activity.kind as ActivityKind,
    modality: activity.modality as Modality,
    language: activity.language,
    minutes,
    skillIds,
    content: row.content as ActivityContent,
  };
}
