import type { z } from 'zod';
import {
  eventMap,
  learnEvents,
  socketLimits,
  teachEvents,
  userLimits,
  type DescribedEvent,
  type DescribedEvents,
  type DescribedRequest,
  type DescribedRequests,
  type Namespace,
} from '#libs/contracts';
import { code, generatedNote, page, table } from './markdown.js';
import { shapeOf } from './shape.js';

/** What the map does not say by itself. A namespace without a line here does not compile. */
const namespaceWords: Record<Namespace, string> = {
  '/learn': 'For learners. A socket hears its own learner’s stream from the moment it is connected.',
  '/teach': 'For teachers. A socket hears the streams of the courses that it asked to watch.',
};

/** docs/realtime.md: the reference of the sockets, from the event map. */
export function realtimePage(): string {
  const namespaces = Object.keys(eventMap) as Namespace[];
  return page('# The real-time interface', generatedNote, introduction(), limits(), ...namespaces.map(namespacePart));
}

function introduction(): string {
  return `Attune speaks Socket.IO 4. \`libs/client\` does all of the following by itself; this page is for clients in other languages.

**Handshake.** Connect to a namespace with \`auth: { token }\`, an access token. A refusal comes as \`connect_error\` with
\`data: { code, message }\`. Browsers may call from the origins that the server allows. Use the WebSocket transport, or a proxy that keeps
a client on one server.

**Requests.** \`emit(request, body, acknowledge)\`. The acknowledgement carries the answer, or
\`{ kind: "failure", code, message, issues?, retryAfterSeconds? }\` with a code of [the catalogue](error-codes.md). The ids in a body are
made by the client (UUID, best version 7). The same id with the same body is the same request: after a time-out or a lost connection, send
it again unchanged. The same id with another body is refused with \`ID_REUSED\`.

**Events.** A streamed event carries \`sequence\`, its number in its stream, and \`at\`. Numbers start at 1 and have no gap. An event may come
twice, and events of several servers may overtake one another: give out by number.

**Catching up.** Ask \`events.catch-up\` with the number of the last event that you know, and then with \`cursor\`, until \`complete\` is true:
after each connect, and when a number is missing. An event comes with the same payload as when it was told. \`after: null\` gives no events and
the number where the stream stands. Events are kept for \`EVENT_RETENTION_DAYS\`. \`missing\` is true where some that you ask for are no longer
kept: go on from \`cursor\`, and read anew what you show.

**Tokens.** \`token.expiring\` comes before the token ends. Answer with \`token.renew\`; the new token must stand for the same user. After the
end nothing is done for the socket any more and it is closed. \`connection.refused\` says why the server closes.

**Kinds of value.** An _id_ is a lower-case UUID. A _device time_ is Unix milliseconds by the clock of the device. In a path, \`[]\` stands
for the items of a list and \`(point)\` for the member of a union whose \`kind\` is that.`;
}

function limits(): string {
  const words: Record<keyof typeof socketLimits, string> = {
    messageBytes: 'bytes of one message',
    requestsPerSecond: 'requests a second, on average',
    burst: 'requests at once',
    backlog: 'requests that wait for their answer at the same time',
    strikes: 'refusals for rate, size or unknown requests within a minute, after which the socket is closed',
    socketsPerUser: 'sockets of one user at the same time on one server',
    outgoingBytes: 'bytes that wait for a client to read them, after which it is cut off and catches up later',
    catchUpEvents: 'events in one answer to `events.catch-up`',
  };
  const together: Record<keyof typeof userLimits, string> = {
    requestsPerSecond: 'requests a second over all sockets of one user on one server, on average',
    burst: 'the same at once',
    backlog: 'requests that wait for their answer at the same time, over all sockets of one user',
  };
  const rows = [...rowsOf(words, socketLimits), ...rowsOf(together, userLimits)];
  return `## Limits\n\n${table(['what', 'at most'], rows)}`;
}

function rowsOf<K extends string>(words: Record<K, string>, most: Readonly<Record<K, number>>): string[][] {
  return (Object.keys(words) as K[]).map((key) => [words[key], String(most[key])]);
}

function namespacePart(name: Namespace): string {
  const requests = Object.entries(eventMap[name].requests as DescribedRequests);
  const events = Object.entries(eventMap[name].events as DescribedEvents);
  return [
    `## ${name}`,
    namespaceWords[name],
    ...requests.map(([request, entry]) => `### ${name}: ${request}\n\n${requestPart(entry)}`),
    ...events.map(([event, entry]) => {
      const isStreamed = event in learnEvents || event in teachEvents;
      return `### ${name} tells: ${event}\n\n${eventPart(entry, isStreamed)}`;
    }),
  ].join('\n\n');
}

/** What a request does, what it takes and what it gives. */
export function requestPart(entry: DescribedRequest): string {
  const { request, answer } = entry;
  const parts = [fieldTable('body', request, 'input'), `The answer:\n\n${fieldTable('answer', answer, 'output')}`];
  return [...wordsOf(entry), ...parts].join('\n\n');
}

/** What an event tells. */
export function eventPart(entry: DescribedEvent, isStreamed: boolean): string {
  const kind = isStreamed ? 'Streamed.' : 'About this connection; not stored.';
  return [...wordsOf(entry), kind, fieldTable('payload', entry.payload, 'output')].join('\n\n');
}

function wordsOf({ description, deprecated }: DescribedRequest | DescribedEvent): string[] {
  return deprecated === undefined ? [description] : [`**Deprecated.** ${deprecated}`, description];
}

function fieldTable(what: string, schema: z.ZodType, direction: 'input' | 'output'): string {
  const rows = shapeOf(schema, direction).map(({ path, type, isOptional }) => [
    code(path),
    isOptional ? `${type} (may be left out)` : type,
  ]);
  return rows.length === 0 ? `No fields.` : table([what, 'type'], rows);
}
