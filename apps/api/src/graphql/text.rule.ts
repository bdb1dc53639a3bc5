import { GraphQLError, type ASTVisitor, type ValidationContext } from 'graphql';
import { isStorable, unstorableMessage } from '../request/storable.js';

/** Refuses literals that cannot be stored, before anything is executed. */
export function textRule(context: ValidationContext): ASTVisitor {
  return {
    StringValue(node) {
      if (isStorable(node.value)) return;
      context.reportError(new GraphQLError(unstorableMessage, { nodes: node, extensions: { code: 'INVALID_INPUT' } }));
    },
  };
}
