import { setTimeout as sleep } from 'node:timers/promises';
import type { Socket } from 'socket.io-client';
import type { Answer } from '#libs/contracts';
import { connect, mustAsk, newId } from './api.js';
import { rightOption } from './course.js';
import { demandStated } from './heard.js';

/** An event as a device heard it. */
export interface Heard {
  readonly type: string;
  readonly payload: { readonly sequence?: number };
}

type Recommended = Answer<'/learn', 'session.open'>['recommended'];

/** One device of a learner: a plain socket, and everything that it has heard, in the order in which it came. */
export class Device {
  readonly heard: Heard[] = [];
  private sessionId = '';
  private recommended: Recommended = null;

  private constructor(readonly socket: Socket) {
    socket.onAny((type: string, payload: Heard['payload']) => {
      demandStated(socket, type, payload);
      this.heard.push({ type, payload });
    });
  }

  static async connect(url: string, token: string): Promise<Device> {
    return new Device(await connect(url, '/learn', token));
  }

  /** Numbers of the streamed events, as they came. */
  get sequences(): number[] {
    return this.heard.flatMap(({ payload }) => (payload?.sequence === undefined ? [] : [payload.sequence]));
  }

  async openSession(courseId: string): Promise<void> {
    const opened = await mustAsk(this.socket, '/learn', 'session.open', { id: newId(), courseId, at: Date.now() });
    this.sessionId = opened.sessionId;
    this.recommended = opened.recommended;
  }

  /** Goes on, on this device, with what another one of the learner's began. */
  goOnFrom(other: Device): void {
    this.sessionId = other.sessionId;
    this.recommended = other.recommended;
  }

  /** A response to what is recommended, as it goes over the wire. */
  nextResponse() {
    const { activityId, version, form } = this.recommended!.activity;
    return {
      id: newId(),
      sessionId: this.sessionId,
      activityId,
      activityVersion: version,
      answer: form.kind === 'none' ? ({ kind: 'done' } as const) : ({ kind: 'choice', option: rightOption } as const),
      durationMs: 5_000,
      at: Date.now(),
    };
  }

  /** Answers what is recommended. */
  async respond(): Promise<Answer<'/learn', 'response.record'>> {
    const recorded = await mustAsk(this.socket, '/learn', 'response.record', this.nextResponse());
    this.recommended = recorded.recommended;
    return recorded;
  }

  /** The events after a number, as the log has them. */
  async catchUp(
    after: number | null,
  ): Promise<{ cursor: number; sequences: number[]; events: Heard[]; missing: boolean }> {
    const { cursor, events, missing } = await mustAsk(this.socket, '/learn', 'events.catch-up', { after });
    for (const { type, payload } of events) demandStated(this.socket, type, payload);
    return { cursor, sequences: events.map(({ sequence }) => sequence), events: [...events], missing };
  }

  /** Waits until the device has heard an event of a kind, now or before. */
  async hears(type: string, within = 5_000): Promise<Heard> {
    const deadline = Date.now() + within;
    while (Date.now() < deadline) {
      const found = this.heard.find((event) => event.type === type);
      if (found !== undefined) return found;
      await sleep(5);
    }
    throw new Error(`No ${type} within ${within} ms; heard: ${this.heard.map((event) => event.type).join(', ')}`);
  }

  /** Waits until the device has heard the event with a number. */
  async hearsNumber(sequence: number, within = 5_000): Promise<void> {
    await eventually(
      () => this.sequences.includes(sequence),
      within,
      () => `event ${sequence}; heard ${this.sequences}`,
    );
  }

  close(): void {
    this.socket.close();
  }
}

/** Waits until something is so. */
export async function eventually(
  isSo: () => boolean | Promise<boolean>,
  within = 5_000,
  what: () => string = () => 'it was not so',
): Promise<void> {
  const deadline = Date.now() + within;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Not within ${within} ms: ${what()}`);
    await sleep(5);
  }
}

/** Resolves with the reason when a socket has been closed. */
export function closed(socket: Socket, within = 5_000): Promise<string> {
  if (socket.disconnected) return Promise.resolve('closed before');
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The socket was still open after ${within} ms.`)), within);
    socket.once('disconnect', (reason) => {
      clearTimeout(timer);
      resolve(reason);
    });
  });
}
