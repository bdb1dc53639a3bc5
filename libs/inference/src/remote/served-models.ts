import { ServerRefusal } from './server-refusal.js';

/** How long what was found of a model holds, in milliseconds. */
export interface Holding {
  /** That it is the right one: somebody may put another one in its place. */
  readonly right: number;
  /** That the server does not have it, or has another one under its name. */
  readonly wrong: number;
}

/** What was found of a model; a refusal where it is not to be used. */
interface Finding {
  readonly until: number;
  readonly refusal: ServerRefusal | null;
}

/** Which models a server was found to have. Those who ask for one at the same time look together. */
export class ServedModels {
  private readonly found = new Map<string, Finding>();
  private readonly looking = new Map<string, Promise<void>>();

  constructor(private readonly holding: Holding) {}

  /**
   * Passes where the server has the model.
   * @param look finds out; what it throws about the server, and not about this model, is not kept
   * @throws {ServerRefusal} where it has not
   */
  async demand(key: string, look: () => Promise<void>): Promise<void> {
    const finding = this.found.get(key);
    if (finding !== undefined && performance.now() < finding.until) {
      if (finding.refusal !== null) throw finding.refusal;
      return;
    }
    await (this.looking.get(key) ?? this.begin(key, look));
  }

  /** Has the model looked for again. */
  forget(key: string): void {
    this.found.delete(key);
    this.looking.delete(key);
  }

  /** After a failure of the server, which may come back with other models. */
  forgetAll(): void {
    this.found.clear();
    this.looking.clear();
  }

  private begin(key: string, look: () => Promise<void>): Promise<void> {
    const looking: Promise<void> = look().then(
      () => this.end(key, looking, { holds: this.holding.right, refusal: null }),
      (error: unknown) => {
        const isOfModel = error instanceof ServerRefusal && !error.isServers && error.reason !== 'busy';
        this.end(key, looking, isOfModel ? { holds: this.holding.wrong, refusal: error } : null);
        throw error;
      },
    );
    this.looking.set(key, looking);
    return looking;
  }

  /** Keeps what was found, unless it was to be forgotten meanwhile. */
  private end(
    key: string,
    looking: Promise<void>,
    found: { readonly holds: number; readonly refusal: ServerRefusal | null } | null,
  ): void {
    if (this.looking.get(key) !== looking) return;
    this.looking.delete(key);
    if (found !== null) this.found.set(key, { until: performance.now() + found.holds, refusal: found.refusal });
  }
}
