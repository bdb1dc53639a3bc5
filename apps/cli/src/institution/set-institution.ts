import { isFailure } from '#libs/kernel';
import { GovernanceModule } from '#libs/composition';
import { SetJurisdiction, lawLimits, type InstitutionKind } from '#libs/governance';
import { dangerousSystemActor, InstitutionDirectory } from '#libs/identity';
import { CommandFailure } from '../shell/command-failure.js';
import { EXIT_CODE } from '../shell/exit-code.js';
import { withContext } from '../shell/with-context.js';
import { withDatabase } from '../shell/with-database.js';

export interface InstitutionFlags {
  readonly jurisdiction?: string;
  readonly kind?: InstitutionKind;
  readonly biometricReview?: string;
  readonly json: boolean;
}

/** Changes what is named, and tells what holds now; resolves to the exit code. */
export function setInstitution(slug: string, flags: InstitutionFlags): Promise<number> {
  const { jurisdiction, kind, biometricReview } = flags;
  return withDatabase((ownerUrl, terminal) =>
    withContext(ownerUrl, GovernanceModule, async (context) => {
      const directory = context.get(InstitutionDirectory, { strict: false });
      const institutionId = await directory.findInstitutionId(slug);
      if (institutionId === null) throw new CommandFailure(EXIT_CODE.settings, `There is no institution "${slug}".`);
      const holds = await context.get(SetJurisdiction, { strict: false }).execute(dangerousSystemActor(institutionId), {
        ...(jurisdiction !== undefined && { jurisdiction }),
        ...(kind !== undefined && { kind }),
        ...(biometricReview !== undefined && { biometricReview: biometricReview === 'none' ? null : biometricReview }),
      });
      if (isFailure(holds)) throw new CommandFailure(EXIT_CODE.settings, holds.issues?.[0]?.message ?? holds.message);
      if (flags.json) {
        terminal.line(JSON.stringify(holds));
        return EXIT_CODE.stopped;
      }
      terminal.line(
        `  ${slug}: jurisdiction ${holds.jurisdiction}, ${holds.kind}, review: ${holds.biometricReview ?? 'none'}`,
      );
      for (const limit of lawLimits(holds)) {
        terminal.line(
          limit.by === 'law'
            ? `  ${limit.rule.title} ${limit.rule.source.title}: ${limit.rule.source.url}`
            : '  Nobody has looked into the law of this place: nothing biometric can be turned on.',
        );
      }
      return EXIT_CODE.stopped;
    }),
  );
}
