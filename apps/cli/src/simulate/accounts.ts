import { AttuneClient, newId, operations } from '#libs/client';

/** A sign-in by password. */
export interface Credentials {
  readonly institution: string;
  readonly email: string;
  readonly password: string;
}

/** Where accounts are made, and for which course. */
export interface Enrolling {
  readonly url: string;
  readonly admin: AttuneClient;
  readonly institution: string;
  readonly courseId: string;
}

/**
 * Creates somebody, enrols her and signs her in.
 * @param onProblem told of what goes wrong where nobody waits, such as an event of unknown shape
 */
export async function enrolAndSignIn(
  { url, admin, institution, courseId }: Enrolling,
  person: { readonly name: string; readonly role: 'learner' | 'teacher' },
  onProblem: (problem: Error) => void,
): Promise<AttuneClient> {
  const id = newId();
  const password = newId();
  // A domain that belongs to nobody (RFC 6761).
  const email = `${id}@simulated.invalid`;
  const roles = [person.role === 'teacher' ? 'teacher' : 'student'];
  await admin.graphql(operations.createUser, { input: { id, name: person.name, email, password, roles } });
  await admin.graphql(operations.enrol, { input: { courseId, userId: id, role: person.role } });
  const client = new AttuneClient({ url, attemptMs: 10_000, onProblem });
  await client.signIn({ institution, email, password });
  return client;
}

/** Runs work on items, some at a time, and keeps their order. */
export async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!, index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, lane));
  return results;
}
