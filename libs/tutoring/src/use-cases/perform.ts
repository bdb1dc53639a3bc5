import { isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { ActKinds, Earlier, Situation, Verdict } from '../ports.js';
import type { TutoringDependencies } from './dependencies.js';
import { noSuchSession, refuseWhoLeft } from './refusals.js';

/** Performs one act of a learner in a session, and tells what it did once that is stored. A refusal stores nothing. */
export async function perform<K extends keyof ActKinds, T>(
  { store, publisher }: TutoringDependencies,
  actor: Actor,
  kind: K,
  input: { readonly id: string; readonly sessionId: string },
  decide: (situation: Situation, earlier: Earlier<ActKinds[K]> | null) => Promise<Verdict<T> | Failure>,
): Promise<T | Failure> {
  const request = { kind, id: input.id, sessionId: input.sessionId, body: input };
  const outcome = await store.act<K, T | Failure>(actor, request, async (situation, earlier) => {
    const verdict = refuseWhoLeft(situation) ?? (await decide(situation, earlier));
    return isFailure(verdict) ? { value: verdict, effect: null } : verdict;
  });
  if (outcome === null) return noSuchSession();
  if (!isFailure(outcome.value)) publisher.publish(outcome.events);
  return outcome.value;
}
