import { isDeepStrictEqual } from 'node:util';
import type { Socket } from 'socket.io-client';
import { eventMap, type DescribedEvents, type Namespace } from '#libs/contracts';

/** What a socket was told, in order. */
export interface Heard {
  /** The next event of a type that was not taken yet; waits for it, at most 10 s. */
  next(type: string): Promise<Record<string, unknown>>;
  /** Events of a type that were not taken yet. */
  waiting(type: string): number;
}

/**
 * Takes no event that the event map does not state, field by field. Thrown where the event is heard, where nobody
 * catches it: it fails the run, whatever the test looks at.
 */
export function demandStated(socket: Socket, type: string, payload: unknown): void {
  const { nsp } = socket as unknown as { nsp: Namespace };
  const stated = (eventMap[nsp].events as DescribedEvents)[type];
  if (stated === undefined) throw new Error(`${nsp} has no event ${type}.`);
  if (!isDeepStrictEqual(stated.payload.parse(payload), payload)) {
    throw new Error(`${nsp} states no such ${type}: ${JSON.stringify(payload)}`);
  }
}

/** Listens from now on, so that an event that comes before it is asked for is not missed. */
export function heard(socket: Socket): Heard {
  const kept = new Map<string, Record<string, unknown>[]>();
  const waiting = new Map<string, ((payload: Record<string, unknown>) => void)[]>();
  socket.onAny((type: string, payload: Record<string, unknown>) => {
    demandStated(socket, type, payload);
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
