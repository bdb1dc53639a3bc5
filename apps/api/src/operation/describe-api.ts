import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { failureCodes, type FailureCode } from '#libs/kernel';
import { makeLogger, parseConfig } from '#libs/platform';
import { ApiModule } from '../api.module.js';
import { statusOf } from '../request/failure.js';
import { failureTypeOf } from '../graphql/failure.type.js';

/** What the API says about itself; the references in docs/ are written from it. */
export interface ApiDescription {
  /** The schema in the schema definition language, sorted by name. */
  readonly schema: string;
  readonly failures: readonly {
    readonly code: FailureCode;
    readonly httpStatus: number;
    readonly graphqlType: string;
  }[];
}

/** Builds the API without listening and without a database, and reads off what it offers. */
export async function describeApi(): Promise<ApiDescription> {
  const config = parseConfig({
    DATABASE_APP_URL: 'postgresql://nobody@127.0.0.1:1/none', // never connected to
    ATTUNE_SECRET: 'describing the API takes no real secret',
    LOG_LEVEL: 'silent',
    PORT: '0',
  });
  const logger = makeLogger(config.LOG_LEVEL, 'describe');
  const options = { logger: false, abortOnError: false } as const;
  const app = await NestFactory.create<NestFastifyApplication>(
    ApiModule.forRoot(config, logger),
    new FastifyAdapter(),
    options,
  );
  try {
    await app.init();
    const { schema } = app.get(GraphQLSchemaHost);
    return {
      schema: `${printSchema(lexicographicSortSchema(schema))}\n`,
      failures: (Object.keys(failureCodes) as FailureCode[]).map((code) => ({
        code,
        httpStatus: statusOf(code),
        graphqlType: failureTypeOf(code),
      })),
    };
  } finally {
    await app.close();
  }
}
