import type { ConsentRecord } from './model/consent.js';

export interface ConsentPage {
  readonly items: readonly ConsentRecord[];
  readonly hasMore: boolean;
}

/** Consent records, by the pseudonym of the learner. All verbs run inside a unit of work. */
export abstract class ConsentRepository {
  /** False when there is a record with this id. */
  abstract insertRecord(pseudonym: string, record: ConsentRecord): Promise<boolean>;
  abstract findRecord(id: string): Promise<(ConsentRecord & { readonly pseudonym: string }) | null>;
  /** The newest first, from before a record; one that is not hers gives an empty page. */
  abstract listRecords(pseudonym: string, page: { first: number; after: string | null }): Promise<ConsentPage>;
  /** The last record of each giver for each purpose. */
  abstract latestRecords(pseudonym: string): Promise<ConsentRecord[]>;
}
