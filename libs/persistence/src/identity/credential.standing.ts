import { CredentialStanding, type Actor } from '#libs/identity';
import { FailureError } from '#libs/kernel';
import type { Database } from '../tenancy/database.js';

/** Asks by entering the institution with the credential, as every other transaction does. */
export class SqlCredentialStanding extends CredentialStanding {
  constructor(private readonly database: Database) {
    super();
  }

  override async stands(actor: Actor): Promise<boolean> {
    try {
      await this.database.sideSql(actor, (transaction) => transaction.query({ text: 'SELECT 1' }));
      return true;
    } catch (error) {
      if (error instanceof FailureError) return false;
      throw error;
    }
  }
}
