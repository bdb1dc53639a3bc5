import { assertUnreachable } from '#libs/kernel';
import {
  absencesKept,
  answersKept,
  type AnswerTrace,
  type BehaviourEvent,
  type BehaviourState,
  type ItemNorm,
} from '../model/behaviour.js';

/** A hint that is asked for sooner than this after the one before was not waited for, let alone read. */
const rushedHintMs = 2_000;

/**
 * Below this time an answer is a rapid guess: the normative threshold NT10, a tenth of the item's mean time and at
 * most ten seconds (S. L. Wise & L. Ma, "Setting response time thresholds for a CAT item pool", 2012). The mean of a
 * log-normal time is median · exp(spread² / 2).
 */
function rapidThresholdMs(norm: ItemNorm): number {
  return Math.min(10_000, (norm.medianMs * Math.exp(norm.spread ** 2 / 2)) / 10);
}

/** How far a time is from the item's median: standard deviations on the log scale, slower is positive. */
export function paceOf(durationMs: number, norm: ItemNorm): number {
  return Math.log(Math.max(1, durationMs) / norm.medianMs) / norm.spread;
}

/** Time that the learner was away between two times, ended absences and the one under way together. */
export function absentBetween(state: BehaviourState, from: number, to: number): number {
  let absent = 0;
  for (const absence of state.absences) absent += overlap(absence.from, absence.to, from, to);
  if (state.absent !== null) absent += overlap(state.absent.since, to, from, to);
  return absent;
}

/** What an event makes of a state, before any judgement. */
export function track(before: BehaviourState, event: BehaviourEvent, norm: ItemNorm): BehaviourState {
  const at = Math.max(before.lastAt, event.at);
  const state = event.kind === 'went-idle' || event.kind === 'left-page' ? before : present(before, at);
  switch (event.kind) {
    case 'activity-shown':
      return { ...state, open: opened(event.activityId, at), lastAt: at };
    case 'hint-requested': {
      const open = state.open?.activityId === event.activityId ? state.open : opened(event.activityId, at);
      const rushed = open.lastHintAt !== null && at - open.lastHintAt < rushedHintMs ? 1 : 0;
      const hints = open.hints + 1;
      return { ...state, open: { ...open, hints, rushedHints: open.rushedHints + rushed, lastHintAt: at }, lastAt: at };
    }
    case 'answered':
      return {
        ...state,
        answers: [...state.answers, traceOf(state, event, at, norm)].slice(-answersKept),
        open: null,
        lastAt: at,
      };
    case 'asked-for-help':
      return { ...state, open: state.open && { ...state.open, askedForHelp: true }, lastAt: at };
    case 'came-back':
      return { ...state, lastAt: at };
    case 'went-idle':
    case 'left-page': {
      const leftPage = event.kind === 'left-page' || state.absent?.leftPage === true;
      return { ...state, absent: { since: state.absent?.since ?? at, leftPage }, lastAt: at };
    }
    default:
      return assertUnreachable(event);
  }
}

function opened(activityId: string, at: number): NonNullable<BehaviourState['open']> {
  return { activityId, shownAt: at, hints: 0, rushedHints: 0, lastHintAt: null, askedForHelp: false };
}

/** Whoever acts is there: ends the absence under way, also when the app never said that the learner came back. */
function present(state: BehaviourState, at: number): BehaviourState {
  if (state.absent === null) return state;
  const absences = [...state.absences, { from: state.absent.since, to: at }].slice(-absencesKept);
  return { ...state, absent: null, absences };
}

function traceOf(
  state: BehaviourState,
  event: Extract<BehaviourEvent, { kind: 'answered' }>,
  at: number,
  norm: ItemNorm,
): AnswerTrace {
  const open = state.open?.activityId === event.activityId ? state.open : null;
  const active = event.durationMs - absentBetween(state, at - event.durationMs, at);
  return {
    activityId: event.activityId,
    correct: event.correct,
    pace: paceOf(active, norm),
    rapid: event.durationMs < rapidThresholdMs(norm),
    hints: Math.max(event.hintsUsed, open?.hints ?? 0),
    rushedHints: open?.rushedHints ?? 0,
    successRate: norm.successRate,
  };
}

function overlap(from: number, to: number, low: number, high: number): number {
  return Math.max(0, Math.min(to, high) - Math.max(from, low));
}
