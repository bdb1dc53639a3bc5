import { findEmbeddedOwnerUrl } from '#libs/persistence';
import { parseServeSettings } from '../serve/serve-settings.js';
import { CommandFailure } from './command-failure.js';
import { EXIT_CODE } from './exit-code.js';
import { explainFailure } from './explain-failure.js';
import { report } from './report.js';
import { Terminal } from './terminal.js';

/**
 * Runs a command on the database of a running Attune, or on DATABASE_URL; resolves to the exit code. What goes wrong is told
 * in a sentence.
 */
export async function withDatabase(work: (ownerUrl: string, terminal: Terminal) => Promise<number>): Promise<number> {
  const terminal = new Terminal(process.stdout, process.env);
  let dataFolder = '';
  let databaseUrl: string | undefined;
  try {
    const settings = parseServeSettings(process.env, { demo: false });
    dataFolder = settings.dataFolder;
    databaseUrl = settings.databaseUrl ?? (await findEmbeddedOwnerUrl(dataFolder)) ?? undefined;
    if (databaseUrl === undefined) {
      throw new CommandFailure(
        EXIT_CODE.dataFolder,
        `There is no database in ${dataFolder}. Start Attune there first, or set ATTUNE_DATA_DIR or DATABASE_URL.`,
      );
    }
    return await work(databaseUrl, terminal);
  } catch (error) {
    const failure = explainFailure(error, { dataFolder, databaseUrl });
    report(new Terminal(process.stderr, process.env), failure);
    return failure.exitCode;
  }
}
