import { dangerousSystemActor, type Actor } from '#libs/identity';
import { Database, SqlInstitutionDirectory } from '#libs/persistence';
import { CommandFailure } from './command-failure.js';
import { EXIT_CODE } from './exit-code.js';

/** An institution, and who may work in it on behalf of nobody. */
export interface FoundInstitution {
  readonly actor: Actor;
  readonly slug: string;
}

/** Runs work on one institution of a database, or on all of them. */
export async function institutionsIn<T>(
  url: string,
  wanted: string | null,
  work: (institutions: readonly FoundInstitution[], database: Database) => Promise<T>,
): Promise<T> {
  const database = new Database({ url, poolSize: 4 });
  try {
    const institutions: FoundInstitution[] = [];
    for (const institutionId of await new SqlInstitutionDirectory(database).listInstitutionIds()) {
      const actor = dangerousSystemActor(institutionId);
      const rows = await database.rows<{ slug: string }>(actor, {
        text: `SELECT slug FROM institutions WHERE id = $1::uuid AND ($2::text IS NULL OR slug = $2::text)`,
        values: [institutionId, wanted],
      });
      institutions.push(...rows.map(({ slug }) => ({ actor, slug })));
    }
    if (wanted !== null && institutions.length === 0) {
      throw new CommandFailure(EXIT_CODE.settings, `There is no institution ${wanted}.`);
    }
    return await work(
      institutions.toSorted((a, b) => (a.slug < b.slug ? -1 : 1)),
      database,
    );
  } finally {
    await database.close();
  }
}
