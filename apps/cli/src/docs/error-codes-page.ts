import { failureCodes } from '#libs/kernel';
import { code, generatedNote, page, table } from './markdown.js';

/** How the API carries each code. */
export interface FailureTransport {
  readonly code: string;
  readonly httpStatus: number;
  readonly graphqlType: string;
}

/** docs/error-codes.md: every way in which a request can be refused. */
export function errorCodesPage(transports: readonly FailureTransport[]): string {
  const rows = Object.entries(failureCodes).map(([name, meaning]) => {
    const transport = transports.find((one) => one.code === name);
    return [code(name), meaning, String(transport?.httpStatus ?? ''), code(transport?.graphqlType ?? '')];
  });
  return page(
    '# Error codes',
    generatedNote,
    `A code is stable; its words may change. It comes as

- \`extensions.code\` of an error in a GraphQL answer, with the HTTP status below where there is no data at all;
- a member of the union that a mutation gives, of the type below, with \`code\` and \`message\`;
- \`{ kind: "failure", code, message }\` in the acknowledgement of a socket request, and in the body of any other route.

\`issues\` names the wrong fields, where there are any. \`retryAfterSeconds\` says when a new try makes sense.`,
    table(['code', 'what it means, what to do', 'HTTP', 'GraphQL type'], rows),
  );
}
