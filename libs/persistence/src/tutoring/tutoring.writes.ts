import { inStreamOrder, type StreamedEvent } from '#libs/kernel';
import { periodOf } from '#libs/engagement';
import type { SqlTransaction } from '../tenancy/sql-transaction.js';
import { storeLearnerState, type Effect, type Situation } from '#libs/tutoring';

/** Whose effect it is, and where. */
export interface EffectContext {
  readonly institutionId: string;
  readonly situation: Pick<Situation, 'learnerId' | 'pseudonym' | 'courseId' | 'sessionId'>;
  readonly bodyHash: Uint8Array | null;
}

/**
 * SQL of the day on which a learner is to be looked at next: when a skill falls due, but not on the day on which she was told.
 * @param due parameter with the earliest day on which a skill falls due; null for none
 */
export function nextReview(due: string): string {
  return `greatest(${due}::int, reviews_told_on + 1)`;
}

/** Collects parameters and gives their places in the text. */
class Parameters {
  readonly values: unknown[] = [];

  add(...values: unknown[]): string {
    return values.map((value) => `$${this.values.push(value)}`).join(', ');
  }
}

/**
 * Stores everything that an act changed in one statement, and commits: each part is a data-modifying `WITH` query, and the last
 * one numbers the events. The text depends on which parts there are only, so each shape is prepared once.
 */
export async function writeEffect(
  transaction: SqlTransaction,
  context: EffectContext,
  effect: Effect,
): Promise<StreamedEvent[]> {
  const { institutionId } = context;
  const { learnerId, courseId, sessionId } = context.situation;
  const { at, events } = effect;
  const parameters = new Parameters();
  const institution = parameters.add(institutionId);
  const learner = parameters.add(learnerId);
  const course = parameters.add(courseId);
  const session = parameters.add(sessionId);
  const pseudonym = parameters.add(context.situation.pseudonym);
  // Not every shape uses all of these; this tells the database their types.
  const place = [institution, learner, course, session, pseudonym].map((parameter) => `${parameter}::uuid`);
  const parts = [`place AS (SELECT ${place.join(', ')})`];
  const shape: string[] = [];
  const part = (name: string, text: string): void => {
    shape.push(name);
    parts.push(`${name} AS (${text})`);
  };

  const state = storeLearnerState(effect.state);
  part(
    'state',
    `UPDATE learner_states SET sequence = ${parameters.add(state.sequence)}, mastery = ${parameters.add(state.mastery)},
       behaviour = ${parameters.add(state.behaviour)}, exposure = ${parameters.add(state.exposure)},
       memory = ${parameters.add(state.memory)}, next_review_on = ${nextReview(parameters.add(state.nextReviewOn))},
       decision_id = ${parameters.add(state.decisionId)}, updated_at = ${parameters.add(at)}
     WHERE institution_id = ${institution} AND learner_id = ${learner} AND course_id = ${course}`,
  );

  if (effect.response) {
    const { response } = effect;
    part(
      'response',
      `INSERT INTO responses (institution_id, pseudonym, course_id, session_id, id, sequence, activity_id, activity_version,
         decision_id, answer, correct, graded_by, misconception_id, hints_used, duration_ms, predicted, model_snapshot,
         changes, next_decision_id, body_hash, device_at, received_at)
       VALUES (${institution}, ${pseudonym}, ${course}, ${session}, ${parameters.add(
         response.id,
         response.sequence,
         response.activityId,
         response.activityVersion,
         response.decisionId,
         JSON.stringify(response.answer),
         response.correct,
         response.gradedBy,
         response.misconceptionId,
         response.hintsUsed,
         response.durationMs,
         response.predicted,
         response.modelSnapshot,
         JSON.stringify(response.changes),
         response.nextDecisionId,
         context.bodyHash,
         response.deviceAt,
         response.receivedAt,
       )})`,
    );
  }

  if (effect.interaction) {
    const { interaction } = effect;
    part(
      'interaction',
      `INSERT INTO interactions (institution_id, pseudonym, course_id, session_id, id, kind, activity_id, body_hash, device_at, received_at)
       VALUES (${institution}, ${pseudonym}, ${course}, ${session}, ${parameters.add(
         interaction.id,
         interaction.kind,
         interaction.activityId,
         context.bodyHash,
         interaction.deviceAt,
         interaction.receivedAt,
       )})`,
    );
  }

  if (effect.hint) {
    const { hint } = effect;
    part(
      'hint',
      `INSERT INTO hint_requests (institution_id, pseudonym, id, activity_id, step, body_hash, device_at, given_at)
       VALUES (${institution}, ${pseudonym}, ${parameters.add(hint.id, hint.activityId, hint.step, context.bodyHash, hint.deviceAt, hint.givenAt)})`,
    );
  }

  if (effect.decision) {
    const { decision } = effect;
    part(
      'decision',
      `INSERT INTO decisions (institution_id, pseudonym, course_id, session_id, id, sequence, activity_id, activity_version,
         policy_name, policy_version, graph_version, seed, probability, reason, terms, candidates, probabilities, utilities, decided_at)
       VALUES (${institution}, ${pseudonym}, ${course}, ${session}, ${parameters.add(
         decision.id,
         decision.sequence,
         decision.activityId,
         decision.activityVersion,
         decision.policyName,
         decision.policyVersion,
         decision.graphVersion,
         decision.seed,
         decision.probability,
         JSON.stringify(decision.reason),
         JSON.stringify(decision.terms),
         decision.candidates,
         decision.probabilities,
         decision.utilities,
         decision.decidedAt,
       )})`,
    );
  }

  if (effect.intervention) {
    const { intervention } = effect;
    part(
      'intervention',
      `INSERT INTO interventions (institution_id, learner_id, course_id, session_id, id, trigger, activity_id,
         activity_version, minutes, reason, draw, sequence, cause_id, state, offered_at)
       VALUES (${institution}, ${learner}, ${course}, ${session}, ${parameters.add(
         intervention.id,
         intervention.trigger,
         intervention.activityId,
         intervention.activityVersion,
         intervention.minutes,
         JSON.stringify(intervention.reason),
         JSON.stringify(intervention.draw),
         intervention.sequence,
         intervention.causeId,
         intervention.state,
         intervention.offeredAt,
       )})`,
    );
  }

  if (effect.estimate) {
    const { label, confidence } = effect.estimate;
    part(
      'estimate',
      `INSERT INTO engagement_estimates AS e (institution_id, course_id, pseudonym, period, label, confidence, at)
       VALUES (${institution}, ${course}, ${pseudonym}, ${parameters.add(new Date(periodOf(at.getTime())), label, confidence, at)})
       ON CONFLICT (institution_id, course_id, period, pseudonym)
       DO UPDATE SET label = excluded.label, confidence = excluded.confidence, at = excluded.at WHERE e.at <= excluded.at`,
    );
  }

  const inOrder = inStreamOrder(events);
  part(
    'event',
    `INSERT INTO events (institution_id, stream, sequence, type, payload, at)
     SELECT ${institution}, e.stream, attune_next_in_stream(${institution}, e.stream), e.type, e.payload::jsonb, ${parameters.add(at)}::timestamptz
     FROM unnest(${parameters.add(inOrder.map(({ stream }) => stream))}::text[],
                 ${parameters.add(inOrder.map(({ type }) => type))}::text[],
                 ${parameters.add(inOrder.map(({ payload }) => JSON.stringify(payload)))}::text[]) AS e(stream, type, payload)
     RETURNING stream, sequence`,
  );

  const { rows } = await transaction.queryAndCommit<{ stream: string; sequence: string }>({
    name: `effect-${shape.join('-')}`,
    text: `WITH ${parts.join(',\n')} SELECT stream, sequence FROM event ORDER BY sequence`,
    values: parameters.values,
  });
  // Within a stream the numbers stand in the order of the events.
  return events.map((event, index) => {
    const { stream } = event;
    const before = events.slice(0, index).filter((other) => other.stream === stream).length;
    const row = rows.filter((other) => other.stream === stream)[before]!;
    return { ...event, institutionId, sequence: Number(row.sequence), at };
  });
}
