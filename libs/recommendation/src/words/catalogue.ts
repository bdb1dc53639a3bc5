import { chinese } from './chinese.js';
import { english } from './english.js';
import { german } from './german.js';
import type { Messages } from './messages.js';

/** The languages that explanations are given in: a file and a line each. */
export const catalogues = { en: english, de: german, 'zh-CN': chinese } as const satisfies Readonly<
  Record<string, Messages>
>;

export type ExplanationLanguage = keyof typeof catalogues;

/** The first of the wanted languages that there are words in, whatever its region; English where there is none. */
export function explanationLanguage(wanted: readonly string[]): ExplanationLanguage {
  const there = Object.keys(catalogues) as ExplanationLanguage[];
  for (const language of wanted) {
    const found = there.find((one) => primary(one) === primary(language));
    if (found !== undefined) return found;
  }
  return 'en';
}

function primary(language: string): string {
  return language.toLowerCase().split('-')[0]!;
}
