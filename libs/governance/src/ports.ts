import type { Page, PageRequest, TimeKey } from '#libs/kernel';
import type { ConsentRecord } from './model/consent.js';
import type { CeilingScope, SensingCeilings, SensingMode } from './model/sensing.js';
import type { SensedInstitution } from './policy/resolve-sensing.js';

/** Consent records, by the pseudonym of the learner. All verbs run inside a unit of work. */
export abstract class ConsentRepository {
  /** False when there is a record with this id. */
  abstract insertRecord(pseudonym: string, record: ConsentRecord): Promise<boolean>;
  abstract findRecord(id: string): Promise<(ConsentRecord & { readonly pseudonym: string }) | null>;
  /** The newest first. */
  abstract listRecords(pseudonym: string, page: PageRequest<TimeKey>): Promise<Page<ConsentRecord>>;
  /** The last record of each giver for each purpose. */
  abstract latestRecords(pseudonym: string): Promise<ConsentRecord[]>;
}

/** Where something is learnt, and by whom; null for what it is not asked of. */
export interface SensedPlace {
  readonly courseId: string | null;
  readonly activityId: string | null;
  readonly learnerId: string | null;
}

/** What institution, course, activity and learner say of how closely it may be looked. All verbs run inside a unit of work. */
export abstract class SensingRepository {
  /** Null where one of them is not there; an activity has to belong to the course, where both are named. */
  abstract findSettings(place: SensedPlace): Promise<SensingSettings | null>;
  abstract getInstitution(): Promise<SensedInstitution>;
  abstract setInstitution(institution: SensedInstitution): Promise<void>;
  /** Whether it is looked at that somebody leaves the page. */
  abstract setPresenceWatch(on: boolean): Promise<void>;
  /** Of the institution that the unit of work has entered, or of what the id names. */
  abstract setCeiling(scope: CeilingScope, id: string, mode: SensingMode | null): Promise<void>;
}

export interface SensingSettings {
  readonly institution: SensedInstitution;
  readonly ceilings: SensingCeilings;
  /** Course of the activity, or the one that was named; null for neither. */
  readonly courseId: string | null;
  /** Of the learner; null where none was named. */
  readonly pseudonym: string | null;
}
