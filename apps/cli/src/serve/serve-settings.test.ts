import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseServeSettings } from './serve-settings.js';

const parse = (env: NodeJS.ProcessEnv, demo = false) => parseServeSettings(env, { demo });

describe('parseServeSettings', () => {
  it('has a default for everything, and seeds the demo school into the embedded database', () => {
    expect(parse({})).toEqual({
      host: '127.0.0.1',
      port: 3000,
      dataFolder: resolve('.attune'),
      databaseUrl: undefined,
      databaseAppUrl: undefined,
      secret: undefined,
      shutdownDelay: 0,
      demo: true,
    });
  });

  it('seeds a database of the operator only when asked to', () => {
    const DATABASE_URL = 'postgresql://a:b@host/db';
    expect(parse({ DATABASE_URL }).demo).toBe(false);
    expect(parse({ DATABASE_URL }, true).demo).toBe(true);
  });

  it('takes an empty variable as not set', () => {
    expect(parse({ PORT: '', DATABASE_URL: '' })).toEqual(parse({}));
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT: must be a whole number from 1 to 65535'],
    [{ PORT: '70000' }, 'PORT: must be a whole number from 1 to 65535'],
    [{ DATABASE_URL: 'mysql://host/db' }, 'DATABASE_URL: must look like postgresql://'],
    [{ ATTUNE_SECRET: 'short' }, 'ATTUNE_SECRET: must have at least 32 characters'],
    [{ DATABASE_APP_URL: 'postgresql://a:b@host/db' }, 'DATABASE_APP_URL is set without DATABASE_URL'],
  ])('refuses %j with a sentence', (env, sentence) => {
    expect(() => parse(env)).toThrow(sentence);
  });
});
