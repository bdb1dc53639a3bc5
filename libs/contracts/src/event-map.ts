import type { z } from 'zod';
import {
  caughtUpSchema,
  closedSessionSchema,
  hintSchema,
  notedInteractionSchema,
  openedSessionSchema,
  reactionSchema,
  recordedResponseSchema,
  renewedTokenSchema,
  submittedWorkSchema,
  takenSamplesSchema,
  watchedCourseSchema,
} from './answers.js';
import { engagementSamplesSchema } from './samples/index.js';
import type { DescribedEvents, DescribedRequests } from './described.js';
import { connectionEvents, learnEvents, teachEvents, watchEvents } from './events.js';
import {
  catchUpSchema,
  closeSessionSchema,
  openSessionSchema,
  reactToOfferSchema,
  recordInteractionSchema,
  recordResponseSchema,
  renewTokenSchema,
  requestHintSchema,
  requestWorkHintSchema,
  submitWorkSchema,
  watchCourseSchema,
} from './requests.js';

/**
 * The one map of the real-time interface: for each namespace, what a client may ask (request → answer, given in the
 * acknowledgement) and what it may hear (event → payload). The reference in docs/realtime.md and the tests of bad
 * input are generated from it.
 */
export const eventMap = {
  '/learn': {
    requests: {
      'session.open': {
        request: openSessionSchema,
        answer: openedSessionSchema,
        description:
          'Opens a learning session, or finds it again by its id, and gives mastery and what is recommended now. A trusted service names the learner.',
      },
      'session.close': {
        request: closeSessionSchema,
        answer: closedSessionSchema,
        description: 'Closes a session: it takes no more responses. Closing again is harmless.',
      },
      'response.record': {
        request: recordResponseSchema,
        answer: recordedResponseSchema,
        description:
          'Records a response and gives what it changed: mastery, the next recommendation, and perhaps an offer of help.',
      },
      'interaction.record': {
        request: recordInteractionSchema,
        answer: notedInteractionSchema,
        description: 'Notes what a learner did besides answering, from which an offer of help may follow.',
      },
      'engagement.samples': {
        request: engagementSamplesSchema,
        answer: takenSamplesSchema,
        description:
          'Hands over what the app saw of the learner, as numbers, where law, ceilings and consent allow that; refused with the reason elsewhere. Nothing of it is stored.',
      },
      'hint.request': {
        request: requestHintSchema,
        answer: hintSchema,
        description: 'Gives the next hint on an activity of a session.',
      },
      'offer.react': {
        request: reactToOfferSchema,
        answer: reactionSchema,
        description:
          'Accepts an offer of help, whose activity is then given, dismisses it, or contests it: that is not how she is doing.',
      },
      'work.submit': {
        request: submitWorkSchema,
        answer: submittedWorkSchema,
        description: 'Hands in work for an assignment. Its score comes later, as an event.',
      },
      'work.hint': {
        request: requestWorkHintSchema,
        answer: hintSchema,
        description: 'Gives the next hint on a criterion of graded work.',
      },
      'events.catch-up': {
        request: catchUpSchema,
        answer: caughtUpSchema,
        description: 'Gives what the learner’s own stream told after a number. `courseId` is not needed here.',
      },
      'token.renew': {
        request: renewTokenSchema,
        answer: renewedTokenSchema,
        description: 'Goes on under a new access token of the same user.',
      },
    },
    events: { ...learnEvents, ...connectionEvents },
  },
  '/teach': {
    requests: {
      'course.watch': {
        request: watchCourseSchema,
        answer: watchedCourseSchema,
        description:
          'Hears what happens in a course from now on, for its teachers. `cursor` is the number where its stream stands.',
      },
      'events.catch-up': {
        request: catchUpSchema,
        answer: caughtUpSchema,
        description: 'Gives what the stream of a course told after a number. `courseId` must name the course.',
      },
      'token.renew': {
        request: renewTokenSchema,
        answer: renewedTokenSchema,
        description: 'Goes on under a new access token of the same user.',
      },
    },
    events: { ...teachEvents, ...watchEvents, ...connectionEvents },
  },
} as const satisfies Readonly<Record<string, { requests: DescribedRequests; events: DescribedEvents }>>;

export type Namespace = keyof typeof eventMap;
export type Requests<N extends Namespace> = (typeof eventMap)[N]['requests'];
export type RequestName<N extends Namespace> = keyof Requests<N> & string;

/** The same, and nothing in it may be changed. */
export type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

type Pair<N extends Namespace, R extends RequestName<N>> = Requests<N>[R] extends { request: infer Q; answer: infer A }
  ? { request: Q; answer: A }
  : never;

/** What a client sends with a request. */
export type RequestInput<N extends Namespace, R extends RequestName<N>> = Pair<N, R>['request'] extends z.ZodType
  ? z.input<Pair<N, R>['request']>
  : never;
/** The same after parsing. */
export type RequestBody<N extends Namespace, R extends RequestName<N>> = Pair<N, R>['request'] extends z.ZodType
  ? z.output<Pair<N, R>['request']>
  : never;
/** What the acknowledgement carries when all went well. */
export type Answer<N extends Namespace, R extends RequestName<N>> = Pair<N, R>['answer'] extends z.ZodType
  ? DeepReadonly<z.output<Pair<N, R>['answer']>>
  : never;

export type EventName<N extends Namespace> = keyof (typeof eventMap)[N]['events'] & string;
export type EventPayload<N extends Namespace, E extends EventName<N>> = (typeof eventMap)[N]['events'][E] extends {
  payload: infer P extends z.ZodType;
}
  ? z.output<P>
  : never;

/** Limits of one socket. What goes beyond gets RATE_LIMITED or TOO_LARGE; a socket that goes on is closed. */
export const socketLimits = {
  /** Bytes of one message. */
  messageBytes: 256 * 1024,
  /** Requests a second, on average, and how many may come at once. */
  requestsPerSecond: 50,
  burst: 100,
  /** Requests that may wait for their answer at the same time. */
  backlog: 32,
  /** Refusals for rate or size within a minute after which the socket is closed. */
  strikes: 50,
  /** Sockets of one user at the same time on one process. */
  socketsPerUser: 20,
  /** Bytes that may wait for a client that does not read them. */
  outgoingBytes: 2 * 1024 * 1024,
  /** Events that one catch-up gives at most. */
  catchUpEvents: 500,
} as const;

/** What the sockets of one user may ask together, on one process. What goes beyond gets RATE_LIMITED. */
export const userLimits = {
  /** Requests a second, on average, and how many may come at once. */
  requestsPerSecond: 100,
  burst: 200,
  /** Requests that may wait for their answer at the same time. */
  backlog: 64,
} as const;
