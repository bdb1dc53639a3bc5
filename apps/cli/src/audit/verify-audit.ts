import { assertUnreachable, FailureError, isFailure } from '#libs/kernel';
import { VerifyAudit, type AuditFault, type VerifiedAudit } from '#libs/governance';
import { SqlAuditChain } from '#libs/persistence';
import { SystemClock } from '#libs/platform';
import { Sha256Digest } from '#libs/storage';
import { CommandFailure } from '../shell/command-failure.js';
import { EXIT_CODE } from '../shell/exit-code.js';
import { institutionsIn } from '../shell/institutions-in.js';
import { progressBar } from '../shell/progress-bar.js';
import { withDatabase } from '../shell/with-database.js';

export interface VerifyAuditFlags {
  readonly institution?: string;
  readonly expect?: string;
  readonly json: boolean;
}

/** Verifies the audit of institutions; resolves to the exit code, 1 when something is wrong with one. */
export function verifyAudit({ institution, expect, json }: VerifyAuditFlags): Promise<number> {
  return withDatabase(async (ownerUrl, terminal) => {
    const expected = expect?.trim().toLowerCase() ?? null;
    if (expected !== null && !/^[0-9a-f]{64}$/.test(expected)) {
      throw new CommandFailure(EXIT_CODE.settings, `"${expect}" is not the hash of a seal: 64 hexadecimal digits.`);
    }
    if (expected !== null && institution === undefined) {
      throw new CommandFailure(EXIT_CODE.settings, 'Say with --institution whose chain has the hash.');
    }
    const bar = progressBar(!json);
    return institutionsIn(ownerUrl, institution ?? null, async (institutions, database) => {
      const verify = new VerifyAudit(database, new SqlAuditChain(database), new Sha256Digest());
      const clock = new SystemClock();
      const found: (VerifiedAudit & { institution: string })[] = [];
      for (const { actor, slug } of institutions) {
        const verified = await verify.execute(actor, expected, (done, of) => bar.update(done, of, slug));
        bar.stop();
        if (isFailure(verified)) throw new FailureError(verified);
        found.push({ institution: slug, ...verified });
        if (!json) for (const line of tell(slug, verified, clock.now())) terminal.line(`  ${line}`);
      }
      if (json) terminal.line(JSON.stringify(found));
      else if (found.length === 0) terminal.line('  There is no institution.');
      return found.some(({ fault }) => fault !== null) ? EXIT_CODE.unexpected : EXIT_CODE.stopped;
    });
  });
}

function tell(slug: string, { fault, head, seals, events, ...more }: VerifiedAudit, now: number): string[] {
  const { erased, expectedAt, unsealed } = more;
  const counts = `${count(events, 'event')} in ${count(seals, 'seal')}`;
  const lines =
    fault === null
      ? [`${slug}: as it was written: ${counts}${erased > 0 ? `, of ${erased} of them the details are erased` : ''}`]
      : [`${slug}: WRONG: ${tellFault(fault)}`, `  before that ${counts} hold`];
  if (head !== null) lines.push(`  seal ${head.number} of ${head.sealedAt.toISOString()} holds: ${head.hash}`);
  if (expectedAt !== null) lines.push(`  the hash that you noted is the one of seal ${expectedAt}`);
  if (unsealed.oldestAt !== null) {
    const age = Math.max(0, Math.round((now - unsealed.oldestAt.getTime()) / 1000));
    lines.push(`  ${count(unsealed.events, 'event')} not yet sealed, the oldest ${age} s old`);
  }
  return lines;
}

function tellFault(fault: AuditFault): string {
  switch (fault.kind) {
    case 'seal-changed':
      return `seal ${fault.seal} was changed: what it says has another hash`;
    case 'seal-missing':
      return `seal ${fault.seal} is missing`;
    case 'seal-unlinked':
      return `seal ${fault.seal} does not follow from the one before it: one of the two was made anew`;
    case 'event-changed':
      return `event ${fault.sequence} (${fault.eventId}) was changed, under seal ${fault.seal}`;
    case 'event-inserted':
      return `event ${fault.sequence} (${fault.eventId}) was inserted, under seal ${fault.seal}`;
    case 'event-reordered':
      return `event ${fault.sequence} (${fault.eventId}) was moved, under seal ${fault.seal}`;
    case 'event-missing':
      return `event ${fault.sequence} is missing, under seal ${fault.seal}`;
    case 'event-uncovered':
      return `event ${fault.sequence} (${fault.eventId}) is under no seal: it was inserted, or seals after the last were removed`;
    case 'head-missing':
      return `no seal has the hash ${fault.expected}: the chain was cut off, or made anew`;
    default:
      return assertUnreachable(fault);
  }
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
