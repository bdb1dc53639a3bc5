import type { CommandFailure } from './command-failure.js';
import type { Terminal } from './terminal.js';

/** Tells why a command ends: the sentence, and below it the lines that explain it. */
export function report(terminal: Terminal, failure: CommandFailure): void {
  terminal.line(`  ${terminal.style('red', failure.message)}`);
  for (const line of failure.detail) terminal.line(`    ${terminal.style('dim', line)}`);
}
