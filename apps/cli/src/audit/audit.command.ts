import type { Command } from 'commander';
import type { VerifyAuditFlags } from './verify-audit.js';

/** `attune audit`: whether the record of management acts is as it was written. */
export function addAuditCommand(program: Command): void {
  const audit = program.command('audit').description('the record of management acts, and the seals that hold it fast');
  audit
    .command('verify')
    .description(
      'compute every hash of the audit anew, from its beginning: exit code 1 where an event or a seal was changed, removed, ' +
        'inserted or moved',
    )
    .option('--institution <slug>', 'of this institution only')
    .option(
      '--expect <hash>',
      'demand a seal with this hash, noted earlier: without it, a chain that was cut off at its end, or made anew, passes',
    )
    .option('--json', 'print the figures as JSON and nothing else', false)
    .action(async (flags: VerifyAuditFlags) => {
      const { verifyAudit } = await import('./verify-audit.js');
      process.exitCode = await verifyAudit(flags);
    });
}
