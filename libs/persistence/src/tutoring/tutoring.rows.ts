import {
  parseLearnerState,
  type DecisionRecord,
  type HintRecord,
  type InteractionRecord,
  type InterventionRecord,
  type LearnerState,
  type ResponseRecord,
} from '#libs/tutoring';

/** A row as `pg` gives it: column name → value. */
export type Row = Record<string, unknown>;

export function readResponse(row: Row): ResponseRecord {
  return {
    id: row['id'] as string,
    sequence: row['sequence'] as number,
    activityId: row['activity_id'] as string,
    activityVersion: row['activity_version'] as number,
    decisionId: row['decision_id'] as string | null,
    answer: row['answer'] as ResponseRecord['answer'],
    correct: row['correct'] as boolean | null,
    gradedBy: row['graded_by'] as ResponseRecord['gradedBy'],
    misconceptionId: row['misconception_id'] as string | null,
    hintsUsed: row['hints_used'] as number,
    durationMs: row['duration_ms'] as number,
    predicted: row['predicted'] as number | null,
    modelSnapshot: row['model_snapshot'] as number,
    changes: row['changes'] as ResponseRecord['changes'],
    nextDecisionId: row['next_decision_id'] as string | null,
    deviceAt: row['device_at'] as Date,
    receivedAt: row['received_at'] as Date,
  };
}

export function readInteraction(row: Row): InteractionRecord {
  return {
    id: row['id'] as string,
    kind: row['kind'] as InteractionRecord['kind'],
    activityId: row['activity_id'] as string | null,
    deviceAt: row['device_at'] as Date,
    receivedAt: row['received_at'] as Date,
  };
}

export function readHint(row: Row): HintRecord {
  return {
    id: row['id'] as string,
    activityId: row['activity_id'] as string,
    step: row['step'] as number,
    deviceAt: row['device_at'] as Date,
    givenAt: row['given_at'] as Date,
  };
}

export function readDecision(row: Row): DecisionRecord {
  return {
    id: row['id'] as string,
    sequence: row['sequence'] as number,
    activityId: row['activity_id'] as string,
    activityVersion: row['activity_version'] as number,
    policyName: row['policy_name'] as string,
    policyVersion: row['policy_version'] as number,
    graphVersion: row['graph_version'] as number,
    seed: row['seed'] as string,
    probability: row['probability'] as number,
    reason: row['reason'] as DecisionRecord['reason'],
    terms: row['terms'] as DecisionRecord['terms'],
    candidates: row['candidates'] as number[],
    probabilities: row['probabilities'] as number[],
    utilities: (row['utilities'] as number[] | null) ?? [],
    decidedAt: row['decided_at'] as Date,
  };
}

export function readIntervention(row: Row): InterventionRecord {
  return {
    id: row['id'] as string,
    trigger: row['trigger'] as InterventionRecord['trigger'],
    activityId: row['activity_id'] as string | null,
    activityVersion: row['activity_version'] as number | null,
    minutes: row['minutes'] as number | null,
    reason: row['reason'] as InterventionRecord['reason'],
    draw: row['draw'] as InterventionRecord['draw'],
    sequence: row['sequence'] as number,
    causeId: row['cause_id'] as string,
    state: row['state'] as InterventionRecord['state'],
    offeredAt: row['offered_at'] as Date,
  };
}

/** What {@link readState} reads, of learner_states `l`. */
export const stateColumns =
  'l.pseudonym, l.sequence AS state_sequence, l.mastery, l.behaviour, l.exposure, l.memory, l.decision_id AS standing_id';

export function readState(row: Row): LearnerState {
  return parseLearnerState({
    sequence: row['state_sequence'] as number,
    mastery: row['mastery'] as string,
    behaviour: row['behaviour'] as string,
    exposure: row['exposure'] as string,
    memory: row['memory'] as string,
    decisionId: row['standing_id'] as string | null,
  });
}

/** What a learner is spoken to in: her own language, then that of the course. */
export function languagesOf(row: Row): string[] {
  return [...new Set([row['user_language'], row['course_language']] as (string | null)[])].filter(
    (tag) => tag !== null,
  );
}
