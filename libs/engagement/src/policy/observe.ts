import {
  emptyBehaviour,
  type AnswerTrace,
  type BehaviourEvent,
  type BehaviourState,
  type EngagementEstimate,
  type ItemNorm,
} from '../model/behaviour.js';
import { absentBetween, paceOf, track } from './track.js';

/** Weights of the parts of confusion; each part is between 0 and 1. */
const confusionWeights = { failure: 0.75, slow: 0.25, hints: 0.3, help: 0.3, wheelSpinning: 0.3 } as const;
const confusionFrom = 0.5;

/** Weights of the parts of struggle. */
const struggleWeights = { wrong: 0.3, slow: 0.25, hints: 0.25, overcome: 0.5 } as const;
const struggleFrom = 0.4;

/** Weights of the latest answers in unexpected failure, newest first. They are not renormalised: few answers say little. */
const recency = [1, 0.75, 0.5, 0.25] as const;
const recencySum = 2.5;

const presenceWindowMs = 5 * 60_000;
const absentShareFrom = 0.3;
const absencesFrom = 3;

/**
 * Takes in one event and says what the behaviour suggests now. `norm` is the norm of the item in front of the learner.
 *
 * Rules over what a learner does, in this order; the first that holds names the label. Confidence is the weight of
 * the rule, not a calibrated probability, and no rule looks at anything but answers, hints, times and presence.
 *
 * 1. `away`: off the page; or idle for longer than the item usually takes.
 * 2. `guessing`: one of the last two answers was rapid, at least two of the last four were, and the rapid ones were
 *    right less often than those items usually are. Rapid: below a tenth of the item's usual time (Wise & Kong 2005,
 *    response-time effort; Wise & Ma 2012, threshold NT10); quick and right is fluency. Or two hints in a row that
 *    nobody could have read (hint abuse: Baker, Corbett, Koedinger & Wagner 2004, "gaming the system").
 * 3. `confused`: an impasse that is open (a wrong answer, a second hint or a call for help, and nothing right since)
 *    with a score of at least ½ (weights below): unexpected failure, slowness, hint after hint, asking, and
 *    wheel-spinning (Beck & Gong 2013: ten tries without three right in a row). All is measured against the
 *    item's own norm, so a hard item that is failed slowly does not count as confusion.
 * 4. `distracted`: away for three tenths of the last five minutes, or three times in them.
 * 5. `productive-struggle`: difficulty met with effort, or just overcome, below the line of confusion, which is the
 *    confusion that learning gains from (D'Mello & Graesser 2012; D'Mello, Lehman, Pekrun & Graesser 2014).
 * 6. `engaged`: two answers or more, the last of them neither rapid nor more than two deviations slow.
 * 7. `unknown`.
 *
 * The label holds until the next event says otherwise.
 */
export function observe(
  before: BehaviourState,
  event: BehaviourEvent,
  norm: ItemNorm,
): { readonly state: BehaviourState; readonly estimate: EngagementEstimate } {
  const state = track(before, event, norm);
  return { state, estimate: judge(state, norm) };
}

/**
 * The same of somebody who is not to be observed: nothing is judged, and nothing is kept but which activity is in front of her, so that
 * a call for help has an answer.
 */
export function overlook(before: BehaviourState, event: BehaviourEvent, norm: ItemNorm): ReturnType<typeof observe> {
  const { open } = track({ ...emptyBehaviour(), open: before.open }, event, norm);
  const inFront = open && { ...open, hints: 0, rushedHints: 0, lastHintAt: null, askedForHelp: false };
  return {
    state: { ...emptyBehaviour(), open: inFront, lastAt: event.at },
    estimate: { label: 'unknown', confidence: 0, evidence: [] },
  };
}

function judge(state: BehaviourState, norm: ItemNorm): EngagementEstimate {
  return (
    away(state, norm) ??
    guessing(state) ??
    confused(state, norm) ??
    distracted(state) ??
    struggling(state) ??
    engaged(state) ?? {
      label: 'unknown',
      confidence: 0.2,
      evidence: [{ code: 'answers', value: state.answers.length }],
    }
  );
}

function away({ absent, open, lastAt }: BehaviourState, norm: ItemNorm): EngagementEstimate | null {
  if (absent === null) return null;
  if (absent.leftPage) return { label: 'away', confidence: 0.95, evidence: [{ code: 'left-page', value: 1 }] };
  const pace = open === null ? Infinity : paceOf(lastAt - open.shownAt, norm);
  if (pace < 1) return null;
  return { label: 'away', confidence: 0.7, evidence: [{ code: 'idle', value: open === null ? 1 : round(pace) }] };
}

function guessing({ answers, open }: BehaviourState): EngagementEstimate | null {
  const rushedHints = open?.rushedHints ?? answers.at(-1)?.rushedHints ?? 0;
  const rapid = answers.slice(-4).filter((answer) => answer.rapid);
  const surplus = mean(rapid, (answer) => (answer.correct ? 1 : 0) - answer.successRate);
  const nowRapid = answers.slice(-2).some((answer) => answer.rapid);
  const guesses = nowRapid && rapid.length >= 2 && surplus < 0;
  if (!guesses && rushedHints < 2) return null;
  const confidence = guesses ? 0.35 + 0.15 * rapid.length : 0.6;
  return {
    label: 'guessing',
    confidence: clamp(confidence + (guesses && rushedHints >= 2 ? 0.1 : 0), 0, 0.95),
    evidence: [
      { code: 'rapid-answers', value: rapid.length },
      { code: 'rapid-accuracy-against-norm', value: round(surplus) },
      { code: 'hints-rushed', value: rushedHints },
    ],
  };
}

function confused(state: BehaviourState, norm: ItemNorm): EngagementEstimate | null {
  const { answers, open } = state;
  const last = answers.at(-1);
  const failed = last !== undefined && !last.correct && !last.rapid;
  const stuck = open !== null && (open.hints >= 2 || open.askedForHelp);
  if (!failed && !stuck) return null;
  const elapsed = stuck ? state.lastAt - open.shownAt - absentBetween(state, open.shownAt, state.lastAt) : 0;
  const pace = Math.max(failed ? last.pace : 0, stuck ? paceOf(elapsed, norm) : 0);
  const hints = stuck ? { count: open.hints, norm: norm.successRate } : { count: last!.hints, norm: last!.successRate };
  const parts = {
    failure: clamp(unexpectedFailure(answers), 0, 1),
    slow: clamp(pace / 2, 0, 1),
    // hints on an item that few get right alone say less
    hints: (Math.min(hints.count, 3) / 3) * (0.5 + hints.norm / 2),
    help: open?.askedForHelp === true ? 1 : 0,
    wheelSpinning: isSpinning(answers) ? 1 : 0,
  };
  const score =
    confusionWeights.failure * parts.failure +
    confusionWeights.slow * parts.slow +
    confusionWeights.hints * parts.hints +
    confusionWeights.help * parts.help +
    confusionWeights.wheelSpinning * parts.wheelSpinning;
  if (score < confusionFrom) return null;
  return {
    label: 'confused',
    confidence: clamp(score, 0, 0.95),
    evidence: [
      { code: 'unexpected-failure', value: round(parts.failure) },
      { code: 'slower-than-usual', value: round(pace) },
      { code: 'hints', value: hints.count },
      { code: 'asked-for-help', value: parts.help },
      { code: 'wheel-spinning', value: parts.wheelSpinning },
    ],
  };
}

/** Mean of (success rate − right) over the latest answers that were not rapid, newest first, weighted by recency. */
function unexpectedFailure(answers: readonly AnswerTrace[]): number {
  let sum = 0;
  let place = 0;
  for (let index = answers.length - 1; index >= 0 && place < recency.length; index--) {
    const answer = answers[index]!;
    if (answer.rapid) continue;
    sum += recency[place]! * (answer.successRate - (answer.correct ? 1 : 0));
    place++;
  }
  return sum / recencySum;
}

/** Ten tries without three right in a row, and fewer right than the items' norms by 1.5 standard deviations. */
function isSpinning(answers: readonly AnswerTrace[]): boolean {
  if (answers.length < 10) return false;
  let row = 0;
  let shortfall = 0;
  let variance = 0;
  for (const answer of answers) {
    row = answer.correct ? row + 1 : 0;
    if (row === 3) return false;
    shortfall += answer.successRate - (answer.correct ? 1 : 0);
    variance += answer.successRate * (1 - answer.successRate);
  }
  return shortfall > 1.5 * Math.sqrt(variance);
}

function distracted(state: BehaviourState): EngagementEstimate | null {
  const from = state.lastAt - presenceWindowMs;
  const share = absentBetween(state, from, state.lastAt) / presenceWindowMs;
  const times = state.absences.filter((absence) => absence.to > from).length;
  if (share < absentShareFrom && times < absencesFrom) return null;
  return {
    label: 'distracted',
    confidence: clamp(0.4 + share / 2 + 0.05 * times, 0, 0.9),
    evidence: [
      { code: 'absent-share', value: round(share) },
      { code: 'absences', value: times },
    ],
  };
}

function struggling({ answers, open }: BehaviourState): EngagementEstimate | null {
  const last = answers.at(-1);
  if (last === undefined || last.rapid) return null;
  const hints = Math.max(last.hints, open?.hints ?? 0);
  // two failures or two hints behind a right answer are a difficulty overcome, one is half of that
  const overcome = last.correct ? clamp((failuresBefore(answers) + last.hints) / 2, 0, 1) : 0;
  const score =
    struggleWeights.wrong * (last.correct ? 0 : 1) +
    struggleWeights.slow * clamp(last.pace / 2, 0, 1) +
    struggleWeights.hints * (Math.min(hints, 3) / 3) +
    struggleWeights.overcome * overcome;
  if (score < struggleFrom) return null;
  return {
    label: 'productive-struggle',
    confidence: clamp(score, 0, 0.9),
    evidence: [
      { code: 'last-answer-right', value: last.correct ? 1 : 0 },
      { code: 'slower-than-usual', value: round(last.pace) },
      { code: 'hints', value: hints },
      { code: 'overcome', value: overcome },
    ],
  };
}

/** Wrong answers in a row just before the last one. */
function failuresBefore(answers: readonly AnswerTrace[]): number {
  let failures = 0;
  for (let index = answers.length - 2; index >= 0 && !answers[index]!.correct; index--) failures++;
  return failures;
}

function engaged({ answers }: BehaviourState): EngagementEstimate | null {
  const last = answers.at(-1);
  if (last === undefined || answers.length < 2 || last.rapid || last.pace > 2) return null;
  const attentive = answers.filter((answer) => !answer.rapid).length;
  return {
    label: 'engaged',
    confidence: clamp(0.4 + 0.05 * attentive, 0, 0.8),
    evidence: [
      { code: 'response-time-effort', value: round(attentive / answers.length) },
      { code: 'slower-than-usual', value: round(last.pace) },
    ],
  };
}

function mean<T>(items: readonly T[], of: (item: T) => number): number {
  return items.length === 0 ? 0 : items.reduce((sum, item) => sum + of(item), 0) / items.length;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** Two decimals: evidence is read by people and stored with every estimate. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
