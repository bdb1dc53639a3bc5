import type { Page, PageRequest, TimeKey } from '#libs/kernel';
import type { ConsentRecord } from './model/consent.js';

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
