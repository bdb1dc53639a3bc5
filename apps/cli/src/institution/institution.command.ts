import { Command, Option } from 'commander';
import { institutionKinds } from '#libs/governance';
import type { InstitutionFlags } from './set-institution.js';

/** `attune institution`: what the operator alone says of an institution. */
export function addInstitutionCommand(program: Command): void {
  const institution = program.command('institution').description('what the operator says of an institution');
  institution
    .command('set')
    .description(
      'say whose law an institution is under, and where it is written that somebody has looked into what that says of biometric data; ' +
        'without that, or where it forbids them, nobody can turn them on',
    )
    .argument('<slug>', 'the short name that its people sign in with')
    .option(
      '--jurisdiction <code>',
      'ISO 3166 code of the country or its part, such as DE or US-IL; unknown allows least',
    )
    .addOption(new Option('--kind <kind>', 'what it is, where the law tells kinds apart').choices(institutionKinds))
    .option(
      '--biometric-review <reference>',
      'where the review of the law is kept, such as the number of a file; none takes it back',
    )
    .option('--json', 'print what holds now as JSON and nothing else', false)
    .action(async (slug: string, flags: InstitutionFlags) => {
      const { setInstitution } = await import('./set-institution.js');
      process.exitCode = await setInstitution(slug, flags);
    });
}
