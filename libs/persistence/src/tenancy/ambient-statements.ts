import type { Database } from './database.js';

/** Runs statements that others have written in the transaction of the unit of work around the caller. */
export class AmbientStatements {
  constructor(private readonly database: Database) {}

  async executeSql(text: string, values: unknown[] = []): Promise<{ rows: unknown[] }> {
    const rows: unknown = await (await this.database.tenant()).$queryRawUnsafe(text, ...values);
    return { rows: Array.isArray(rows) ? rows : [] };
  }
}
