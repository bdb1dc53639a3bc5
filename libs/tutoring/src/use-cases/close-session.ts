import type { Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { TutoringDependencies } from './dependencies.js';
import { noSuchSession } from './refusals.js';

/** Closes a session. Closing it again is harmless. */
export class CloseSession {
  constructor(private readonly deps: TutoringDependencies) {}

  async execute(actor: Actor, sessionId: string): Promise<{ kind: 'closed'; sessionId: string } | Failure> {
    const closed = await this.deps.store.closeSession(actor, sessionId, new Date(this.deps.clock.now()));
    return closed ? { kind: 'closed', sessionId } : noSuchSession();
  }
}
