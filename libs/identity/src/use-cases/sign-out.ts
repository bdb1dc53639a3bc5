import type { Clock } from '#libs/kernel';
import type { Actor } from '../model/actor.js';
import type { RevocationNotifier, SignInRepository, UnitOfWork } from '../ports.js';

/** Ends the actor's own sign-in, or all of them: tokens and open sockets stop at once. */
export class SignOut {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly signIns: SignInRepository,
    private readonly notifier: RevocationNotifier,
    private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, options: { readonly everywhere: boolean }): Promise<{ kind: 'signed-out' }> {
    const now = new Date(this.clock.now());
    const ended = await this.unitOfWork.run(actor, async () => {
      if (options.everywhere) return this.signIns.revokeAllOf(actor.userId, now);
      if (actor.credentialId === null) return [];
      await this.signIns.revoke(actor.credentialId, now);
      return [actor.credentialId];
    });
    await this.notifier.credentialsRevoked(actor.institutionId, ended);
    return { kind: 'signed-out' };
  }
}
