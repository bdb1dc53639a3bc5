import type { Actor } from '#libs/identity';
import type { TutoringStore } from '../ports.js';

/** Reads in which languages somebody wants activities: translations are shown in the first that is there. */
export class ReadLanguages {
  constructor(private readonly store: TutoringStore) {}

  execute(actor: Actor): Promise<string[]> {
    return this.store.findLanguages(actor);
  }
}
