/**
 * Every way in which a request can be refused, with what the caller should do about it. This list is the catalogue:
 * docs/error-codes.md is generated from it, and each transport maps it in one exhaustive switch.
 */
export const failureCodes = {
  INVALID_INPUT: 'The request does not have the stated shape. Correct the named fields and send it again.',
  UNAUTHENTICATED: 'There is no valid access token. Sign in, renew the token, or exchange the API key, then try again.',
  WRONG_CREDENTIALS: 'The institution, e-mail address, password or key is wrong. Check it and try again.',
  FORBIDDEN: 'You are signed in, but your role or enrolment does not allow this. Ask a teacher or an administrator.',
  FORBIDDEN_BY_LAW:
    'The law of the place where the institution is forbids this, whoever asks. The message names the rule and where it stands.',
  NOT_FOUND: 'No such thing is visible to you. Check the id.',
  ID_REUSED: 'This id was already used for another body. A resend must be identical; make a new id for a new thing.',
  TAKEN: 'Something else has this e-mail address, name or external key. Use another one, or change what has it.',
  CHANGED_SINCE:
    'Somebody else has changed this since you read it. Read it again, and make your change to what it is now.',
  OFFER_ANSWERED: 'The offer was answered before, and otherwise. Nothing changed now.',
  SESSION_CLOSED: 'The learning session is closed. Open a new one.',
  ASSIGNMENT_CLOSED: 'The assignment does not take work now. Ask the teacher for an extension.',
  WRONG_ANSWER_KIND: 'The activity asks for another kind of answer. Send the kind that its form names.',
  UNKNOWN_VERSION: 'The activity never had this version. Send the version that came with the activity.',
  NOT_GRADED_BY_CLIENT:
    'Only a trusted service may send `correct`, and only where the activity is graded by the client.',
  CYCLIC_PREREQUISITES: 'The prerequisites form a circle. Remove one of the named links.',
  NO_MORE_ATTEMPTS: 'All attempts at this assignment are used. The last score stands; a teacher can still change it.',
  NO_MORE_HINTS: 'All hint steps were given. Answer, or ask the teacher for help.',
  WRONG_STATE:
    'The thing is in a state in which this cannot be done. Read it again; the message says what can be done.',
  GATE_NOT_MET:
    'The model does not show what a model has to show before it may judge. The issues name each line that is missed.',
  UNSUPPORTED_IMAGE: 'The file is not a PNG, JPEG or WebP picture that can be decoded. Convert it and upload it again.',
  TOO_LARGE: 'The message, file or list is larger than allowed. Send less at once.',
  RATE_LIMITED: 'Too many requests in a short time. Wait for the stated number of seconds, then try again.',
  QUERY_TOO_COMPLEX: 'The operation is too deep, too broad or too costly. Ask for less, or page through it.',
  OPERATION_NOT_PERSISTED: 'This server runs persisted operations only. Send the hash of a published operation.',
  UNKNOWN_OPERATION: 'There is no such operation, event or route. See the reference in docs/.',
  BUSY: 'The server has too much to do right now. Try again in a moment; nothing was stored.',
  UNAVAILABLE:
    'The database does not answer, so it is not known whether this was stored. In a moment, send it again with the same id: what was stored already is not stored twice.',
  INTERNAL: 'Something went wrong on the server. Send the same again; if it stays, report the request id.',
} as const;

export type FailureCode = keyof typeof failureCodes;

/** A refusal that was to be expected. It is returned, not thrown. */
export interface Failure {
  readonly kind: 'failure';
  readonly code: FailureCode;
  /** One sentence for people: what was wrong, and what to do. */
  readonly message: string;
  /** Where in the input each problem stands. */
  readonly issues?: readonly FailureIssue[];
  /** Seconds after which a new try makes sense. */
  readonly retryAfterSeconds?: number;
}

export interface FailureIssue {
  readonly path: string;
  readonly message: string;
}

/** Makes a failure; without words of its own it speaks the catalogue's. */
export function fail(
  code: FailureCode,
  message: string = failureCodes[code],
  more: Pick<Failure, 'issues' | 'retryAfterSeconds'> = {},
): Failure {
  return { kind: 'failure', code, message, ...more };
}

/** Tells a failure from a value. */
export function isFailure(outcome: unknown): outcome is Failure {
  return typeof outcome === 'object' && outcome !== null && (outcome as { kind?: unknown }).kind === 'failure';
}

/** An exceptional refusal in the middle of work, which undoes the transaction and reaches the caller as its failure. */
export class FailureError extends Error {
  constructor(readonly failure: Failure) {
    super(failure.message);
    this.name = 'FailureError';
  }
}
