import { io, type Socket } from 'socket.io-client';
import type { Answer, RequestInput } from '#libs/contracts';
import { newId, type Stage } from './stage.js';

/** One learner at work: a socket, a session, and the activity in front of her. */
export interface AtWork {
  readonly socket: Socket;
  /** Answers the activity in front of her and takes the next. */
  respond(): Promise<void>;
}

/** How many learners come at once. */
const atOnce = 20;

/** Connects learners, one socket each, and opens their sessions. */
export async function connectClass(stage: Stage, url: string, count: number): Promise<AtWork[]> {
  const atWork: AtWork[] = [];
  for (let first = 0; first < count; first += atOnce)
    atWork.push(...(await connectSome(stage, url, first, Math.min(count, first + atOnce))));
  return atWork;
}

function connectSome(stage: Stage, url: string, first: number, end: number): Promise<AtWork[]> {
  return Promise.all(
    stage.learners.slice(first, end).map(async ({ token }, index) => {
      const socket = io(`${url}/learn`, { auth: { token }, transports: ['websocket'], forceNew: true });
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve);
        socket.once('connect_error', reject);
      });
      const opened = await must<Answer<'/learn', 'session.open'>>(socket, 'session.open', {
        id: newId(),
        courseId: stage.course.id,
        at: Date.now(),
      } satisfies RequestInput<'/learn', 'session.open'>);
      let { activity } = opened.recommended!;
      let turn = first + index;
      const respond = async (): Promise<void> => {
        const right = turn++ % 4 !== 0;
        const recorded = await must<Answer<'/learn', 'response.record'>>(socket, 'response.record', {
          id: newId(),
          sessionId: opened.sessionId,
          activityId: activity.activityId,
          activityVersion: activity.version,
          answer: { kind: 'choice', option: right ? stage.course.rightOption : 'b' },
          durationMs: 30_000,
          at: Date.now(),
        } satisfies RequestInput<'/learn', 'response.record'>);
        activity = recorded.recommended!.activity;
      };
      return { socket, respond };
    }),
  );
}

/** Each learner answers once a second, at a phase of her own, however long the answer before took. */
export async function pace(learners: readonly { respond(): Promise<void> }[], forSeconds: number): Promise<number[]> {
  const durations: number[] = [];
  const start = performance.now() + 100;
  await Promise.all(
    learners.map(async ({ respond }, index) => {
      for (let turn = 0; turn < forSeconds; turn++) {
        const due = start + turn * 1000 + (index * 1000) / learners.length;
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
        const before = performance.now();
        await respond();
        durations.push(performance.now() - before);
      }
    }),
  );
  return durations;
}

async function must<T>(socket: Socket, request: string, body: object): Promise<T> {
  const answer = (await socket.timeout(30_000).emitWithAck(request, body)) as T & {
    kind: string;
    code?: string;
    message?: string;
  };
  if (answer.kind === 'failure') throw new Error(`${request}: ${answer.code}: ${answer.message}`);
  return answer;
}
