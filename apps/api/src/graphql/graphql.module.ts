import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { FastifyRequest } from 'fastify';
import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { LOGGER } from '#libs/composition';
import type { GraphqlContext } from './context.js';
import { refuseUnfitDocument, refuseUnnamed, withoutCompiling } from './document.guard.js';
import { formatErrors } from './error-format.js';
import { operationLimits } from './operation-limits.js';
import { DateTimeScalar, JsonScalar, UuidScalar } from './scalars.js';
import { textRule } from './text.rule.js';
import { refuseUnstorable } from '../request/storable.js';

/** GraphQL on Mercurius, compiled by its JIT when an operation comes the second time. */
@Module({
  imports: [
    GraphQLModule.forRootAsync<MercuriusDriverConfig>({
      driver: MercuriusDriver,
      inject: [LOGGER],
      useFactory: (logger: Logger): MercuriusDriverConfig => ({
        path: '/graphql',
        autoSchemaFile: true,
        sortSchema: true,
        graphiql: false,
        subscription: false,
        jit: 1,
        allowBatchedQueries: false,
        graphql: { parseOptions: { maxTokens: operationLimits.tokens } },
        validationRules: [textRule],
        hooks: {
          preParsing: async (_schema, source, { reply: { request } }) => {
            const { operationName } = request.query as { operationName?: string };
            if (request.method === 'GET') refuseUnnamed(source, operationName);
          },
          preValidation: async (_schema, document) => refuseUnfitDocument(document),
          preExecution: async (_schema, document, _context, variables) => {
            refuseUnstorable(variables);
            return withoutCompiling(document);
          },
        },
        context: (request: FastifyRequest): GraphqlContext => ({ request, loaders: new Map() }),
        errorFormatter: (execution, context) => {
          const { reply } = context as unknown as { reply?: { request: FastifyRequest } };
          return formatErrors(
            execution as ExecutionResult & { errors: readonly GraphQLError[] },
            reply?.request.id ?? 'none',
            logger,
          ) as ReturnType<NonNullable<MercuriusDriverConfig['errorFormatter']>>;
        },
        resolvers: {},
      }),
    }),
  ],
  providers: [DateTimeScalar, UuidScalar, JsonScalar],
})
export class ApiGraphqlModule {}
