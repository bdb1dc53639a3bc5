import { assertUnreachable } from '#libs/kernel';
import type { ActivityContent, Answer, AnswerKey } from '../model/activity-content.js';

/** What marking found: right or wrong, or an answer of a kind that the activity did not ask for. */
export type Marking =
  | { kind: 'marked'; correct: boolean; misconceptionId: string | null; feedback: string | null }
  | { kind: 'completed' }
  | { kind: 'wrong-kind'; expected: AnswerKey['kind'] };

/** Marks an answer by the version's key: all or nothing, without regard to case, width or spacing in texts. */
export function markAnswer(
  content: Pick<ActivityContent, 'key' | 'feedback' | 'misconceptions'>,
  answer: Answer,
): Marking {
  const correct = isCorrect(content.key, answer);
  if (correct === 'completed') return { kind: 'completed' };
  if (correct === 'wrong-kind') return { kind: 'wrong-kind', expected: content.key.kind };
  if (correct) return { kind: 'marked', correct, misconceptionId: null, feedback: content.feedback.right ?? null };
  const misconception = content.misconceptions.find(({ answer: known }) => isKnownMistake(known, answer));
  const feedback = misconception?.feedback ?? content.feedback.wrong ?? null;
  return { kind: 'marked', correct, misconceptionId: misconception?.id ?? null, feedback };
}

function isCorrect(key: AnswerKey, answer: Answer): boolean | 'completed' | 'wrong-kind' {
  switch (key.kind) {
    case 'none':
      return answer.kind === 'done' ? 'completed' : 'wrong-kind';
    case 'choice':
      return answer.kind === 'choice' ? answer.option === key.correct : 'wrong-kind';
    case 'choices':
      return answer.kind === 'choices' ? sameSet(answer.options, key.correct) : 'wrong-kind';
    case 'number':
      return answer.kind === 'number' ? near(answer.value, key.value, key.tolerance) : 'wrong-kind';
    case 'text':
      return answer.kind === 'text'
        ? key.accepted.some((accepted) => fold(accepted) === fold(answer.text))
        : 'wrong-kind';
    case 'order':
      return answer.kind === 'order' ? sameList(answer.items, key.correct) : 'wrong-kind';
    case 'marks':
    case 'picture':
    case 'strokes':
    case 'file':
      return 'wrong-kind';
    default:
      return assertUnreachable(key);
  }
}

function isKnownMistake(known: ActivityContent['misconceptions'][number]['answer'], answer: Answer): boolean {
  switch (answer.kind) {
    case 'choice':
      return answer.option === known;
    case 'number':
      return typeof known === 'number' && near(answer.value, known, 0);
    case 'text':
      return typeof known === 'object' && !Array.isArray(known) && fold(known.text) === fold(answer.text);
    case 'choices':
      return Array.isArray(known) && sameSet(known, answer.options);
    case 'order':
      return Array.isArray(known) && sameList(known, answer.items);
    case 'done':
      return false;
    default:
      return assertUnreachable(answer);
  }
}

/** Unicode NFKC, lower case, single spaces: two texts that fold alike are the same answer. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');
}

/** Equal within the tolerance, with room for the last bit of a decimal that was typed in. */
function near(value: number, target: number, tolerance: number): boolean {
  return Math.abs(value - target) <= tolerance + Number.EPSILON * 8 * Math.max(1, Math.abs(target));
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const set = new Set(a);
  return set.size === new Set(b).size && b.every((item) => set.has(item));
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
