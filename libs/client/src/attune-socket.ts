import type { Manager } from 'socket.io-client';
import {
  eventMap,
  type Answer,
  type DescribedEvents,
  type DescribedRequests,
  type EventName,
  type EventPayload,
  type Namespace,
  type RequestInput,
  type RequestName,
} from '#libs/contracts';
import { AttuneFailure } from './attune-failure.js';
import { EventStream, type MissedEvents, type StreamEvent } from './event-stream.js';
import { RequestQueue, type Patience } from './request-queue.js';
import { SocketLine } from './socket-line.js';
import type { TokenKeeper } from './token-keeper.js';

/** Whether the line is there; after `closed` it does not come back. */
export type SocketState = 'connecting' | 'up' | 'closed';

/** What a socket needs from its client. */
export interface SocketSurroundings extends Patience {
  readonly manager: Manager;
  readonly tokens: TokenKeeper;
  /** Told of what goes wrong where nobody waits: an event of unknown shape, a handler that throws. */
  readonly onProblem: (problem: Error) => void;
}

type Handler = (payload: never) => void;

/** All clients of a process hear of an interruption at once; they ask for what they missed over this long. */
const interruptionSpreadMs = 1_000;

/**
 * A socket that stays: requests are kept until they are answered, and events come once and in order over lost
 * connections, restarts of the server and renewed tokens.
 */
export class AttuneSocket<N extends Namespace> {
  private readonly line: SocketLine;
  private readonly queue: RequestQueue;
  private readonly streams = new Map<string, EventStream>();
  private readonly handlers = new Map<string, Set<Handler>>();
  private readonly stateHandlers = new Set<(state: SocketState) => void>();
  private readonly lostHandlers = new Set<(stream: { courseId: string | null }) => void>();
  private current: SocketState = 'connecting';
  private connections = 0;

  constructor(
    private readonly namespace: N,
    private readonly around: SocketSurroundings,
  ) {
    this.line = new SocketLine(around.manager, namespace, around.tokens, {
      up: () => this.up(),
      down: () => this.down(),
      ended: (failure) => this.end(failure),
      heard: (event, payload) => this.heard(event, payload),
    });
    this.queue = new RequestQueue(this.line, around);
    this.line.open();
  }

  get state(): SocketState {
    return this.current;
  }

  /** Number of requests that have no answer yet. */
  get unanswered(): number {
    return this.queue.size;
  }

  /**
   * Asks, and gives the answer once it is there; a refusal is thrown as AttuneFailure. Over a lost connection the same
   * body, with the same id, is sent again.
   * @param patienceMs after this long without an answer UNAVAILABLE is thrown; Infinity waits for ever
   */
  async ask<R extends RequestName<N>>(
    request: R,
    body: RequestInput<N, R>,
    { patienceMs }: { patienceMs?: number } = {},
  ): Promise<Answer<N, R>> {
    if (this.current === 'closed') throw new AttuneFailure('UNAVAILABLE', 'This socket is closed.');
    const answer = await this.queue.ask(request, body as object, patienceMs);
    const { answer: schema } = (eventMap[this.namespace].requests as DescribedRequests)[request]!;
    const parsed = schema.safeParse(answer);
    if (!parsed.success) throw new AttuneFailure('INTERNAL', `The answer to ${request} has an unknown shape.`);
    return parsed.data as Answer<N, R>;
  }

  /** Hears an event from now on; gives the way to stop. */
  on<E extends EventName<N>>(event: E, handler: (payload: EventPayload<N, E>) => void): () => void {
    const handlers = this.handlers.get(event) ?? new Set<Handler>();
    this.handlers.set(event, handlers.add(handler as Handler));
    return () => handlers.delete(handler as Handler);
  }

  /** Hears whether the line is there; is told the present state at once. */
  onState(handler: (state: SocketState) => void): () => void {
    this.stateHandlers.add(handler);
    handler(this.current);
    return () => this.stateHandlers.delete(handler);
  }

  /**
   * Hears that a stream, the learner's own or that of a course, was missed for longer than its events are kept: what the
   * app shows has to be read anew. Gives the way to stop.
   */
  onLost(handler: (stream: { courseId: string | null }) => void): () => void {
    this.lostHandlers.add(handler);
    return () => this.lostHandlers.delete(handler);
  }

  /**
   * Follows a stream: the learner's own, or, as a teacher, that of a course. Resolves once it is heard.
   * @param after number of the last event that the app has seen, from an earlier run; without it, from now on
   */
  async follow({ courseId, after = null }: { courseId?: string; after?: number | null } = {}): Promise<void> {
    const key = courseId ?? '';
    if (this.streams.has(key)) return;
    const source = {
      join: courseId === undefined ? null : () => this.join(courseId),
      connections: () => this.connections,
      read: (from: number | null) => this.readMissed(from, courseId),
    };
    const lost = (): void => this.lostHandlers.forEach((handler) => handler({ courseId: courseId ?? null }));
    const stream = new EventStream(source, (event) => this.deliver(event), lost, after);
    this.streams.set(key, stream);
    try {
      await stream.connected();
    } catch (error) {
      this.streams.delete(key);
      throw error;
    }
  }

  /** Number of the last event of a stream that was delivered, to go on from in a later run. */
  cursor({ courseId }: { courseId?: string } = {}): number | null {
    return this.streams.get(courseId ?? '')?.cursor ?? null;
  }

  /** Says goodbye. What has no answer yet is rejected. */
  close(): void {
    this.end(new AttuneFailure('UNAVAILABLE', 'This socket was closed.'));
  }

  private async join(courseId: string): Promise<number> {
    const { cursor } = (await this.ask(
      'course.watch' as RequestName<N>,
      { courseId } as RequestInput<N, RequestName<N>>,
      { patienceMs: Infinity },
    )) as Answer<'/teach', 'course.watch'>;
    return cursor;
  }

  private async readMissed(after: number | null, courseId: string | undefined): Promise<MissedEvents> {
    const body = { after, ...(courseId !== undefined && { courseId }) };
    const { cursor, events, complete, missing } = (await this.ask(
      'events.catch-up',
      body as RequestInput<N, 'events.catch-up'>,
      { patienceMs: Infinity },
    )) as Answer<'/learn', 'events.catch-up'>;
    return { cursor, events, complete, missing };
  }

  private up(): void {
    this.connections++;
    this.setState('up');
    this.queue.up();
    for (const stream of this.streams.values()) {
      stream.connected().catch((problem: Error) => {
        if (this.current !== 'closed') this.around.onProblem(problem);
      });
    }
  }

  private down(): void {
    this.queue.down();
    if (this.current === 'up') this.setState('connecting');
  }

  private end(failure: AttuneFailure): void {
    if (this.current === 'closed') return;
    this.setState('closed');
    for (const stream of this.streams.values()) stream.stop();
    this.line.close();
    this.queue.abandon(failure);
  }

  private heard(type: string, payload: unknown): void {
    if (type === 'events.interrupted') this.catchUpSoon();
    const { sequence, courseId } = (payload ?? {}) as { sequence?: unknown; courseId?: string };
    if (type === 'watch.ended') this.unfollow(courseId ?? '');
    if (typeof sequence !== 'number') return this.deliver({ type, payload: payload as object, sequence: 0 });
    const stream = this.streams.get('') ?? this.streams.get(courseId ?? '');
    stream?.receive({ sequence, type, payload: payload as object });
  }

  private unfollow(courseId: string): void {
    this.streams.get(courseId)?.stop();
    this.streams.delete(courseId);
  }

  /** The server may have missed events: reads them, at a moment that not all clients choose. */
  private catchUpSoon(): void {
    for (const stream of this.streams.values()) stream.catchUpWithin(interruptionSpreadMs);
  }

  private deliver({ type, payload }: StreamEvent): void {
    const handlers = this.handlers.get(type);
    if (handlers === undefined || handlers.size === 0) return;
    const parsed = (eventMap[this.namespace].events as DescribedEvents)[type]?.payload.safeParse(payload);
    if (parsed?.success !== true) return this.around.onProblem(new Error(`The event ${type} has an unknown shape.`));
    for (const handler of handlers) {
      try {
        handler(parsed.data as never);
      } catch (error) {
        this.around.onProblem(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }

  private setState(state: SocketState): void {
    this.current = state;
    for (const handler of this.stateHandlers) handler(state);
  }
}
