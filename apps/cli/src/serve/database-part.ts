import { EmbeddedPostgres } from '#libs/persistence';
import { type PartEvent, Restarter } from './restarter.js';

/** Where the database lives, and who is told about it. */
export interface DatabasePartOptions {
  readonly dataFolder: string;
  readonly logFile: string;
  readonly onNotice: (sentence: string) => void;
  readonly onEvent: (event: PartEvent) => void;
  /** Ends the start. */
  readonly signal?: AbortSignal;
}

/** The embedded PostgreSQL as a part of the whole: started again on the same port when it ends by itself. */
export class DatabasePart {
  private constructor(
    private readonly server: EmbeddedPostgres,
    private readonly restarter: Restarter,
  ) {}

  /** Opens the data folder (making the database when it is new) and starts the server. */
  static async start(options: DatabasePartOptions): Promise<DatabasePart> {
    let started = 0;
    const server = await EmbeddedPostgres.open(options, ({ code, signal }) =>
      restarter.ended(signal ? `signal ${signal}` : `exit code ${code ?? 'unknown'}`, performance.now() - started),
    );
    const start = async (signal: AbortSignal | undefined) => {
      await server.start(signal);
      started = performance.now();
    };
    const restarter: Restarter = new Restarter(() => start(restarter.signal), options.logFile, options.onEvent);
    await start(options.signal);
    return new DatabasePart(server, restarter);
  }

  get ownerUrl(): string {
    return this.server.ownerUrl;
  }

  /** Stops the server cleanly; nothing may use it any more. */
  async stop(): Promise<void> {
    await this.restarter.stop();
    await this.server.stop();
  }
}
