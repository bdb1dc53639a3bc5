import { ensureSecret, openDataFolder } from '../serve/data-folder.js';
import { DatabasePart } from '../serve/database-part.js';
import { EXIT_CODE } from '../shell/exit-code.js';
import { explainFailure } from '../shell/explain-failure.js';
import { prepareDatabase } from '../serve/prepare-database.js';
import { PROJECT_PATHS } from '../serve/project-paths.js';
import { ServerLock } from '../serve/server-lock.js';
import { parseServeSettings, type ServeSettings } from '../serve/serve-settings.js';
import { report } from '../shell/report.js';
import { Terminal } from '../shell/terminal.js';

/** Prepares the database of the settings in the environment; resolves to the exit code. */
export async function migrate(flags: { demo: boolean }): Promise<number> {
  const terminal = new Terminal(process.stdout, process.env);
  let settings: ServeSettings | undefined;
  const step = terminal.step('Database');
  try {
    settings = parseServeSettings(process.env, flags);
    step.done(await prepare({ ...settings, demo: flags.demo }, (detail) => step.update(detail)));
    return EXIT_CODE.stopped;
  } catch (error) {
    step.fail();
    const dataFolder = settings?.dataFolder ?? '';
    const failure = explainFailure(error, { dataFolder, databaseUrl: settings?.databaseUrl });
    report(terminal, failure);
    return failure.exitCode;
  }
}

async function prepare(settings: ServeSettings, onStep: (detail: string) => void): Promise<string> {
  const folder = await openDataFolder(settings.dataFolder);
  const secret = await ensureSecret(folder, settings.secret);
  const run = async (ownerUrl: string) => {
    const { summary } = await prepareDatabase({
      ownerUrl,
      appUrl: settings.databaseAppUrl,
      secret,
      migrationsFolder: PROJECT_PATHS.migrations,
      demoAccountsFile: folder.demoAccountsFile,
      demo: settings.demo,
      onStep,
    });
    return summary;
  };
  if (settings.databaseUrl !== undefined) return run(settings.databaseUrl);

  const lock = await ServerLock.take(folder.lockFile, 'attune migrate');
  try {
    const database = await DatabasePart.start({
      dataFolder: folder.path,
      logFile: folder.logFile('postgres'),
      onNotice: onStep,
      onEvent: () => undefined, // it is about to be stopped anyway
    });
    return await run(database.ownerUrl).finally(() => database.stop());
  } finally {
    await lock.release();
  }
}
