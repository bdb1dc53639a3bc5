import pg from 'pg';
import type { Logger } from 'pino';

export interface NotificationLineOptions {
  /** PostgreSQL URL of the application role. */
  readonly url: string;
  readonly logger: Logger;
  /** Prepares a connection that is about to listen. Nobody is told of notifications before it resolves. */
  readonly onListening?: (client: pg.Client) => Promise<void>;
  /** The listening connection is gone; another one is on its way. */
  readonly onSilence?: () => void;
  /** Something could not be sent, and now sending works again. */
  readonly onUnsent: () => void;
}

/** How long after a failure sending is tried again, in milliseconds. */
const restAfterFailure = 1_000;

/**
 * What the PostgreSQL adapter of Socket.IO takes for its pool: one connection that listens, and one that notifies,
 * which keeps notifications in their order. A pool of `pg` would lose a place with each listening connection that
 * breaks, and nobody would hear that connection's errors.
 */
export class NotificationLine {
  private readonly sender: pg.Pool;
  private listener: pg.Client | null = null;
  private owing = false;
  private closed = false;

  constructor(private readonly options: NotificationLineOptions) {
    this.sender = new pg.Pool({
      ...this.settings(),
      max: 1,
      idleTimeoutMillis: 60_000,
    });
    this.sender.on('error', (error) => this.warn(error, 'realtime connection lost'));
  }

  /** A new connection to listen on; its `release` closes it. */
  async connect(): Promise<pg.Client & { release(): void }> {
    if (this.closed) throw new Error('This line is closed.');
    const client = new pg.Client(this.settings());
    client.on('error', (error) => this.warn(error, 'realtime connection lost'));
    await client.connect();
    this.listener = client;
    try {
      client.once('end', () => this.options.onSilence?.());
      await this.options.onListening?.(client);
    } catch (error) {
      void client.end();
      throw error;
    }
    return Object.assign(client, { release: () => void client.end() });
  }

  /** Runs a statement of the adapter; all of them go one after another. */
  async query(text: string, values?: unknown[]): Promise<pg.QueryResult> {
    try {
      return await this.sender.query(text, values);
    } catch (error) {
      // Tidying up may fail; what was not sent is owed to somebody.
      if (!text.startsWith('DELETE')) this.owe();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all([this.sender.end(), this.listener?.end()]);
  }

  private settings(): pg.ClientConfig {
    return {
      connectionString: this.options.url,
      application_name: 'attune-realtime',
      connectionTimeoutMillis: 5_000,
      // The adapter listens in several places at once.
      pipeline: true,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      // A notification is worth nothing after a crash, so its commit need not wait for the disk.
      options: '-c synchronous_commit=off',
    };
  }

  private owe(): void {
    if (this.owing || this.closed) return;
    this.owing = true;
    const tryAgain = (): void => {
      setTimeout(() => {
        if (this.closed) return;
        this.sender.query('SELECT 1').then(() => {
          this.owing = false;
          this.options.onUnsent();
        }, tryAgain);
      }, restAfterFailure).unref();
    };
    tryAgain();
  }

  private warn(error: Error, message: string): void {
    if (!this.closed) this.options.logger.warn({ code: (error as { code?: string }).code }, message);
  }
}
