import { coversLanguage } from '#libs/learning';
import type { CriterionScore } from '../model/grading-result.js';
import type { Hints } from '../model/hints.js';
import { hintMessagesIn } from '../words/catalogue.js';

/** The authored hints of a criterion, in the order in which they are given. */
export const hintSteps = ['orient', 'point', 'show'] as const;

/** From this step on a hint points at the part, so that its region gives nothing away any more. */
export const pointingStep = 2;

/** What a hint is made from. */
export interface HintCircumstances {
  /** From 1. */
  readonly step: number;
  /** The languages of the learner, the first one first. */
  readonly languages: readonly string[];
  /** The language that the hints were written in. */
  readonly writtenIn: string;
}

/**
 * The hint for a criterion that lost something: null for one that lost nothing.
 *
 * - Step 1 says what kind of mistake it is, and where to look.
 * - Step 2 says what was found, in the teacher's words where she wrote some for this confusion, and points at the part. Where nothing may
 *   give the answer away before the last step, it says again what kind of mistake it is.
 * - Step 3 and later show it.
 *
 * What the teacher wrote comes in the first language of the learner that it is there in, and the words of Attune in the same one, so that one
 * hint speaks one language; where Attune does not speak it, the teacher's words stand alone.
 */
export function hintFor(
  { error, hint }: Pick<CriterionScore, 'error' | 'hint'>,
  hints: Hints,
  { step, languages, writtenIn }: HintCircumstances,
): string | null {
  if (error === null) return null;
  const language = languageOf(hints, languages, writtenIn);
  const authored = hints.translations?.[language] ?? hints;
  const index = Math.min(hintSteps.length, Math.max(1, Math.floor(step)));
  const written = authored[hintSteps[index - 1]!];
  const words = hintMessagesIn(language);
  if (words === null || index === hintSteps.length) return written;
  const isOpen = index >= pointingStep && hints.answerLast !== true;
  const finding = isOpen && hint !== null ? words.findings[hint.key]?.(hint.parameters) : undefined;
  const opening = isOpen ? finding : words.kinds[error];
  const line = isOpen && language === writtenIn ? hint?.parameters['message'] : undefined;
  return [opening, line, written].filter((sentence) => sentence !== undefined).join(words.space);
}

function languageOf({ translations = {} }: Hints, wanted: readonly string[], writtenIn: string): string {
  const there = [writtenIn, ...Object.keys(translations)];
  for (const want of wanted) {
    const found = there.find((one) => one === want) ?? there.find((one) => coversLanguage(one, want));
    if (found !== undefined) return found;
  }
  return writtenIn;
}

/**
 * The step that comes next: the one after the last that was given on this work; on new work, the one after the last that she was told on earlier
 * work for the same criterion, but not the answer at once. Null when all have been given.
 * @param given last step on this work, 0 for none
 * @param toldBefore last step on earlier work of hers, 0 for none
 */
export function nextStep(given: number, toldBefore: number): number | null {
  if (given >= hintSteps.length) return null;
  return given > 0 ? given + 1 : Math.min(toldBefore + 1, hintSteps.length - 1);
}
