/** One bucket of tokens for each of many keys: how much each may do in a while. */
export class TokenBuckets {
  /** The key that was quiet the longest comes first. */
  private readonly buckets = new Map<string, { tokens: number; refilledAt: number }>();

  /**
   * @param perSecond tokens that a bucket gets each second
   * @param burst tokens that it holds at most, and at first
   * @param keys buckets that are kept; beyond that, the one that was quiet the longest is forgotten, and begins anew
   */
  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly keys: number,
  ) {}

  /** Takes a token of the key: 0 where there was one, else the seconds until there is. `now` is in milliseconds. */
  take(key: string, now: number): number {
    const kept = this.buckets.get(key);
    const gained = kept === undefined ? this.burst : (Math.max(0, now - kept.refilledAt) / 1000) * this.perSecond;
    const tokens = Math.min(this.burst, (kept?.tokens ?? 0) + gained);
    this.buckets.delete(key);
    this.buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, refilledAt: now });
    if (this.buckets.size > this.keys) this.buckets.delete(this.buckets.keys().next().value!);
    return tokens >= 1 ? 0 : (1 - tokens) / this.perSecond;
  }

  get size(): number {
    return this.buckets.size;
  }
}
