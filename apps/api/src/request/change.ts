import { z } from 'zod';

/** What an update means by what it does not say; every input of an update says so in its description. */
export const changeWords =
  'What is left out stays as it is. Null takes a value away where there may be none; elsewhere it changes nothing.';

/**
 * The schema of an update, made of the schemas of the fields that it may change. Null is a value where a field takes it,
 * and is left out of the change where it does not.
 */
export function changeSchema<F extends z.ZodRawShape>(fields: F) {
  const nullable = new Set(Object.keys(fields).filter((name) => z.safeParse(fields[name]!, null).success));
  const isSaid = ([name, value]: [string, unknown]): boolean =>
    value !== undefined && (value !== null || nullable.has(name));
  return z.preprocess(
    (input) => Object.fromEntries(Object.entries(input as object).filter(isSaid)),
    z.strictObject(fields).partial(),
  );
}
