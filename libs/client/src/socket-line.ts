import type { Manager, Socket } from 'socket.io-client';
import { AttuneFailure, noAnswer, readFailure } from './attune-failure.js';
import type { RequestLine } from './request-queue.js';
import type { TokenKeeper } from './token-keeper.js';

/** What a line tells about itself. */
export interface LineListener {
  up(): void;
  down(): void;
  /** There is no way back: the sign-in has ended, or the server refuses this user. */
  ended(failure: AttuneFailure): void;
  heard(event: string, payload: unknown): void;
}

const shortestWait = 500;
const longestWait = 5_000;
const renewTimeout = 10_000;

/**
 * One namespace's connection. It comes back by itself, with growing waits, whatever ended it; it shows a fresh token
 * at each handshake and hands in a renewed one before the old one expires.
 */
export class SocketLine implements RequestLine {
  private readonly socket: Socket;
  private shownToken: string | null = null;
  private renewing: Promise<void> | null = null;
  private refusals = 0;
  private isClosed = false;
  private waitTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    manager: Manager,
    namespace: string,
    private readonly tokens: TokenKeeper,
    private readonly listener: LineListener,
  ) {
    this.socket = manager.socket(namespace, { auth: (show) => void this.showToken(show) });
    this.socket.on('connect', () => {
      this.refusals = 0;
      this.listener.up();
    });
    this.socket.on('disconnect', (reason) => {
      this.listener.down();
      if (reason === 'io server disconnect') this.comeBack();
    });
    this.socket.on('connect_error', (error: Error & { data?: unknown }) => {
      // Without data the network failed, and the manager tries again by itself.
      const refusal = readFailure(error.data);
      if (refusal !== null) void this.refused(refusal);
    });
    this.socket.onAny((event: string, payload: unknown) => {
      if (event === 'token.expiring') this.renewToken().catch(() => undefined);
      this.listener.heard(event, payload);
    });
  }

  open(): void {
    this.socket.connect();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.waitTimer);
    this.socket.disconnect();
  }

  send(request: string, body: object, answered: (answer: unknown) => void): void {
    this.socket.emit(request, body, answered);
  }

  /** Hands a newer token in. Calls at the same time share one renewal. */
  renewToken(): Promise<void> {
    this.renewing ??= this.handIn().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  private async handIn(): Promise<void> {
    const kept = await this.tokens.accessToken();
    const accessToken = kept === this.shownToken ? await this.tokens.renew() : kept;
    if (!this.socket.connected) return;
    const answer: unknown = await this.socket.timeout(renewTimeout).emitWithAck('token.renew', { accessToken });
    if ((answer as { kind?: unknown } | null)?.kind === 'renewed') {
      this.shownToken = accessToken;
      return;
    }
    // A new handshake shows the new token as well.
    this.socket.disconnect();
    this.comeBack();
  }

  private async showToken(show: (auth: object) => void): Promise<void> {
    try {
      this.shownToken = await this.tokens.accessToken();
      show({ token: this.shownToken });
    } catch (error) {
      this.socket.disconnect();
      if (this.tokens.isSignedIn) this.comeBack();
      else this.listener.ended(error instanceof AttuneFailure ? error : noAnswer('The sign-in has ended.'));
    }
  }

  private async refused(refusal: AttuneFailure): Promise<void> {
    this.refusals++;
    if (refusal.code === 'UNAUTHENTICATED') {
      await this.tokens.renew().catch(() => undefined);
      if (!this.tokens.isSignedIn) return this.end(refusal);
    } else if (refusal.isFinal) {
      return this.end(refusal);
    }
    this.comeBack();
  }

  private comeBack(): void {
    if (this.isClosed) return;
    const wait = Math.min(longestWait, shortestWait * 2 ** this.refusals) * (0.5 + Math.random());
    clearTimeout(this.waitTimer);
    this.waitTimer = setTimeout(() => this.socket.connect(), wait);
  }

  private end(failure: AttuneFailure): void {
    this.close();
    this.listener.ended(failure);
  }
}
