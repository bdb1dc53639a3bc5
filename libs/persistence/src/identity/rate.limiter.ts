import { RateLimiter } from '#libs/identity';
import { Clock } from '#libs/kernel';
import type { Database } from '../tenancy/database.js';

/** Counts attempts in fixed windows in the database, so that all processes count together. */
export class SqlRateLimiter extends RateLimiter {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async hit(key: string, limit: number, windowSeconds: number): Promise<number | null> {
    const now = this.clock.now();
    const length = windowSeconds * 1000;
    const window = this.windowAt(now, length);
    const rows = await this.database.global.$queryRaw<{ attempts: number }[]>`
      INSERT INTO rate_limits AS r (key, "window", attempts) VALUES (${key}, ${window}, 1)
      ON CONFLICT (key, "window") DO UPDATE SET attempts = r.attempts + 1 RETURNING attempts`;
    if ((rows[0]?.attempts ?? 0) <= limit) return null;
    return Math.ceil((window.getTime() + length - now) / 1000);
  }

  override async forgive(key: string, windowSeconds: number): Promise<void> {
    const window = this.windowAt(this.clock.now(), windowSeconds * 1000);
    await this.database.global.$executeRaw`
      UPDATE rate_limits SET attempts = attempts - 1 WHERE key = ${key} AND "window" = ${window} AND attempts > 0`;
  }

  private windowAt(now: number, length: number): Date {
    return new Date(Math.floor(now / length) * length);
  }

  /** Forgets windows that ended before a time. */
  async forget(before: Date): Promise<void> {
    await this.database.global.rateLimit.deleteMany({ where: { window: { lt: before } } });
  }
}
