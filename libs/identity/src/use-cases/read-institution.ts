import type { Actor } from '../model/actor.js';
import type { Institution, InstitutionRepository, UnitOfWork } from '../ports.js';

/** Reads the institution that somebody belongs to, which everybody in it may know. */
export class ReadInstitution {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly institutions: InstitutionRepository,
  ) {}

  async execute(actor: Actor): Promise<Institution> {
    return this.unitOfWork.read(actor, () => this.institutions.getInstitution());
  }
}
