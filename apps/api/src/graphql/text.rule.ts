import { GraphQLError, type ASTVisitor, type ValidationContext } from 'graphql';
import { fail, FailureError } from '#libs/kernel';

/** What PostgreSQL keeps in no text: the character NUL, and half of a surrogate pair, which is no character. */
const unstorable = /\0|\p{Surrogate}/u;

/** Levels of nested JSON that a variable may have. */
const depthLimit = 50;

/** Refuses literals that cannot be stored, before anything is executed. */
export function textRule(context: ValidationContext): ASTVisitor {
  return {
    StringValue(node) {
      if (unstorable.test(node.value)) {
        context.reportError(new GraphQLError(message, { nodes: node, extensions: { code: 'INVALID_INPUT' } }));
      }
    },
  };
}

const message = 'A text holds the character NUL or half of a surrogate pair. Leave it out.';

/** The same for variables, which may also not be nested too deep for whoever walks through them later. */
export function refuseUnstorable(variables: unknown): void {
  const waiting = [{ value: variables, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string' && unstorable.test(value)) throw new FailureError(fail('INVALID_INPUT', message));
    if (typeof value !== 'object' || value === null) continue;
    if (depth > depthLimit) throw new FailureError(fail('INVALID_INPUT', 'A variable is nested too deep.'));
    for (const [key, inner] of Object.entries(value)) {
      waiting.push({ value: inner, depth: depth + 1 });
      if (!Array.isArray(value)) waiting.push({ value: key, depth: depth + 1 });
    }
  }
}
