import { chinese } from './chinese.js';
import { english } from './english.js';
import { german } from './german.js';
import type { HintMessages } from './messages.js';

/** The languages that hints are given in: a file and a line each. */
export const hintCatalogues = { en: english, de: german, 'zh-CN': chinese } as const satisfies Readonly<
  Record<string, HintMessages>
>;

/** The words of a language, whatever its region; null where there are none. */
export function hintMessagesIn(language: string): HintMessages | null {
  const found = Object.entries(hintCatalogues).find(([there]) => primary(there) === primary(language));
  return found?.[1] ?? null;
}

function primary(language: string): string {
  return language.toLowerCase().split('-')[0]!;
}
