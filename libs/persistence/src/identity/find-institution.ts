import { withClient } from '../migrations/with-client.js';

/** Id of the institution with a short name, for commands that have no more than the owner's URL; null without one. */
export async function findInstitutionBySlug(ownerUrl: string, slug: string): Promise<string | null> {
  return withClient(ownerUrl, async (client) => {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM institutions WHERE slug = $1', [slug]);
    return rows[0]?.id ?? null;
  });
}
