import { setTimeout as sleep } from 'node:timers/promises';
import type { Namespace as IoNamespace, Socket } from 'socket.io';
import { fail, isFailure, type Failure } from '#libs/kernel';
import { socketLimits, type Namespace } from '#libs/contracts';
import type { Actor } from '#libs/identity';
import { toFailure } from '../request/failure.js';
import { UserAllowances } from './guard.js';
import { SocketSession, type Handlers, type SocketServices } from './socket-session.js';

/** What the door needs of a session, whatever its namespace. */
type OpenSession = Pick<SocketSession<Namespace>, 'finish' | 'hangUp'>;

/** Lets sockets into a namespace: a token whose credential stands, and not too many of one user. */
export class SocketDoor {
  private readonly sessions = new Set<OpenSession>();
  /** Handshakes under way, by namespace and user: they count as sockets, or many at once would be too many. */
  private readonly knocking = new Map<string, Set<Socket>>();
  private readonly allowances = new UserAllowances();
  private isClosing = false;

  constructor(private readonly services: SocketServices) {}

  open<N extends Namespace>(
    name: N,
    namespace: IoNamespace,
    handlers: Handlers<N>,
    welcome: (socket: Socket, actor: Actor) => void | Promise<void>,
  ): void {
    namespace.use((socket, next) => {
      this.check(namespace, socket)
        .catch((error: unknown) => toFailure(error, this.services.logger, { request: 'handshake' }))
        .then((refusal) => next(refusal === null ? undefined : asError(refusal)));
    });
    namespace.on('connection', (socket) => {
      const actor = socket.data.actor as Actor;
      const allowance = this.allowances.take(actor.userId, this.services.now());
      const session = new SocketSession(name, socket, handlers, this.services, allowance);
      this.sessions.add(session);
      socket.on('disconnect', () => {
        this.sessions.delete(session);
        this.allowances.giveBack(actor.userId);
      });
      session.start();
      Promise.resolve(welcome(socket, actor)).catch((error: unknown) => {
        toFailure(error, this.services.logger, { request: 'welcome' });
        void session.hangUp();
      });
    });
  }

  /**
   * Lets nobody in any more, answers what was asked until now, refuses what is asked from now on, and then hangs up:
   * clients come back at once, to another process.
   * @param limit how long answers may take, in milliseconds
   */
  async drain(limit: number): Promise<void> {
    this.isClosing = true;
    const giveUp = new AbortController();
    const settle = async (): Promise<void> => {
      await Promise.all([...this.sessions].map((session) => session.finish()));
      await Promise.all([...this.sessions].map((session) => session.hangUp()));
    };
    const limited = sleep(limit, undefined, { signal: giveUp.signal }).catch(() => undefined);
    await Promise.race([settle(), limited]);
    giveUp.abort();
  }

  private async check(namespace: IoNamespace, socket: Socket): Promise<Failure | null> {
    if (this.isClosing) return fail('UNAVAILABLE', 'This server is going down. Connect again.');
    const token: unknown = socket.handshake.auth['token'];
    if (typeof token !== 'string') return fail('UNAUTHENTICATED', 'Send the access token as `auth.token`.');
    const actor = await this.services.tokens.verify(token);
    if (isFailure(actor)) return actor;
    const key = `${namespace.name} ${actor.userId}`;
    const knocking = this.knocking.get(key) ?? new Set();
    let open = knocking.size;
    for (const other of namespace.sockets.values()) {
      if ((other.data.actor as Actor | undefined)?.userId === actor.userId && !knocking.has(other)) open++;
    }
    if (open >= socketLimits.socketsPerUser) {
      return fail('RATE_LIMITED', `At most ${socketLimits.socketsPerUser} sockets at the same time.`);
    }
    this.knocking.set(key, knocking.add(socket));
    try {
      socket.data.actor = actor;
      return (await this.services.standing.stands(actor))
        ? null
        : fail('UNAUTHENTICATED', 'This sign-in has ended. Sign in again.');
    } finally {
      // By then the socket is in its namespace, or has been refused.
      setImmediate(() => {
        knocking.delete(socket);
        if (knocking.size === 0 && this.knocking.get(key) === knocking) this.knocking.delete(key);
      });
    }
  }
}

/** A refusal as Socket.IO sends it: the client finds code and message in the error's `data`. */
function asError({ code, message }: Failure): Error {
  return Object.assign(new Error(message), { data: { code, message } });
}
