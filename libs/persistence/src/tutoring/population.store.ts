import type { Actor } from '#libs/identity';
import { PopulationStore, type LearntSnapshot, type ReplayedResponse } from '#libs/tutoring';
import type { Database } from '../tenancy/database.js';
import { isRepeatable } from '../tenancy/errors.js';
import { readReplayed, replayedColumns, replayedTables } from './learner.archive.js';
import type { Row } from './tutoring.rows.js';

/** Snapshots of population weights, and the responses that they are learnt from. */
export class SqlPopulationStore extends PopulationStore {
  constructor(private readonly database: Database) {
    super();
  }

  override async latest(actor: Actor, courseId: string): Promise<LearntSnapshot | null> {
    const [row] = await this.database.rows<Row>(actor, {
      text: `SELECT m.* FROM courses c
             JOIN mastery_snapshots m ON m.institution_id = c.institution_id AND m.course_id = c.id AND m.number = c.mastery_snapshot
             WHERE c.institution_id = $1::uuid AND c.id = $2::uuid`,
      values: [actor.institutionId, courseId],
    });
    if (row === undefined) return null;
    return {
      number: row['number'] as number,
      population: row['population'] as Uint8Array,
      optimizer: row['optimizer'] as Uint8Array | null,
      responses: row['responses'] as number,
      learntUntil: row['learnt_until'] as Date,
      learntBy: row['learnt_by'] as LearntSnapshot['learntBy'],
    };
  }

  override async readHistories(
    actor: Actor,
    courseId: string,
    { since, until }: { readonly since: Date; readonly until: Date },
  ): Promise<ReplayedResponse[][]> {
    const rows = await this.database.rows<Row>(actor, {
      text: `SELECT r.pseudonym, ${replayedColumns} FROM ${replayedTables}
             WHERE r.institution_id = $1::uuid AND r.course_id = $2::uuid AND r.received_at <= $4::timestamptz
               AND r.pseudonym IN (
                 SELECT l.pseudonym FROM learner_states l
                 WHERE l.institution_id = $1::uuid AND l.course_id = $2::uuid AND l.updated_at > $3::timestamptz)
             ORDER BY r.pseudonym, r.sequence`,
      values: [actor.institutionId, courseId, since, until],
    });
    const histories: ReplayedResponse[][] = [];
    let of: unknown;
    for (const row of rows) {
      if (row['pseudonym'] !== of) histories.push([]);
      of = row['pseudonym'];
      histories.at(-1)!.push(readReplayed(row));
    }
    return histories;
  }

  override async publish(actor: Actor, courseId: string, snapshot: LearntSnapshot): Promise<boolean> {
    const { number, population, optimizer, responses, learntUntil, learntBy } = snapshot;
    try {
      await this.database.sql(actor, async (transaction) => {
        const place = [actor.institutionId, courseId, number];
        await transaction.query({
          text: `INSERT INTO mastery_snapshots (institution_id, course_id, number, population, optimizer, responses, learnt_until, learnt_by)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
          values: [
            ...place,
            Buffer.from(population),
            optimizer && Buffer.from(optimizer),
            responses,
            learntUntil,
            learntBy,
          ],
        });
        await transaction.query({
          text: 'UPDATE courses SET mastery_snapshot = $3 WHERE institution_id = $1 AND id = $2',
          values: place,
        });
      });
      return true;
    } catch (error) {
      if (isRepeatable(error)) return false;
      throw error;
    }
  }

  override async coursesToLearn(
    atLeast: number,
    share: number,
  ): Promise<{ institutionId: string; courseId: string }[]> {
    const rows = await this.database.global.$queryRaw<{ institution_id: string; course_id: string }[]>`
      SELECT institution_id, course_id FROM attune_courses_to_learn(${atLeast}::int, ${share}::float8)`;
    return rows.map(({ institution_id: institutionId, course_id: courseId }) => ({ institutionId, courseId }));
  }
}
