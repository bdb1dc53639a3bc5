import { fail, FailureError } from '#libs/kernel';

/**
 * Lets works of one key go one after another, before they take a connection: those that would wait for the same row
 * would otherwise hold a connection each while they wait, and leave none to others.
 */
export class Turnstile {
  private readonly last = new Map<string, Promise<void>>();

  /** @param patience how long a work waits for its turn, in milliseconds; then it is refused as BUSY */
  constructor(private readonly patience: number) {}

  /** Keys that are in use. */
  get size(): number {
    return this.last.size;
  }

  async pass<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.last.get(key);
    let leave!: () => void;
    const left = new Promise<void>((resolve) => (leave = resolve));
    const turn = before === undefined ? left : before.then(() => left);
    this.last.set(key, turn);
    // Not where this work ends: who gives up waiting leaves those before it at work.
    void turn.then(() => this.last.get(key) === turn && this.last.delete(key));
    try {
      if (before !== undefined) await this.wait(before);
      return await work();
    } finally {
      leave();
    }
  }

  private async wait(turn: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new FailureError(fail('BUSY'))), this.patience);
    });
    try {
      await Promise.race([turn, tooLong]);
    } finally {
      clearTimeout(timer);
    }
  }
}
