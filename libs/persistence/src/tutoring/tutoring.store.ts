import { createHash } from 'node:crypto';
import { fail, isFailure, type Failure, type StreamedEvent } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { Modality } from '#libs/learning';
import {
  emptyLearnerState,
  parseLearnerState,
  storeLearnerState,
  TutoringStore,
  type ActKinds,
  type ActRequest,
  type DecisionRecord,
  type Earlier,
  type LearnerState,
  type Situation,
  type Verdict,
} from '#libs/tutoring';
import type { Database } from '../tenancy/database.js';
import type { SqlTransaction } from '../tenancy/sql-transaction.js';
import { isRepeatable } from '../tenancy/errors.js';
import { Turnstile } from '../tenancy/turnstile.js';
import { readDecision, readHint, readInteraction, readResponse, type Row } from './tutoring.rows.js';
import { writeEffect } from './tutoring.writes.js';

/** How often an act that met a concurrent one of the same learner is tried again. */
const attempts = 3;

/** How long an act waits for its turn before it takes a connection, in milliseconds; as long as for a connection. */
const turnPatience = 5_000;

const readRecord: { [K in keyof ActKinds]: (row: Row) => ActKinds[K] } = {
  response: readResponse,
  interaction: readInteraction,
  hint: readHint,
};

const earlierTable: Record<keyof ActKinds, string> = {
  response: 'responses',
  interaction: 'interactions',
  hint: 'hint_requests',
};

const stateColumns =
  'l.pseudonym, l.sequence AS state_sequence, l.mastery, l.behaviour, l.exposure, l.decision_id AS standing_id';
const aroundColumns = `c.revision, c.language AS course_language, u.language AS user_language, u.accommodations`;

/** The hot path: plain SQL, four round trips from the first statement to the commit. */
export class SqlTutoringStore extends TutoringStore {
  private readonly turnstile = new Turnstile(turnPatience);

  constructor(private readonly database: Database) {
    super();
  }

  override async act<K extends keyof ActKinds, T>(
    actor: Actor,
    request: ActRequest<K>,
    decide: (situation: Situation, earlier: Earlier<ActKinds[K]> | null) => Promise<Verdict<T>>,
  ): Promise<{ value: T; events: readonly StreamedEvent[] } | Failure> {
    const bodyHash = hashOf(request.body);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.inTurn(actor, request.sessionId, async (transaction) => {
          const row = await lockSituation(transaction, actor, request);
          if (isFailure(row)) return row;
          const earlier = row['body_hash']
            ? { sameBody: bodyHash.equals(row['body_hash'] as Buffer), record: readRecord[request.kind](row) }
            : null;
          const situation = toSituation(row, request.sessionId);
          const { value, effect } = await decide(situation, earlier);
          if (effect === null) return { value, events: [] };
          const pseudonym = row['pseudonym'] as string;
          const events = await writeEffect(transaction, { actor, situation, pseudonym, bodyHash }, effect);
          return { value, events };
        });
      } catch (error) {
        if (attempt >= attempts || !isRepeatable(error)) throw error;
      }
    }
  }

  override openSession(
    actor: Actor,
    session: { id: string; courseId: string; deviceAt: Date; now: Date },
    decide: (situation: Situation, standing: DecisionRecord | null) => Promise<Verdict<DecisionRecord | null>>,
  ): ReturnType<TutoringStore['openSession']> {
    const { institutionId, userId } = actor;
    return this.inTurn(actor, session.id, async (transaction) => {
      const enrolled = await transaction.query<Row>({
        text: `SELECT e.role, e.left_at, c.archived_at FROM courses c
         LEFT JOIN enrolments e ON e.institution_id = c.institution_id AND e.course_id = c.id AND e.user_id = $3
         WHERE c.institution_id = $1 AND c.id = $2`,
        values: [institutionId, session.courseId, userId],
      });
      const course = enrolled.rows[0];
      if (!course?.['role'] || course['archived_at']) return fail('NOT_FOUND', 'There is no such course for you.');
      if (course['left_at'] || course['role'] !== 'learner') {
        return fail('FORBIDDEN', 'Only somebody who is enrolled as a learner opens a session.');
      }
      await transaction.query({
        text: `INSERT INTO learning_sessions (institution_id, id, course_id, learner_id, device_at, opened_at)
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
        values: [institutionId, session.id, session.courseId, userId, session.deviceAt, session.now],
      });
      const first = storeLearnerState(emptyLearnerState());
      await transaction.query({
        text: `INSERT INTO learner_states (institution_id, learner_id, course_id, pseudonym, mastery, behaviour, exposure)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
        values: [
          institutionId,
          userId,
          session.courseId,
          actor.pseudonym,
          first.mastery,
          first.behaviour,
          first.exposure,
        ],
      });
      const found = await transaction.query<Row>({
        text: `SELECT d.*, s.course_id, s.closed_at, ${stateColumns}, ${aroundColumns}
         FROM learning_sessions s
         JOIN learner_states l ON l.institution_id = s.institution_id AND l.learner_id = s.learner_id AND l.course_id = s.course_id
         JOIN courses c ON c.institution_id = s.institution_id AND c.id = s.course_id
         JOIN users u ON u.institution_id = s.institution_id AND u.id = s.learner_id
         LEFT JOIN decisions d ON d.institution_id = l.institution_id AND d.id = l.decision_id
         WHERE s.institution_id = $1 AND s.id = $2 AND s.learner_id = $3 AND s.course_id = $4
         FOR UPDATE OF l`,
        values: [institutionId, session.id, userId, session.courseId],
      });
      const row = found.rows[0];
      if (row === undefined) return fail('ID_REUSED', 'This session id was already used for another session.');
      if (row['closed_at']) return fail('SESSION_CLOSED');
      const situation = toSituation(row, session.id);
      const standing = row['standing_id'] === null ? null : readDecision(row);
      const { value, effect } = await decide(situation, standing);
      const pseudonym = row['pseudonym'] as string;
      const around = { actor, situation, pseudonym, bodyHash: null };
      const events = effect === null ? [] : await writeEffect(transaction, around, effect);
      const state = effect?.state ?? situation.state;
      return { decision: value, events, state };
    });
  }

  /** Runs what will lock a learner's row; a service acts for many learners, so its turns are by session. */
  private inTurn<T>(actor: Actor, sessionId: string, work: (transaction: SqlTransaction) => Promise<T>): Promise<T> {
    const who = actor.kind === 'service' ? sessionId : actor.userId;
    return this.turnstile.pass(`${actor.institutionId}/${who}`, () => this.database.sql(actor, work));
  }

  override closeSession(actor: Actor, sessionId: string, now: Date): Promise<'closed' | Failure> {
    return this.database.sql(actor, async (transaction) => {
      const { rowCount } = await transaction.query({
        text: `UPDATE learning_sessions SET closed_at = coalesce(closed_at, $4)
         WHERE institution_id = $1 AND id = $2 AND learner_id = $3`,
        values: [actor.institutionId, sessionId, actor.userId, now],
      });
      return rowCount === 1 ? ('closed' as const) : noSuchSession();
    });
  }

  override standing(actor: Actor, sessionId: string): ReturnType<TutoringStore['standing']> {
    return this.database.sql(actor, async (transaction) => {
      const { rows } = await transaction.query<Row>({
        name: 'standing',
        text: `SELECT s.course_id AS session_course_id, c.revision, e.left_at, l.decision_id AS standing_id, d.*
               FROM learning_sessions s
               JOIN enrolments e ON e.institution_id = s.institution_id AND e.course_id = s.course_id AND e.user_id = s.learner_id
               JOIN learner_states l ON l.institution_id = s.institution_id AND l.learner_id = s.learner_id AND l.course_id = s.course_id
               JOIN courses c ON c.institution_id = s.institution_id AND c.id = s.course_id
               LEFT JOIN decisions d ON d.institution_id = l.institution_id AND d.id = l.decision_id
               WHERE s.institution_id = $1 AND s.id = $2 AND s.learner_id = $3`,
        values: [actor.institutionId, sessionId, actor.userId],
      });
      const row = rows[0];
      if (row === undefined) return noSuchSession();
      if (row['left_at']) return hasLeft();
      const decision = row['standing_id'] === null ? null : readDecision(row);
      const courseId = row['session_course_id'] as string;
      return { courseId, courseRevision: row['revision'] as number, decision };
    });
  }

  override findDecision(actor: Actor, decisionId: string): Promise<DecisionRecord | null> {
    return this.database.sql(actor, async (transaction) => {
      const { rows } = await transaction.query<Row>({
        text: 'SELECT d.* FROM decisions d WHERE d.institution_id = $1 AND d.id = $2 AND d.pseudonym = $3',
        values: [actor.institutionId, decisionId, actor.pseudonym],
      });
      return rows[0] ? readDecision(rows[0]) : null;
    });
  }

  override react(
    actor: Actor,
    interventionId: string,
    reaction: 'accepted' | 'dismissed',
    now: Date,
  ): ReturnType<TutoringStore['react']> {
    return this.database.sql(actor, async (transaction) => {
      const { rows } = await transaction.query<Row>({
        text: `SELECT i.course_id, i.activity_id, i.activity_version, i.state, e.left_at FROM interventions i
         JOIN enrolments e ON e.institution_id = i.institution_id AND e.course_id = i.course_id AND e.user_id = i.learner_id
         WHERE i.institution_id = $1 AND i.id = $2 AND i.learner_id = $3 FOR UPDATE OF i`,
        values: [actor.institutionId, interventionId, actor.userId],
      });
      const row = rows[0];
      if (row === undefined) return fail('NOT_FOUND', 'There is no such offer for you.');
      if (row['left_at']) return hasLeft();
      if (row['state'] !== 'offered' && row['state'] !== reaction) {
        return fail('ID_REUSED', `This offer was already ${row['state'] as string}.`);
      }
      await transaction.query({
        text: `UPDATE interventions SET state = $3, reacted_at = coalesce(reacted_at, $4) WHERE institution_id = $1 AND id = $2`,
        values: [actor.institutionId, interventionId, reaction, now],
      });
      return {
        courseId: row['course_id'] as string,
        activityId: row['activity_id'] as string,
        activityVersion: row['activity_version'] as number,
      };
    });
  }

  override findState(actor: Actor, learnerId: string, courseId: string): Promise<LearnerState | null> {
    return this.database.sql(actor, async (transaction) => {
      const { rows } = await transaction.query<Row>({
        text: `SELECT ${stateColumns} FROM learner_states l WHERE l.institution_id = $1 AND l.learner_id = $2 AND l.course_id = $3`,
        values: [actor.institutionId, learnerId, courseId],
      });
      return rows[0] ? toState(rows[0]) : null;
    });
  }
}

/** Finds the session and everything around it, and takes the lock that puts this learner's acts in order. */
async function lockSituation(
  transaction: SqlTransaction,
  actor: Actor,
  { kind, id, sessionId }: ActRequest<keyof ActKinds>,
): Promise<Row | Failure> {
  const { rows } = await transaction.query<Row>({
    name: `lock-${kind}`,
    text: `SELECT p.*, s.course_id, s.closed_at, e.left_at, ${stateColumns}, ${aroundColumns}
           FROM learning_sessions s
           JOIN learner_states l ON l.institution_id = s.institution_id AND l.learner_id = s.learner_id AND l.course_id = s.course_id
           JOIN courses c ON c.institution_id = s.institution_id AND c.id = s.course_id
           JOIN users u ON u.institution_id = s.institution_id AND u.id = s.learner_id
           JOIN enrolments e ON e.institution_id = s.institution_id AND e.course_id = s.course_id AND e.user_id = s.learner_id
           LEFT JOIN ${earlierTable[kind]} p ON p.institution_id = s.institution_id AND p.id = $4
           WHERE s.institution_id = $1 AND s.id = $2 AND s.learner_id = $3
           FOR UPDATE OF l`,
    values: [actor.institutionId, sessionId, actor.userId, id],
  });
  const row = rows[0];
  if (row === undefined) return noSuchSession();
  return row['left_at'] ? hasLeft() : row;
}

function hasLeft(): Failure {
  return fail('FORBIDDEN', 'You have left this course. Ask a teacher to enrol you again.');
}

function noSuchSession(): Failure {
  return fail('NOT_FOUND', 'There is no such session of yours. Open one first.');
}

function toSituation(row: Row, sessionId: string): Situation {
  const accommodations = row['accommodations'] as { excludedModalities?: Modality[] };
  return {
    courseId: row['course_id'] as string,
    sessionId,
    sessionClosed: row['closed_at'] !== null,
    courseRevision: row['revision'] as number,
    state: toState(row),
    languages: [...new Set([row['user_language'] as string, row['course_language'] as string])],
    excludedModalities: accommodations.excludedModalities ?? [],
  };
}

function toState(row: Row): LearnerState {
  return parseLearnerState({
    sequence: row['state_sequence'] as number,
    mastery: row['mastery'] as string,
    behaviour: row['behaviour'] as string,
    exposure: row['exposure'] as string,
    decisionId: row['standing_id'] as string | null,
  });
}

/** SHA-256 of the parsed body: its keys stand in the order of the schema, so equal bodies have equal texts. */
function hashOf(body: object): Buffer {
  return createHash('sha256').update(JSON.stringify(body)).digest();
}
