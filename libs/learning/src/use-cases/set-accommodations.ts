import { fail, isSameJson, issuesOf, refuseInput, type Failure } from '#libs/kernel';
import { isManager, type Actor } from '#libs/identity';
import { accommodationsSchema, type Accommodations } from '../model/accommodations.js';
import type { LearningDependencies } from './dependencies.js';

/** A learner's accommodations. */
export interface LearnerAccommodations extends Accommodations {
  readonly learnerId: string;
}

/** What is to change; what is not named stays. */
export interface AccommodationsInput {
  readonly learnerId: string;
  readonly excludedModalities?: unknown;
  readonly extraTime?: unknown;
  readonly keyboardOnly?: unknown;
  readonly noDrawing?: unknown;
  readonly screenReader?: unknown;
  readonly language?: unknown;
}

/** Says what a learner needs. Her teachers may, and administrators and services. */
export class SetAccommodations {
  constructor(private readonly deps: LearningDependencies) {}

  async execute(actor: Actor, input: AccommodationsInput): Promise<LearnerAccommodations | Failure> {
    const { unitOfWork, access, users, accommodations, audit } = this.deps;
    const { learnerId, ...change } = input;
    return unitOfWork.run(actor, async () => {
      if (!isManager(actor) && !(await access.teaches(actor, learnerId)))
        return fail('FORBIDDEN', 'Only a learner’s teachers, administrators and services may set accommodations.');
      const [user, present] = [await users.findUser(learnerId), await accommodations.lockAccommodations(learnerId)];
      if (user === null || present === null) return fail('NOT_FOUND', 'There is no such user.');
      const parsed = accommodationsSchema.safeParse({ ...present, ...change });
      if (!parsed.success) return refuseInput(issuesOf(parsed.error));
      if (!isSameJson(parsed.data, present)) {
        await accommodations.saveAccommodations(learnerId, parsed.data);
        const entry = { action: 'accommodations.set', objectKind: 'person', objectId: user.pseudonym };
        await audit.record(actor, entry);
      }
      return { learnerId, ...parsed.data };
    });
  }

  /** Reads them: one's own, and for those who may set them, a learner's. Null where there is nobody to be seen. */
  async find(actor: Actor, learnerId: string): Promise<LearnerAccommodations | null> {
    const { unitOfWork, access, accommodations } = this.deps;
    return unitOfWork.read(actor, async () => {
      const isOwn = learnerId === actor.userId;
      if (!isOwn && !isManager(actor) && !(await access.teaches(actor, learnerId))) return null;
      const found = await accommodations.findAccommodations(learnerId);
      return found && { learnerId, ...found };
    });
  }
}
