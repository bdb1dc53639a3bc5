import { dangerousSystemActor, type Actor } from '#libs/identity';
import { Database, SqlInstitutionDirectory } from '#libs/persistence';
import { CommandFailure } from './command-failure.js';
import { EXIT_CODE } from './exit-code.js';

/** A course, and who may work on it on behalf of nobody. */
export interface FoundCourse {
  readonly actor: Actor;
  readonly id: string;
  readonly title: string;
}

/** Runs work on one course of a database, or on all of them. */
export async function coursesIn<T>(
  url: string,
  wanted: string | null,
  work: (courses: readonly FoundCourse[], database: Database) => Promise<T>,
): Promise<T> {
  const database = new Database({ url, poolSize: 4 });
  try {
    const courses: FoundCourse[] = [];
    for (const institutionId of await new SqlInstitutionDirectory(database).listInstitutionIds()) {
      const actor = dangerousSystemActor(institutionId);
      const rows = await database.rows<{ id: string; title: string }>(actor, {
        text: `SELECT id, title FROM courses WHERE institution_id = $1::uuid AND ($2::uuid IS NULL OR id = $2::uuid) ORDER BY title`,
        values: [institutionId, wanted],
      });
      courses.push(...rows.map(({ id, title }) => ({ actor, id, title })));
    }
    if (wanted !== null && courses.length === 0) {
      throw new CommandFailure(EXIT_CODE.settings, `There is no course ${wanted}.`);
    }
    return await work(courses, database);
  } finally {
    await database.close();
  }
}
