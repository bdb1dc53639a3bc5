import type { Failure } from '#libs/kernel';
import type { SensingMode } from '#libs/governance';
import type { Actor } from '#libs/identity';
import { readAccommodations, type StoredAccommodations } from '#libs/learning';
import {
  emptyLearnerState,
  storeLearnerState,
  TutoringStore,
  withReaction,
  type Acted,
  type ActKinds,
  type ActRequest,
  type DecisionRecord,
  type Earlier,
  type FoundDecision,
  type FoundOffer,
  type InterventionRecord,
  type Learner,
  type LearnerState,
  type MasteryPoint,
  type Membership,
  type NewSession,
  type Reaction,
  type Situation,
  type StandingDecision,
  type StandingOffer,
  type Verdict,
} from '#libs/tutoring';
import { hashOf, isHashOf } from '../body-hash.js';
import type { Database } from '../tenancy/database.js';
import type { SqlTransaction } from '../tenancy/sql-transaction.js';
import { isRepeatable } from '../tenancy/errors.js';
import { Turnstile } from '../tenancy/turnstile.js';
import {
  languagesOf,
  readDecision,
  readHint,
  readInteraction,
  readIntervention,
  readResponse,
  readState,
  stateColumns,
  type Row,
} from './tutoring.rows.js';
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

const aroundColumns = `s.course_id, s.learner_id, s.opened_by, s.closed_at, s.graded, e.experiments_opted_out_at, c.revision, c.mastery_snapshot, c.help_number,
  i.watches_presence, i.sensing_ceiling AS ceiling_of_institution, c.sensing_ceiling AS ceiling_of_course, u.sensing_ceiling AS ceiling_of_learner,
  EXISTS (SELECT FROM (SELECT DISTINCT ON (given_as) decision FROM consent_records r
                       WHERE r.institution_id = s.institution_id AND r.pseudonym = l.pseudonym AND r.purpose = 'behaviour'
                       ORDER BY given_as, recorded_at DESC, id DESC) AS latest WHERE decision = 'withdrawn') AS behaviour_withdrawn,
  c.language AS course_language, i.time_zone, u.language AS user_language, u.accommodations`;

/** The hot path: plain SQL. An act is two round trips, of which the first enters and the last commits. */
export class SqlTutoringStore extends TutoringStore {
  private readonly turnstile = new Turnstile(turnPatience);

  constructor(private readonly database: Database) {
    super();
  }

  override async act<K extends keyof ActKinds, T>(
    actor: Actor,
    request: ActRequest<K>,
    decide: (situation: Situation, earlier: Earlier<ActKinds[K]> | null) => Promise<Verdict<T>>,
  ): Promise<Acted<T> | null> {
    const bodyHash = hashOf(request.body);
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.inTurn(actor, request.sessionId, async (transaction) => {
          const row = await lockSituation(transaction, actor, request);
          if (row === undefined) return null;
          const earlier = row['body_hash']
            ? {
                sameBody: isHashOf(row['body_hash'] as Uint8Array, request.body),
                record: readRecord[request.kind](row),
              }
            : null;
          const situation = toSituation(row, request.sessionId);
          return store(transaction, actor, situation, bodyHash, await decide(situation, earlier));
        });
      } catch (error) {
        if (attempt >= attempts || !isRepeatable(error)) throw error;
      }
    }
  }

  override openSession<T>(
    actor: Actor,
    session: NewSession,
    refuse: (membership: Membership | null) => Failure | null,
    decide: (situation: Situation, standing: DecisionRecord | null) => Promise<Verdict<T>>,
  ): Promise<Acted<T> | Failure | null> {
    const { institutionId } = actor;
    const { id, courseId, learnerId, openedBy, graded, deviceAt, now } = session;
    return this.inTurn(actor, id, async (transaction) => {
      const members = await transaction.query<Row>({
        text: `SELECT e.role, e.left_at, c.archived_at, u.pseudonym FROM courses c
         LEFT JOIN enrolments e ON e.institution_id = c.institution_id AND e.course_id = c.id AND e.user_id = $3
         LEFT JOIN users u ON u.institution_id = c.institution_id AND u.id = e.user_id
         WHERE c.institution_id = $1 AND c.id = $2`,
        values: [institutionId, courseId, learnerId],
      });
      const member = members.rows[0];
      const refusal = refuse(member === undefined ? null : toMembership(member));
      if (member === undefined || refusal !== null) return refusal;
      await transaction.query({
        text: `INSERT INTO learning_sessions (institution_id, id, course_id, learner_id, opened_by, device_at, opened_at, graded)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
        values: [institutionId, id, courseId, learnerId, openedBy, deviceAt, now, graded],
      });
      const first = storeLearnerState(emptyLearnerState());
      await transaction.query({
        text: `INSERT INTO learner_states (institution_id, learner_id, course_id, pseudonym, mastery, behaviour, exposure, memory, next_review_on)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`,
        values: [
          institutionId,
          learnerId,
          courseId,
          member['pseudonym'],
          first.mastery,
          first.behaviour,
          first.exposure,
          first.memory,
          first.nextReviewOn,
        ],
      });
      const found = await transaction.query<Row>({
        text: `SELECT d.*, ${aroundColumns}, ${stateColumns}, NULL AS left_at
         FROM learning_sessions s
         JOIN learner_states l ON l.institution_id = s.institution_id AND l.learner_id = s.learner_id AND l.course_id = s.course_id
         JOIN institutions i ON i.id = s.institution_id
         JOIN courses c ON c.institution_id = s.institution_id AND c.id = s.course_id
         JOIN users u ON u.institution_id = s.institution_id AND u.id = s.learner_id
         JOIN enrolments e ON e.institution_id = s.institution_id AND e.course_id = s.course_id AND e.user_id = s.learner_id
         LEFT JOIN decisions d ON d.institution_id = l.institution_id AND d.id = l.decision_id
         WHERE s.institution_id = $1 AND s.id = $2 AND s.learner_id = $3 AND s.course_id = $4
           AND s.opened_by IS NOT DISTINCT FROM $5 AND s.graded = $6
         FOR UPDATE OF l`,
        values: [institutionId, id, learnerId, courseId, openedBy, graded],
      });
      const row = found.rows[0];
      if (row === undefined) return null;
      const situation = toSituation(row, id);
      const verdict = await decide(situation, await standingIn(transaction, institutionId, row));
      return store(transaction, actor, situation, null, verdict);
    });
  }

  /** Runs what will lock a learner's row; a service acts for many learners, so its turns are by session. */
  private async inTurn<T>(
    actor: Actor,
    sessionId: string,
    work: (transaction: SqlTransaction) => Promise<T>,
  ): Promise<T> {
    await this.database.giveBack(actor);
    const who = actor.kind === 'service' ? sessionId : actor.userId;
    return this.turnstile.pass(`${actor.institutionId}/${who}`, () => this.database.sql(actor, work));
  }

  override closeSession(actor: Actor, sessionId: string, now: Date): Promise<boolean> {
    return this.database.sql(actor, async (transaction) => {
      const { rowCount } = await transaction.query({
        text: `UPDATE learning_sessions SET closed_at = coalesce(closed_at, $4)
         WHERE institution_id = $1 AND id = $2 AND (learner_id = $3 OR opened_by = $3)`,
        values: [actor.institutionId, sessionId, actor.userId, now],
      });
      return rowCount === 1;
    });
  }

  override async findStanding(actor: Actor, sessionId: string): Promise<StandingDecision | null> {
    const [row] = await this.database.rows<Row>(actor, {
      name: 'standing',
      text: `SELECT d.*, s.course_id AS session_course_id, s.opened_by, s.graded, c.revision, c.language AS course_language, u.language AS user_language,
               e.left_at, l.decision_id AS standing_id
             FROM learning_sessions s
             JOIN enrolments e ON e.institution_id = s.institution_id AND e.course_id = s.course_id AND e.user_id = s.learner_id
             JOIN learner_states l ON l.institution_id = s.institution_id AND l.learner_id = s.learner_id AND l.course_id = s.course_id
             JOIN courses c ON c.institution_id = s.institution_id AND c.id = s.course_id
             JOIN users u ON u.institution_id = s.institution_id AND u.id = s.learner_id
             LEFT JOIN decisions d ON d.institution_id = l.institution_id AND d.id = l.decision_id
             WHERE s.institution_id = $1::uuid AND s.id = $2::uuid AND (s.learner_id = $3::uuid OR s.opened_by = $3::uuid)`,
      values: [actor.institutionId, sessionId, actor.userId],
    });
    if (row === undefined) return null;
    return {
      courseId: row['session_course_id'] as string,
      courseRevision: row['revision'] as number,
      hasLeft: row['left_at'] !== null,
      languages: languagesOf(row),
      openedByService: row['opened_by'] !== null,
      graded: row['graded'] as boolean,
      decision: row['standing_id'] === null ? null : readDecision(row),
    };
  }

  override async findDecision(actor: Actor, decisionId: string): Promise<FoundDecision | null> {
    const [row] = await this.database.rows<Row>(actor, {
      text: `SELECT d.*, l.id AS learner_id, c.language AS course_language, i.time_zone, s.opened_by, l.accommodations,
               l.language AS learner_language,
               (SELECT language FROM users WHERE institution_id = $1::uuid AND id = $3::uuid) AS user_language
             FROM decisions d
             JOIN users l ON l.institution_id = d.institution_id AND l.pseudonym = d.pseudonym
             JOIN institutions i ON i.id = d.institution_id
             JOIN learning_sessions s ON s.institution_id = d.institution_id AND s.id = d.session_id
             JOIN courses c ON c.institution_id = d.institution_id AND c.id = d.course_id
             WHERE d.institution_id = $1::uuid AND d.id = $2::uuid`,
      values: [actor.institutionId, decisionId, actor.userId],
    });
    if (row === undefined) return null;
    return {
      courseId: row['course_id'] as string,
      learnerId: row['learner_id'] as string,
      learner: toLearner({ ...row, user_language: row['learner_language'] }),
      languages: languagesOf(row),
      decision: readDecision(row),
    };
  }

  override async findIntervention(actor: Actor, id: string): Promise<FoundOffer | null> {
    const [row] = await this.database.rows<Row>(actor, {
      text: `SELECT i.*, l.pseudonym, c.language AS course_language,
               (SELECT language FROM users WHERE institution_id = $1::uuid AND id = $3::uuid) AS user_language
             FROM interventions i
             JOIN users l ON l.institution_id = i.institution_id AND l.id = i.learner_id
             JOIN courses c ON c.institution_id = i.institution_id AND c.id = i.course_id
             WHERE i.institution_id = $1::uuid AND i.id = $2::uuid`,
      values: [actor.institutionId, id, actor.userId],
    });
    if (row === undefined) return null;
    return {
      courseId: row['course_id'] as string,
      learnerId: row['learner_id'] as string,
      pseudonym: row['pseudonym'] as string,
      languages: languagesOf(row),
      offer: readIntervention(row),
    };
  }

  override async findOffer(actor: Actor, learnerId: string, causeId: string): Promise<InterventionRecord | null> {
    const [row] = await this.database.rows<Row>(actor, {
      text: `SELECT i.* FROM interventions i
             WHERE i.institution_id = $1::uuid AND i.learner_id = $2::uuid AND i.cause_id = $3::uuid`,
      values: [actor.institutionId, learnerId, causeId],
    });
    return row === undefined ? null : readIntervention(row);
  }

  override react(
    actor: Actor,
    { interventionId, reaction, deviceAt, now }: Reaction,
    refuse: (offer: StandingOffer) => Failure | null,
  ): Promise<StandingOffer | Failure | null> {
    return this.database.sql(actor, async (transaction) => {
      const { rows } = await transaction.query<Row>({
        text: `SELECT i.learner_id, i.course_id, i.activity_id, i.activity_version, i.state, e.left_at,
           c.language AS course_language, u.language AS user_language, ${stateColumns}
         FROM interventions i
         JOIN learner_states l ON l.institution_id = i.institution_id AND l.learner_id = i.learner_id AND l.course_id = i.course_id
         JOIN learning_sessions s ON s.institution_id = i.institution_id AND s.id = i.session_id
         JOIN enrolments e ON e.institution_id = i.institution_id AND e.course_id = i.course_id AND e.user_id = i.learner_id
         JOIN courses c ON c.institution_id = i.institution_id AND c.id = i.course_id
         JOIN users u ON u.institution_id = i.institution_id AND u.id = i.learner_id
         WHERE i.institution_id = $1 AND i.id = $2 AND (i.learner_id = $3 OR s.opened_by = $3) FOR UPDATE OF l, i`,
        values: [actor.institutionId, interventionId, actor.userId],
      });
      const row = rows[0];
      if (row === undefined) return null;
      const offer = toStandingOffer(row);
      const refusal = refuse(offer);
      if (refusal !== null) return refusal;
      // What she makes of offers says how many more she is made.
      const { exposure } = storeLearnerState(withReaction(readState(row), interventionId, reaction));
      await transaction.query({
        text: `UPDATE learner_states SET exposure = $4 WHERE institution_id = $1 AND learner_id = $2 AND course_id = $3`,
        values: [actor.institutionId, row['learner_id'], row['course_id'], exposure],
      });
      await transaction.query({
        text: `UPDATE interventions SET state = $3, device_at = coalesce(device_at, $4), reacted_at = coalesce(reacted_at, $5)
         WHERE institution_id = $1 AND id = $2`,
        values: [actor.institutionId, interventionId, reaction, deviceAt, now],
      });
      return offer;
    });
  }

  override async findLanguages(actor: Actor): Promise<string[]> {
    const rows = await this.database.rows<{ language: string }>(actor, {
      text: 'SELECT language FROM users WHERE institution_id = $1::uuid AND id = $2::uuid',
      values: [actor.institutionId, actor.userId],
    });
    return rows.map(({ language }) => language);
  }

  override async listMastery(
    actor: Actor,
    { learnerId, courseId, skillId, atMost }: { learnerId: string; courseId: string; skillId: string; atMost: number },
  ): Promise<MasteryPoint[]> {
    const rows = await this.database.rows<Row>(actor, {
      text: `SELECT r.sequence, r.device_at, (c.change->>'after')::float8 AS probability
             FROM users u
             JOIN responses r ON r.institution_id = u.institution_id AND r.pseudonym = u.pseudonym AND r.course_id = $3::uuid
             CROSS JOIN LATERAL jsonb_array_elements(r.changes) AS c(change)
             WHERE u.institution_id = $1::uuid AND u.id = $2::uuid AND c.change->>'skillId' = $4
             ORDER BY r.sequence DESC LIMIT $5::int`,
      values: [actor.institutionId, learnerId, courseId, skillId, atMost],
    });
    return rows
      .map((row) => ({
        sequence: row['sequence'] as number,
        at: row['device_at'] as Date,
        probability: row['probability'] as number,
      }))
      .reverse();
  }

  override async findState(actor: Actor, learnerId: string, courseId: string): Promise<LearnerState | null> {
    const [row] = await this.database.rows<Row>(actor, {
      text: `SELECT ${stateColumns} FROM learner_states l
             WHERE l.institution_id = $1::uuid AND l.learner_id = $2::uuid AND l.course_id = $3::uuid`,
      values: [actor.institutionId, learnerId, courseId],
    });
    return row === undefined ? null : readState(row);
  }
}

/** Stores what was decided on a locked row, and commits. */
async function store<T>(
  transaction: SqlTransaction,
  actor: Actor,
  situation: Situation,
  bodyHash: Uint8Array | null,
  { value, effect }: Verdict<T>,
): Promise<Acted<T>> {
  if (effect === null) return { value, events: [] };
  const { institutionId } = actor;
  return { value, events: await writeEffect(transaction, { institutionId, situation, bodyHash }, effect) };
}

/**
 * The decision that a locked row names. Whoever waited for the lock has the row as it is now, but what was joined to it
 * as it was before (READ COMMITTED): a decision that came with the wait is read again.
 */
async function standingIn(
  transaction: SqlTransaction,
  institutionId: string,
  row: Row,
): Promise<DecisionRecord | null> {
  if (row['standing_id'] === null) return null;
  if (row['id'] === row['standing_id']) return readDecision(row);
  const { rows } = await transaction.query<Row>({
    text: 'SELECT d.* FROM decisions d WHERE d.institution_id = $1 AND d.id = $2',
    values: [institutionId, row['standing_id']],
  });
  return rows[0] === undefined ? null : readDecision(rows[0]);
}

/** Finds the session and everything around it, and takes the lock that puts this learner's acts in order. */
async function lockSituation(
  transaction: SqlTransaction,
  actor: Actor,
  { kind, id, sessionId }: ActRequest<keyof ActKinds>,
): Promise<Row | undefined> {
  const { rows } = await transaction.query<Row>({
    name: `lock-${kind}`,
    text: `SELECT p.*, ${aroundColumns}, ${stateColumns}, e.left_at
           FROM learning_sessions s
           JOIN learner_states l ON l.institution_id = s.institution_id AND l.learner_id = s.learner_id AND l.course_id = s.course_id
           JOIN institutions i ON i.id = s.institution_id
           JOIN courses c ON c.institution_id = s.institution_id AND c.id = s.course_id
           JOIN users u ON u.institution_id = s.institution_id AND u.id = s.learner_id
           JOIN enrolments e ON e.institution_id = s.institution_id AND e.course_id = s.course_id AND e.user_id = s.learner_id
           LEFT JOIN ${earlierTable[kind]} p ON p.institution_id = s.institution_id AND p.id = $4
           WHERE s.institution_id = $1 AND s.id = $2 AND (s.learner_id = $3 OR s.opened_by = $3)
           FOR UPDATE OF l`,
    values: [actor.institutionId, sessionId, actor.userId, id],
  });
  return rows[0];
}

function toSituation(row: Row, sessionId: string): Situation {
  return {
    courseId: row['course_id'] as string,
    sessionId,
    sessionClosed: row['closed_at'] !== null,
    learnerId: row['learner_id'] as string,
    graded: row['graded'] as boolean,
    sensing: {
      ceilings: {
        institution: row['ceiling_of_institution'] as SensingMode | null,
        course: row['ceiling_of_course'] as SensingMode | null,
        learner: row['ceiling_of_learner'] as SensingMode | null,
      },
      isWithdrawn: row['behaviour_withdrawn'] as boolean,
      watchesPresence: row['watches_presence'] as boolean,
    },
    optedOut: row['experiments_opted_out_at'] !== null,
    hasLeft: row['left_at'] !== null,
    courseRevision: row['revision'] as number,
    modelSnapshot: row['mastery_snapshot'] as number,
    helpNumber: row['help_number'] as number,
    state: readState(row),
    ...toLearner(row),
  };
}

function toLearner(row: Row): Learner {
  return {
    pseudonym: row['pseudonym'] as string,
    openedByService: row['opened_by'] !== null,
    timeZone: row['time_zone'] as string,
    languages: languagesOf(row),
    accommodations: readAccommodations(row['accommodations'] as Partial<StoredAccommodations>),
  };
}

function toMembership(row: Row): Membership {
  return {
    role: row['role'] as Membership['role'],
    hasLeft: row['left_at'] !== null,
    courseArchived: row['archived_at'] !== null,
  };
}

function toStandingOffer(row: Row): StandingOffer {
  return {
    courseId: row['course_id'] as string,
    activityId: row['activity_id'] as string | null,
    activityVersion: row['activity_version'] as number | null,
    state: row['state'] as StandingOffer['state'],
    hasLeft: row['left_at'] !== null,
    languages: languagesOf(row),
  };
}
