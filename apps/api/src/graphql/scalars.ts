import { CustomScalar, Scalar } from '@nestjs/graphql';
import { GraphQLError, Kind, valueFromASTUntyped, type ValueNode } from 'graphql';
import { isId } from '#libs/kernel';

/** A moment in UTC, written as RFC 3339. */
@Scalar('DateTime', () => Date)
export class DateTimeScalar implements CustomScalar<string, Date> {
  description = 'A moment, as RFC 3339 text in UTC: 2026-11-23T09:30:00.000Z';

  serialize(value: unknown): string {
    return (value instanceof Date ? value : new Date(value as string)).toISOString();
  }

  parseValue(value: unknown): Date {
    const date = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value) ? new Date(value) : null;
    // An offset may lead out of the years that have four digits, which is as far as RFC 3339 and the database agree.
    const year = date?.getUTCFullYear() ?? 0;
    if (date === null || !(year >= 1 && year <= 9999)) {
      throw invalid('DateTime must be RFC 3339 text, such as 2026-11-23T09:30:00Z.');
    }
    return date;
  }

  parseLiteral(node: ValueNode): Date {
    return this.parseValue(node.kind === Kind.STRING ? node.value : null);
  }
}

/** Stands for the UUID type in decorators. */
export class Uuid {}

/** A lower-case UUID. */
@Scalar('UUID', () => Uuid)
export class UuidScalar implements CustomScalar<string, string> {
  description = 'A lower-case RFC 9562 UUID. Clients make the ids of what they send, best as version 7.';

  serialize(value: unknown): string {
    return String(value);
  }

  parseValue(value: unknown): string {
    if (typeof value !== 'string' || !isId(value)) throw invalid('UUID must be a lower-case RFC 9562 UUID.');
    return value;
  }

  parseLiteral(node: ValueNode): string {
    return this.parseValue(node.kind === Kind.STRING ? node.value : null);
  }
}

/** Stands for the JSON type in decorators. */
export class Json {}

/** Any JSON value; each field says by which schema it is checked. */
@Scalar('JSON', () => Json)
export class JsonScalar implements CustomScalar<unknown, unknown> {
  description = 'Any JSON value. The field says what it holds.';

  serialize(value: unknown): unknown {
    return value;
  }

  parseValue(value: unknown): unknown {
    return value;
  }

  parseLiteral(node: ValueNode, variables?: Record<string, unknown> | null): unknown {
    return valueFromASTUntyped(node, variables);
  }
}

function invalid(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'INVALID_INPUT' } });
}
