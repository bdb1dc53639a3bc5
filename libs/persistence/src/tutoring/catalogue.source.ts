import { isId } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { ActivityContent } from '#libs/learning';
import {
  CatalogueSource,
  courseHelp,
  courseModel,
  coursePolicies,
  restoreControls,
  type CatalogueActivity,
  type CatalogueNumbers,
  type CatalogueSkill,
  type CourseCatalogue,
  type CourseShelf,
  type StoredSnapshot,
} from '#libs/tutoring';
import type { Database } from '../tenancy/database.js';
import type { SqlTransaction } from '../tenancy/sql-transaction.js';
import { languagesOf, type Row } from './tutoring.rows.js';

interface ShelfRow extends Row {
  readonly id: string;
  readonly revision: number;
  readonly course_language: string;
  readonly user_language: string | null;
  readonly unopened: string[];
}

/** Of some assignments `s`, whether all are still to open at `$4`; null where there are none. */
const noneHasOpened = 'bool_and(coalesce(s.opens_at > $4::timestamptz, false))';

/** How many courses one process keeps in memory. */
const keptCourses = 200;

/**
 * Course catalogues, one copy per process. A copy is used as long as the database names its revision and its snapshot of
 * the student model; a newer one is loaded once, however many ask for it at the same time.
 */
export class CachedCatalogueSource extends CatalogueSource {
  private readonly catalogues = new Map<string, Promise<CourseCatalogue | null>>();
  private readonly versions = new Map<string, Promise<Awaited<ReturnType<CatalogueSource['findVersion']>>>>();

  constructor(private readonly database: Database) {
    super();
  }

  override async getCatalogue(
    actor: Actor,
    courseId: string,
    wanted: CatalogueNumbers | 'latest',
  ): Promise<CourseCatalogue | null> {
    if (!isId(courseId)) return null;
    const key = `${actor.institutionId}/${courseId}`;
    const kept = this.catalogues.get(key);
    let catalogue: CourseCatalogue | null = null;
    let isOld = true;
    if (kept !== undefined) {
      catalogue = await kept;
      const numbers = wanted === 'latest' ? await this.numbersOf(actor, courseId) : wanted;
      isOld = catalogue === null || numbers === null || catalogue.revision < numbers.revision;
      if (!isOld && isLearnt(catalogue!, numbers!)) return catalogue;
      if (this.catalogues.get(key) !== kept) return this.getCatalogue(actor, courseId, wanted);
    }
    const loading = isOld ? this.load(actor, courseId) : this.withWhatWasLearnt(actor, catalogue!);
    remember(this.catalogues, key, loading, keptCourses);
    return loading;
  }

  override async shelvesOf(
    actor: Actor,
    courseIds: readonly string[],
    now: Date,
  ): Promise<ReadonlyMap<string, CourseShelf>> {
    const rows = await this.database.rows<ShelfRow>(actor, {
      name: 'shelves',
      text: `SELECT c.id, c.revision, c.language AS course_language, u.language AS user_language,
               ARRAY(SELECT s.activity_id::text FROM assignments s
                     WHERE s.institution_id = c.institution_id AND s.course_id = c.id GROUP BY s.activity_id
                     HAVING ${noneHasOpened}) AS unopened
             FROM courses c
             LEFT JOIN users u ON u.institution_id = c.institution_id AND u.id = $3::uuid
             WHERE c.institution_id = $1::uuid AND c.id = ANY($2::uuid[])`,
      values: [actor.institutionId, [...courseIds], actor.userId, now],
    });
    return new Map(
      rows.map((row) => [
        row.id,
        {
          revision: row.revision,
          unopened: new Set(row.unopened),
          languages: languagesOf(row),
        },
      ]),
    );
  }

  override hasOpened(actor: Actor, courseId: string, activityId: string, now: Date): Promise<boolean> {
    return this.database.sideSql(actor, async (transaction) => {
      const { rows } = await transaction.query<{ unopened: boolean | null }>({
        text: `SELECT ${noneHasOpened} AS unopened FROM assignments s
               WHERE institution_id = $1 AND course_id = $2 AND activity_id = $3`,
        values: [actor.institutionId, courseId, activityId, now],
      });
      return rows[0]?.unopened !== true;
    });
  }

  override findVersion(actor: Actor, activityId: string, version: number): ReturnType<CatalogueSource['findVersion']> {
    const key = `${actor.institutionId}/${activityId}/${version}`;
    const kept = this.versions.get(key);
    if (kept !== undefined) return kept;
    const loading = this.database.sideSql(actor, async (transaction) => {
      const { rows } = await transaction.query<Row>({
        text: `SELECT content, difficulty, skill_ids, minutes FROM activity_versions
         WHERE institution_id = $1 AND activity_id = $2 AND version = $3`,
        values: [actor.institutionId, activityId, version],
      });
      const row = rows[0];
      if (row === undefined) return null;
      return {
        content: row['content'] as ActivityContent,
        difficulty: row['difficulty'] as number,
        skillIds: row['skill_ids'] as string[],
        minutes: row['minutes'] as number,
      };
    });
    remember(this.versions, key, loading, keptCourses * 10);
    return loading;
  }

  private numbersOf(actor: Actor, courseId: string): Promise<Required<CatalogueNumbers> | null> {
    return this.database.sideSql(actor, async (transaction) => {
      const { rows } = await transaction.query<Row>({
        text: 'SELECT revision, mastery_snapshot, help_number FROM courses WHERE institution_id = $1 AND id = $2',
        values: [actor.institutionId, courseId],
      });
      const row = rows[0];
      if (row === undefined) return null;
      return {
        revision: row['revision'] as number,
        snapshot: row['mastery_snapshot'] as number,
        help: row['help_number'] as number,
      };
    });
  }

  override async getModel(actor: Actor, courseId: string, snapshot: number): Promise<CourseCatalogue['model']> {
    const catalogue = await this.getCatalogue(actor, courseId, 'latest');
    if (catalogue === null) throw new Error(`There is no course ${courseId}.`);
    if (catalogue.model.snapshot === snapshot) return catalogue.model;
    const place = [actor.institutionId, courseId];
    const learnt = await this.database.sideSql(actor, (transaction) => loadSnapshot(transaction, place, snapshot));
    const model = courseModel(learnt, catalogue.skills, catalogue.activities.values());
    if (model.snapshot !== snapshot) throw new Error(`The course ${courseId} has no snapshot ${snapshot}.`);
    return model;
  }

  /** The same course, with what was learnt since: activities and skills are those in memory. */
  private withWhatWasLearnt(actor: Actor, catalogue: CourseCatalogue): Promise<CourseCatalogue | null> {
    const { courseId, skills, activities } = catalogue;
    return this.database.sideSql(actor, async (transaction) => {
      const place = [actor.institutionId, courseId];
      const help = await loadHelp(transaction, place);
      const learnt = await loadSnapshot(transaction, place);
      if (learnt === null || learnt.number === catalogue.model.snapshot) return { ...catalogue, help };
      return { ...catalogue, help, model: courseModel(learnt, skills, activities.values()) };
    });
  }

  private load(actor: Actor, courseId: string): Promise<CourseCatalogue | null> {
    return this.database.sideSql(actor, async (transaction) => {
      // The revision is read first: rows that are newer than it only make the next reader load again.
      const place = [actor.institutionId, courseId];
      const courses = await transaction.query<Row>({
        text: 'SELECT revision, graph_version, language, mastery_threshold, policy_plan, controls FROM courses WHERE institution_id = $1 AND id = $2',
        values: place,
      });
      const course = courses.rows[0];
      if (course === undefined) return null;
      const skills = await loadSkills(transaction, place);
      const activities = await transaction.query<Row>({
        text: `SELECT a.id, a.number, a.kind, a.modality, a.language, a.version, a.archived_at, a.sensing_ceiling, v.content, v.difficulty, v.minutes, v.skill_ids
         FROM activities a
         JOIN activity_versions v ON v.institution_id = a.institution_id AND v.activity_id = a.id AND v.version = a.version
         WHERE a.institution_id = $1 AND a.course_id = $2 ORDER BY a.number`,
        values: place,
      });
      const idOf = new Map(skills.map(({ id }) => [id, id]));
      const present = activities.rows.map((row) => toActivity(row, idOf));
      return {
        courseId,
        revision: course['revision'] as number,
        graphVersion: course['graph_version'] as number,
        language: course['language'] as string,
        masteryThreshold: course['mastery_threshold'] as number,
        controls: restoreControls(course['controls']),
        skills,
        skillNames: new Map(skills.map(({ id, name }) => [id, name])),
        activities: new Map(present.map((activity) => [activity.id, activity])),
        model: courseModel(await loadSnapshot(transaction, place), skills, present),
        help: await loadHelp(transaction, place),
        ...(await loadPolicies(transaction, place, course['policy_plan'])),
      };
    });
  }
}

/** The weights that were learnt in a course, by their number or the present ones; null for those of every course. */
async function loadSnapshot(
  transaction: SqlTransaction,
  place: string[],
  number: number | null = null,
): Promise<StoredSnapshot | null> {
  const { rows } = await transaction.query<Row>({
    text: `SELECT m.number, m.population FROM courses c
           JOIN mastery_snapshots m ON m.institution_id = c.institution_id AND m.course_id = c.id
             AND m.number = coalesce($3, c.mastery_snapshot)
           WHERE c.institution_id = $1 AND c.id = $2`,
    values: [...place, number],
  });
  const row = rows[0];
  return row === undefined ? null : { number: row['number'] as number, population: row['population'] as Uint8Array };
}

/** How help has done in a course; its number is read first, so that what is newer only makes the next reader load again. */
async function loadHelp(transaction: SqlTransaction, place: string[]): Promise<CourseCatalogue['help']> {
  const { rows } = await transaction.query<Row>({
    text: 'SELECT number, state FROM help_bandits WHERE institution_id = $1 AND course_id = $2',
    values: place,
  });
  return courseHelp((rows[0] as { number: number; state: unknown } | undefined) ?? null);
}

async function loadPolicies(
  transaction: SqlTransaction,
  place: string[],
  plan: unknown,
): Promise<Pick<CourseCatalogue, 'policies' | 'plan'>> {
  const { rows } = await transaction.query<Row>({
    text: `SELECT name, version, base_name, base_version, changes FROM policies
           WHERE institution_id = $1 AND course_id = $2 ORDER BY name, version DESC`,
    values: place,
  });
  const stored = rows.map((row) => ({
    name: row['name'] as string,
    version: row['version'] as number,
    base: { name: row['base_name'] as string, version: row['base_version'] as number },
    changes: row['changes'],
  }));
  return coursePolicies(stored, plan);
}

/** Whether what a catalogue has learnt is as new as the given numbers, or newer. */
function isLearnt({ model, help }: CourseCatalogue, wanted: CatalogueNumbers): boolean {
  return model.snapshot >= (wanted.snapshot ?? 0) && help.number >= (wanted.help ?? 0);
}

async function loadSkills(transaction: SqlTransaction, place: string[]): Promise<CatalogueSkill[]> {
  const { rows } = await transaction.query<Row>({
    text: `SELECT s.id, s.number, s.name, array_remove(array_agg(p.prerequisite_id), NULL)::text[] AS prerequisite_ids
     FROM skills s
     LEFT JOIN skill_prerequisites p ON p.institution_id = s.institution_id AND p.skill_id = s.id
     WHERE s.institution_id = $1 AND s.course_id = $2 GROUP BY s.id, s.number, s.name, s.position ORDER BY s.position`,
    values: place,
  });
  return rows.map((row) => ({
    id: row['id'] as string,
    number: row['number'] as number,
    name: row['name'] as string,
    prerequisiteIds: row['prerequisite_ids'] as string[],
  }));
}

/** `idOf`: the one string for each skill id, however many activities name it: it takes less room and compares faster. */
function toActivity(row: Row, idOf: ReadonlyMap<string, string>): CatalogueActivity {
  return {
    id: row['id'] as string,
    number: row['number'] as number,
    version: row['version'] as number,
    kind: row['kind'] as CatalogueActivity['kind'],
    modality: row['modality'] as CatalogueActivity['modality'],
    language: row['language'] as string,
    difficulty: row['difficulty'] as number,
    minutes: row['minutes'] as number,
    skillIds: (row['skill_ids'] as string[]).map((id) => idOf.get(id) ?? id),
    content: row['content'] as ActivityContent,
    sensingCeiling: row['sensing_ceiling'] as CatalogueActivity['sensingCeiling'],
    archived: row['archived_at'] !== null,
  };
}

/** Keeps a promise under a key until it fails or the oldest must go. */
function remember<V>(kept: Map<string, Promise<V>>, key: string, value: Promise<V>, limit: number): void {
  kept.delete(key);
  kept.set(key, value);
  if (kept.size > limit) kept.delete(kept.keys().next().value!);
  value.then(
    (found) => found === null && kept.get(key) === value && kept.delete(key),
    () => kept.get(key) === value && kept.delete(key),
  );
}
