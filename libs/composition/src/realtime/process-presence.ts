import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** What processes tell one another: that one has come, and to that one, that it has been seen. */
type Word =
  | { readonly kind: 'came'; readonly from: string }
  | { readonly kind: 'seen'; readonly to: string; readonly from: string };

const channel = 'attune#processes';

/** Every process with sockets holds this lock, shared, for as long as it listens; PostgreSQL gives it back for the dead. */
const lock = [1_635_021_941, 1] as const;

/** How often a process that is not alone looks whether it has become so, in milliseconds. */
const lookAgainAfter = 5_000;

/**
 * Knows whether other processes with sockets share this database. A process counts as alone only while that is
 * certain: one that comes tells those that are there and lets no socket in before each of them has said that it knows
 * (or a limit has passed); one that goes is missed by its lock.
 */
export class ProcessPresence {
  private readonly id = randomBytes(8).toString('hex');
  private client: pg.Client | null = null;
  private readonly seenBy = new Set<string>();
  private introduced = false;
  private othersPossible = true;
  /** Words heard so far: a count of processes is void when one came while it was made. */
  private heard = 0;
  private readonly timer: NodeJS.Timeout;
  private readonly firstIntroduction: Promise<void>;
  private resolveFirst!: () => void;

  /**
   * @param channels where this process hears events; it listens there before it says that it has come
   * @param send sends a notification
   * @param onBack told when this process, after it had been deaf for a while, hears everything again
   */
  constructor(
    private readonly channels: readonly string[],
    private readonly send: (channel: string, payload: string) => Promise<unknown>,
    private readonly onBack: () => void,
  ) {
    this.firstIntroduction = new Promise((resolve) => (this.resolveFirst = resolve));
    this.timer = setInterval(() => void this.look().catch(() => undefined), lookAgainAfter).unref();
  }

  /** Whether certainly no other process has sockets. */
  get isAlone(): boolean {
    return this.client !== null && this.introduced && !this.othersPossible;
  }

  /** Resolves when all others know this process, or after a limit in milliseconds. */
  async known(limit: number): Promise<void> {
    const giveUp = new AbortController();
    await Promise.race([this.firstIntroduction, sleep(limit, undefined, { signal: giveUp.signal, ref: false })]);
    giveUp.abort();
  }

  /** Takes part over a listening connection, the first one or one in place of another. */
  async enter(client: pg.Client): Promise<void> {
    client.on('notification', ({ channel: where, payload }) => {
      if (where === channel) this.hear(payload ?? '');
    });
    for (const name of [channel, ...this.channels]) await client.query(`LISTEN "${name}"`);
    await client.query('SELECT pg_advisory_lock_shared($1, $2)', [...lock]);
    this.client = client;
    void this.introduce(client);
  }

  /** The listening connection is gone. */
  leave(): void {
    this.client = null;
    this.introduced = false;
    this.othersPossible = true;
  }

  close(): void {
    clearInterval(this.timer);
    this.leave();
    this.resolveFirst();
  }

  private async introduce(client: pg.Client): Promise<void> {
    this.seenBy.clear();
    for (let wait = 5; this.client === client; wait = Math.min(wait * 2, 250)) {
      try {
        await this.say({ kind: 'came', from: this.id });
        await sleep(wait, undefined, { ref: false });
        if ((await countProcesses(client)) - 1 <= this.seenBy.size) break;
      } catch {
        // The connection is going, or comes back: the loop finds out which.
      }
    }
    if (this.client !== client) return;
    this.introduced = true;
    await this.look().catch(() => undefined);
    this.resolveFirst();
    this.onBack();
  }

  private async look(): Promise<void> {
    const { client, heard } = this;
    if (client === null || !this.introduced) return;
    const present = await countProcesses(client);
    if (this.client === client) this.othersPossible = present > 1 || this.heard !== heard;
  }

  private hear(text: string): void {
    const word = JSON.parse(text) as Word;
    if (word.from === this.id) return;
    this.heard++;
    this.othersPossible = true;
    if (word.kind === 'came') {
      this.say({ kind: 'seen', to: word.from, from: this.id }).catch(() => undefined); // it says again that it came
    } else if (word.to === this.id) {
      this.seenBy.add(word.from);
    }
  }

  private async say(word: Word): Promise<void> {
    await this.send(channel, JSON.stringify(word));
  }
}

/** Processes that listen, this one with them. */
async function countProcesses(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>({
    name: 'count-processes',
    text: `SELECT count(*)::int AS count FROM pg_locks
           WHERE locktype = 'advisory' AND classid = $1 AND objid = $2 AND objsubid = 2 AND granted
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    values: [...lock],
  });
  return rows[0]!.count;
}
