import type { Page, PageRequest, TimeKey } from '#libs/kernel';
import type { AuditEvent, AuditHead, AuditSeal, NumberedEvent } from './model/audit-seal.js';
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

/** An institution with events that no seal covers. */
export interface AuditToSeal {
  readonly institutionId: string;
  readonly oldestAt: Date;
}

/** Events that no seal covers. */
export interface UnsealedAudit {
  readonly events: number;
  /** When the oldest of them happened; null where there is none. */
  readonly oldestAt: Date | null;
}

/** The seals of an institution and the events that they cover. All verbs but the first run inside a unit of work. */
export abstract class AuditChain {
  /** All institutions with events that no seal covers. */
  abstract listToSeal(): Promise<AuditToSeal[]>;
  /** Keeps others from sealing until the unit of work ends; false where somebody else does it just now. */
  abstract hold(): Promise<boolean>;
  abstract findHead(): Promise<AuditHead | null>;
  /** Events that no seal covers, those that were made first before the others. */
  abstract listUnsealed(limit: number): Promise<AuditEvent[]>;
  /** Gives events their numbers, in the order in which they are given, and stores the seal that covers them. */
  abstract insertSeal(seal: AuditSeal, events: readonly AuditEvent[]): Promise<void>;
  /** The seals after a number, in order. */
  abstract listSeals(after: number, limit: number): Promise<AuditSeal[]>;
  /** The events whose numbers are in a range, both ends included, in the order of their numbers. */
  abstract listNumbered(first: number, last: number): Promise<NumberedEvent[]>;
  /** An event with a number that is beyond all seals; null where there is none, as it should be. */
  abstract findUncovered(): Promise<Pick<NumberedEvent, 'id' | 'sequence'> | null>;
  abstract countUnsealed(): Promise<UnsealedAudit>;
}
