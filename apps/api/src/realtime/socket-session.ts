import type { Socket } from 'socket.io';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { fail, isFailure, type Failure } from '#libs/kernel';
import {
  eventMap,
  type Answer,
  type DescribedRequests,
  type Namespace,
  type RequestBody,
  type RequestName,
} from '#libs/contracts';
import type { Actor, CredentialStanding } from '#libs/identity';
import type { TokenService } from '#libs/security';
import { toFailure } from '../request/failure.js';
import { refuseUnstorable } from '../request/storable.js';
import { parseInput } from '../request/input.js';
import { SocketGuard, type Allowance } from './guard.js';
import { credentialRoom } from './hub.js';
import { MessageSizes } from './message-sizes.js';
import { boundOutgoing } from './outgoing.js';

/** What a handler gets to know of the socket. */
export interface SocketContext {
  readonly actor: Actor;
  readonly socket: Socket;
}

/** One handler for each request of the namespace; a new request in the map does not compile until it has one. */
export type Handlers<N extends Namespace> = {
  readonly [R in Exclude<RequestName<N>, 'token.renew'>]: (
    context: SocketContext,
    body: RequestBody<N, R>,
  ) => Promise<Answer<N, R> | Failure>;
};

export interface SocketServices {
  readonly tokens: TokenService;
  readonly standing: CredentialStanding;
  readonly logger: Logger;
  readonly now: () => number;
  /** Told of each request when it is answered. */
  readonly onAnswered: (request: string, code: string, milliseconds: number) => void;
}

/** How long before the end of its token a socket is warned; a token with less than twice that to live, at half. */
const warnBefore = 60_000;

type Acknowledge = (answer: object) => void;

/**
 * One socket from handshake to disconnect: requests are parsed by the event map, bounded, acted on while the token
 * stands, and answered in the acknowledgement.
 */
export class SocketSession<N extends Namespace> {
  private readonly guard: SocketGuard;
  private readonly sizes: MessageSizes;
  private timers: NodeJS.Timeout[] = [];
  private isFinishing = false;
  private whenIdle: (() => void) | null = null;

  constructor(
    private readonly namespace: N,
    private readonly socket: Socket,
    private readonly handlers: Handlers<N>,
    private readonly services: SocketServices,
    /** What all sockets of the user may ask together. */
    allowance: Allowance,
  ) {
    this.guard = new SocketGuard(services.now(), allowance);
    this.sizes = new MessageSizes(namespace);
  }

  start(): void {
    const { socket } = this;
    const measure = ({ data }: { data?: string | Buffer }): void => this.sizes.note(data);
    socket.conn.on('packet', measure);
    const unbound = boundOutgoing(socket.conn);
    // Typed as a text, but a client may send a number.
    socket.onAny((name: unknown, ...parts: unknown[]) => {
      this.receive(name, parts).catch((error: unknown) => {
        toFailure(error, this.services.logger, { request: 'receive' });
        void this.hangUp();
      });
    });
    socket.on('disconnect', () => {
      this.timers.forEach(clearTimeout);
      socket.conn.off('packet', measure);
      unbound();
    });
    void socket.join(credentialRoom(this.actor.institutionId, this.actor.credentialId ?? 'none'));
    this.watchExpiry();
  }

  /** Takes no more requests; resolves when those that were let in are answered. */
  async finish(): Promise<void> {
    this.isFinishing = true;
    if (this.guard.isBusy) await new Promise<void>((resolve) => (this.whenIdle = resolve));
  }

  /** Closes the connection as a lost network would, so that the client comes back by itself; first, all is sent. */
  async hangUp(): Promise<void> {
    const { conn } = this.socket;
    if (conn.readyState === 'closed') return;
    const closed = new Promise<void>((resolve) => conn.once('close', () => resolve()));
    conn.close();
    await closed;
  }

  private get actor(): Actor {
    return this.socket.data.actor as Actor;
  }

  private async receive(name: unknown, parts: unknown[]): Promise<void> {
    const last = parts.at(-1);
    const acknowledge = typeof last === 'function' ? (last as Acknowledge) : null;
    const started = this.services.now();
    const bytes = this.sizes.take();
    const refused = this.isFinishing
      ? fail('UNAVAILABLE', 'This server is going down. Connect again.')
      : this.guard.enter(started, bytes);
    try {
      const answer = refused ?? (await this.answer(name, acknowledge === null ? parts : parts.slice(0, -1)));
      acknowledge?.(answer);
      this.services.onAnswered(
        this.schemaOf(name) === undefined ? 'unknown' : (name as string),
        isFailure(answer) ? answer.code : 'OK',
        this.services.now() - started,
      );
    } finally {
      if (refused === null) this.guard.leave();
      if (!this.guard.isBusy) this.whenIdle?.();
    }
    if (this.guard.spent) this.refuse(fail('RATE_LIMITED', 'This socket ran into its limits too often.'));
  }

  private schemaOf(name: unknown): z.ZodType | undefined {
    const requests = eventMap[this.namespace].requests as DescribedRequests;
    return typeof name === 'string' && Object.hasOwn(requests, name) ? requests[name]?.request : undefined;
  }

  private async answer(name: unknown, [body, ...more]: unknown[]): Promise<object> {
    const now = this.services.now();
    const schema = this.schemaOf(name);
    if (schema === undefined || more.length > 0) {
      const words = `There is no request "${String(name).slice(0, 80)}" with this shape.`;
      return this.guard.strike(now, fail('UNKNOWN_OPERATION', words));
    }
    try {
      const parsed = parseInput(schema, body);
      if (isFailure(parsed)) return parsed;
      refuseUnstorable(parsed);
      if (name === 'token.renew') return await this.renew((parsed as { accessToken: string }).accessToken);
      if (this.actor.expiresAt * 1000 <= now) return fail('UNAUTHENTICATED', 'The access token has expired. Renew it.');
      const handle = this.handlers[name as keyof Handlers<N>] as unknown as (
        context: SocketContext,
        body: unknown,
      ) => Promise<object>;
      return await handle({ actor: this.actor, socket: this.socket }, parsed);
    } catch (error) {
      return toFailure(error, this.services.logger, { request: name });
    }
  }

  /** A renewed token must stand for the same person; from then on the socket acts under it. */
  private async renew(accessToken: string): Promise<object> {
    const actor = await this.services.tokens.verify(accessToken);
    if (isFailure(actor)) return actor;
    if (actor.userId !== this.actor.userId || actor.institutionId !== this.actor.institutionId) {
      return fail('FORBIDDEN', 'This token stands for somebody else. Open another socket.');
    }
    if (!(await this.services.standing.stands(actor))) {
      return fail('UNAUTHENTICATED', 'This sign-in has ended. Sign in again.');
    }
    await this.socket.leave(credentialRoom(this.actor.institutionId, this.actor.credentialId ?? 'none'));
    this.socket.data.actor = actor;
    await this.socket.join(credentialRoom(actor.institutionId, actor.credentialId ?? 'none'));
    this.watchExpiry();
    return { kind: 'renewed', expiresAt: new Date(actor.expiresAt * 1000).toISOString() };
  }

  private watchExpiry(): void {
    this.timers.forEach(clearTimeout);
    const left = this.actor.expiresAt * 1000 - this.services.now();
    const expiresAt = new Date(this.actor.expiresAt * 1000).toISOString();
    this.timers = [
      setTimeout(() => this.socket.emit('token.expiring', { expiresAt }), Math.max(0, left - warnBefore, left / 2)),
      setTimeout(() => this.refuse(fail('UNAUTHENTICATED', 'The access token has expired.')), Math.max(0, left)),
    ];
    for (const timer of this.timers) timer.unref();
  }

  private refuse({ code, message }: Failure): void {
    this.socket.emit('connection.refused', { code, message });
    this.socket.disconnect(true);
  }
}
