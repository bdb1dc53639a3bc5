import {
  SensingRepository,
  type CeilingScope,
  type InstitutionKind,
  type SensedInstitution,
  type SensedPlace,
  type SensingMode,
  type SensingSettings,
} from '#libs/governance';
import type { Database } from '../tenancy/database.js';

interface SettingsRow {
  readonly jurisdiction: string;
  readonly kind: InstitutionKind;
  readonly review: string | null;
  readonly institution: SensingMode | null;
  readonly course: SensingMode | null;
  readonly activity: SensingMode | null;
  readonly learner: SensingMode | null;
  readonly course_id: string | null;
  readonly activity_id: string | null;
  readonly pseudonym: string | null;
}

export class PrismaSensingRepository extends SensingRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findSettings({ courseId, activityId, learnerId }: SensedPlace): Promise<SensingSettings | null> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const [row] = await tenant.$queryRaw<SettingsRow[]>`
      SELECT i.jurisdiction, i.kind, i.biometric_review AS review, i.sensing_ceiling AS institution,
             c.sensing_ceiling AS course, a.sensing_ceiling AS activity, u.sensing_ceiling AS learner,
             c.id::text AS course_id, a.id::text AS activity_id, u.pseudonym::text AS pseudonym
      FROM institutions i
      LEFT JOIN activities a ON a.institution_id = i.id AND a.id = ${activityId}::uuid
      LEFT JOIN courses c ON c.institution_id = i.id AND c.id = coalesce(${courseId}::uuid, a.course_id)
      LEFT JOIN users u ON u.institution_id = i.id AND u.id = ${learnerId}::uuid
      WHERE i.id = ${institutionId}::uuid AND (a.id IS NULL OR a.course_id = c.id)`;
    if (row === undefined) return null;
    const isMissing =
      (courseId !== null && row.course_id === null) ||
      (activityId !== null && row.activity_id === null) ||
      (learnerId !== null && row.pseudonym === null);
    if (isMissing) return null;
    const { institution, course, activity, learner } = row;
    return {
      institution: { jurisdiction: row.jurisdiction, kind: row.kind, biometricReview: row.review },
      ceilings: { institution, course, activity, learner },
      courseId: row.course_id,
      pseudonym: row.pseudonym,
    };
  }

  override async getInstitution(): Promise<SensedInstitution> {
    const where = { id: this.database.institutionId };
    const row = await (await this.database.tenant()).institution.findUniqueOrThrow({ where });
    const { jurisdiction, kind, biometricReview } = row;
    return { jurisdiction, kind: kind as InstitutionKind, biometricReview };
  }

  override async setInstitution(data: SensedInstitution): Promise<void> {
    await (await this.database.tenant()).institution.update({ where: { id: this.database.institutionId }, data });
  }

  override async setPresenceWatch(watchesPresence: boolean): Promise<void> {
    const data = { watchesPresence };
    await (await this.database.tenant()).institution.update({ where: { id: this.database.institutionId }, data });
  }

  override async setCeiling(scope: CeilingScope, id: string, sensingCeiling: SensingMode | null): Promise<void> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const data = { sensingCeiling };
    const where = { institutionId_id: { institutionId, id } };
    if (scope === 'institution') await tenant.institution.update({ where: { id: institutionId }, data });
    else if (scope === 'course') await tenant.course.update({ where, data });
    else if (scope === 'activity') await tenant.activity.update({ where, data });
    else await tenant.user.update({ where, data });
  }
}
