import { CommandFailure } from '../shell/command-failure.js';
import { report } from '../shell/report.js';
import { Terminal } from '../shell/terminal.js';
import { PROJECT_PATHS } from './project-paths.js';
import { parseServeSettings } from './serve-settings.js';
import { Supervisor } from './supervisor.js';

/** Runs Attune with the settings of the environment; resolves to the exit code when it has stopped. */
export async function serve(flags: { demo: boolean }): Promise<number> {
  const terminal = new Terminal(process.stdout, process.env);
  try {
    return await new Supervisor(parseServeSettings(process.env, flags), PROJECT_PATHS, terminal).run();
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    report(terminal, error);
    return error.exitCode;
  }
}
