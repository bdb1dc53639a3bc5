import { join } from 'node:path';
import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

/** Suites with a database: one embedded PostgreSQL serves them all, each test file clones its own database. */
const DATABASE = ['./tests/support/postgres-server.ts'];

interface Suite {
  readonly name: string;
  readonly include: string[];
  readonly globalSetup?: string[];
  /** Limit of one test, in milliseconds. */
  readonly testTimeout: number;
  /** True where the tests of a suite would disturb one another: they take processes down, or measure. */
  readonly oneAtATime?: boolean;
  /** True where the files of a suite change nothing that another could see: they share the modules that they load. */
  readonly shareModules?: boolean;
}

function project({ oneAtATime = false, shareModules = false, ...suite }: Suite): TestProjectConfiguration {
  return {
    extends: true,
    test: {
      ...suite,
      hookTimeout: suite.testTimeout,
      isolate: !shareModules,
      fileParallelism: !oneAtATime,
      sequence: { groupOrder: oneAtATime ? 1 : 0 },
    },
  };
}

export default defineConfig({
  // Packages of this repository are resolved to their sources (package.json "imports"), not to dist.
  resolve: {
    conditions: ['development'],
    // The same file that Nest and Mercurius load: two instances of graphql do not know each other's types.
    alias: { graphql: join(import.meta.dirname, 'node_modules/graphql/index.js') },
  },
  ssr: { resolve: { conditions: ['development'] } },
  test: {
    environment: 'node',
    // Threads of the sources are started as they are, in TypeScript.
    execArgv: ['--import', new URL('tests/support/typescript-threads.mjs', import.meta.url).href],
    // The database and the servers under test need cores too.
    maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
    projects: [
      project({
        name: 'unit',
        include: ['libs/**/*.test.ts', 'apps/**/*.test.ts'],
        testTimeout: 10_000,
        shareModules: true,
      }),
      project({
        name: 'integration',
        include: ['tests/integration/**/*.test.ts'],
        globalSetup: DATABASE,
        testTimeout: 30_000,
      }),
      project({
        name: 'contract',
        include: ['tests/contract/**/*.test.ts'],
        globalSetup: DATABASE,
        testTimeout: 30_000,
      }),
      project({
        name: 'e2e',
        include: ['tests/e2e/**/*.test.ts'],
        globalSetup: DATABASE,
        testTimeout: 60_000,
      }),
      project({
        name: 'processes',
        include: ['tests/processes/**/*.test.ts'],
        globalSetup: DATABASE,
        testTimeout: 60_000,
        oneAtATime: true,
      }),
      project({ name: 'fault', include: ['tests/fault/**/*.test.ts'], testTimeout: 120_000, oneAtATime: true }),
    ],
  },
});
