import { fail, type Failure, type IdSource } from '#libs/kernel';
import { dangerousSystemActor } from '../model/actor.js';
import type { Institution, InstitutionDirectory, InstitutionRepository, UnitOfWork } from '../ports.js';

/** Founds an institution. Only the command line does this: no request reaches it. */
export class CreateInstitution {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly directory: InstitutionDirectory,
    private readonly institutions: InstitutionRepository,
    private readonly ids: IdSource,
  ) {}

  async execute(input: Omit<Institution, 'id'>): Promise<Institution | Failure> {
    if ((await this.directory.findInstitutionId(input.slug)) !== null) {
      return fail('TAKEN', `There is an institution "${input.slug}" already.`);
    }
    const institution = { id: this.ids.next(), ...input };
    await this.unitOfWork.run(dangerousSystemActor(institution.id), () =>
      this.institutions.insertInstitution(institution),
    );
    return institution;
  }
}
