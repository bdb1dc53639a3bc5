import { z } from 'zod';

/** A language, with a script or region where that matters: en, zh-CN. */
export const languageTagSchema = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/, 'use a language tag, such as en or zh-CN');

/** Whether whoever reads the one language reads the other: `en` and `en-GB` cover one another, `zh-CN` and `zh-TW` do not. */
export function coversLanguage(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b}-`) || b.startsWith(`${a}-`);
}
