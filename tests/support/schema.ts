import {
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { RunningApi } from '../../apps/api/src/create-api.js';

/** The schema of a running API. */
export function schemaOf(api: Pick<RunningApi, 'app'>): GraphQLSchema {
  return api.app.get(GraphQLSchemaHost, { strict: false }).schema;
}

/** Every field that answers with a list or a connection, as Type.field. The `edges` of a connection are the same list. */
export function listFieldsOf(schema: GraphQLSchema): string[] {
  return objectTypesOf(schema).flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => isListField(type, field))
      .map(({ name }) => `${type.name}.${name}`),
  );
}

/** The list fields that an operation asks for. */
export function listFieldsIn(schema: GraphQLSchema, operation: string): string[] {
  const info = new TypeInfo(schema);
  const found = new Set<string>();
  visit(
    parse(operation),
    visitWithTypeInfo(info, {
      Field() {
        const [type, field] = [info.getParentType(), info.getFieldDef()];
        if (field && isObjectType(type) && isListField(type, field)) found.add(`${type.name}.${field.name}`);
      },
    }),
  );
  return [...found];
}

/** All object types that the schema itself defines, the roots included. */
export function objectTypesOf(schema: GraphQLSchema): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'));
}

function isListField(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): boolean {
  if (isConnection(type)) return false;
  return isListType(getNullableType(field.type)) || isConnection(getNamedType(field.type));
}

/** A page of a list (Relay Cursor Connections Specification). */
export function isConnection(type: GraphQLOutputType): boolean {
  return isObjectType(type) && 'edges' in type.getFields() && 'pageInfo' in type.getFields();
}
