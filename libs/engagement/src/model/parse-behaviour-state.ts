import { absencesKept, answersKept, type BehaviourState } from './behaviour.js';

/** Reads a stored state and throws a `TypeError` that names the first thing wrong with it. */
export function parseBehaviourState(json: unknown): BehaviourState {
  const state = asObject(json, 'the state');
  if (state['version'] !== 1) throw wrong('the version is not 1');
  for (const answer of asList(state['answers'], answersKept, 'answers')) {
    const trace = asObject(answer, 'an answer');
    requireString(trace['activityId'], "an answer's activity");
    requireBoolean(trace['correct'], "an answer's correctness");
    requireBoolean(trace['rapid'], "an answer's rapidness");
    for (const field of ['pace', 'hints', 'rushedHints', 'successRate'])
      requireNumber(trace[field], `${field} of an answer`);
  }
  for (const absence of asList(state['absences'], absencesKept, 'absences')) {
    const span = asObject(absence, 'an absence');
    requireNumber(span['from'], 'the start of an absence');
    requireNumber(span['to'], 'the end of an absence');
  }
  if (state['open'] !== null) {
    const open = asObject(state['open'], 'the open activity');
    requireString(open['activityId'], 'the open activity');
    for (const field of ['shownAt', 'hints', 'rushedHints'])
      requireNumber(open[field], `${field} of the open activity`);
    if (open['lastHintAt'] !== null) requireNumber(open['lastHintAt'], 'the time of the last hint');
    requireBoolean(open['askedForHelp'], 'the request for help');
  }
  if (state['absent'] !== null) {
    const absent = asObject(state['absent'], 'the absence under way');
    requireNumber(absent['since'], 'the start of the absence under way');
    requireBoolean(absent['leftPage'], 'whether the page was left');
  }
  requireNumber(state['lastAt'], 'the time of the last event');
  return json as BehaviourState;
}

function wrong(what: string): TypeError {
  return new TypeError(`Behaviour state: ${what}.`);
}

function asObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(`${what} is not an object`);
  return value as Record<string, unknown>;
}

function asList(value: unknown, most: number, what: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length > most) throw wrong(`${what} is not a list of at most ${most}`);
  return value;
}

function requireString(value: unknown, what: string): void {
  if (typeof value !== 'string') throw wrong(`${what} is not a text`);
}

function requireBoolean(value: unknown, what: string): void {
  if (typeof value !== 'boolean') throw wrong(`${what} is neither true nor false`);
}

function requireNumber(value: unknown, what: string): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw wrong(`${what} is not a finite number`);
}
