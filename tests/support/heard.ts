import type { Socket } from 'socket.io-client';

/** What a socket was told, in order. */
export interface Heard {
  /** The next event of a type that was not taken yet; waits for it, at most 10 s. */
  next(type: string): Promise<Record<string, unknown>>;
  /** Events of a type that were not taken yet. */
  waiting(type: string): number;
}

/** Listens from now on, so that an event that comes before it is asked for is not missed. */
export function heard(socket: Socket): Heard {
  const kept = new Map<string, Record<string, unknown>[]>();
  const waiting = new Map<string, ((payload: Record<string, unknown>) => void)[]>();
  socket.onAny((type: string, payload: Record<string, unknown>) => {
    const waiter = waiting.get(type)?.shift();
    if (waiter) waiter(payload);
    else kept.set(type, [...(kept.get(type) ?? []), payload]);
  });
  return {
    next: (type) => {
      const first = kept.get(type)?.shift();
      if (first !== undefined) return Promise.resolve(first);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`No ${type} within 10 s.`)), 10_000);
        const waiters = waiting.get(type) ?? [];
        waiters.push((payload) => {
          clearTimeout(timer);
          resolve(payload);
        });
        waiting.set(type, waiters);
      });
    },
    waiting: (type) => kept.get(type)?.length ?? 0,
  };
}
