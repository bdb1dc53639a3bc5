import type { z } from 'zod';
import { configSchema } from '#libs/platform';
import { code, generatedNote, page, table } from './markdown.js';

/** Settings of the command that starts everything; it sets what the API and the worker need. */
const supervisorSettings = [
  ['DATABASE_URL', 'a PostgreSQL is started', 'A PostgreSQL of your own, as the role that owns the database.'],
  ['NO_COLOR', '', 'When set, the terminal shows no colours.'],
] as const;

/** docs/configuration.md: every setting, from the schema that reads them. */
export function configurationPage(): string {
  const settings = Object.entries(configSchema.shape as Record<string, z.ZodType>);
  const rows = settings.map(([key, schema]) => [code(key), defaultOf(schema), schema.description ?? '']);
  return page(
    '# Configuration',
    generatedNote,
    `Settings are read once, at start, from the environment. A wrong one stops the start with a line that names it. An empty value counts as
not set. Flags take \`0\`, \`1\`, \`true\` or \`false\`.`,
    '## `npm start`',
    table(
      ['key', 'default', 'meaning'],
      supervisorSettings.map(([key, fallback, meaning]) => [code(key), fallback, meaning]),
    ),
    `\`npm start\` makes \`ATTUNE_SECRET\` and keeps it in the data folder, and derives \`DATABASE_APP_URL\`. All settings below are handed on to the
API and the worker.`,
    '## API and worker',
    table(['key', 'default', 'meaning'], rows),
  );
}

function defaultOf(schema: z.ZodType): string {
  if (schema.safeParse(undefined).success === false) return 'required';
  const value: unknown = schema.parse(undefined);
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : code(value.join(','));
  if (typeof value === 'boolean') return code(value ? '1' : '0');
  return code(String(value));
}
