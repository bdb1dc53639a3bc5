import { PROJECT_PATHS } from './project-paths.js';
import { ServeFailure } from './serve-failure.js';
import { parseServeSettings } from './serve-settings.js';
import { Supervisor } from './supervisor.js';
import { Terminal } from './terminal.js';

/** Runs Attune with the settings of the environment; resolves to the exit code when it has stopped. */
export async function serve(flags: { demo: boolean }): Promise<number> {
  const terminal = new Terminal(process.stdout, process.env);
  try {
    return await new Supervisor(parseServeSettings(process.env, flags), PROJECT_PATHS, terminal).run();
  } catch (error) {
    if (!(error instanceof ServeFailure)) throw error;
    terminal.line(`  ${terminal.style('red', error.message)}`);
    return error.exitCode;
  }
}
