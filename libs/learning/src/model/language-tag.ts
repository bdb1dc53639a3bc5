import { z } from 'zod';

/** A language, with a script or region where that matters: en, zh-CN. */
export const languageTagSchema = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z]{2,4})?$/, 'use a language tag, such as en or zh-CN');
