import {
  assertValidSchema,
  buildSchema,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isObjectType,
} from 'graphql';
import type { FieldsOf } from './fields';
import { defineScalars } from './scalars';
import { typeDefs } from './schema/index';

/**
 * Builds the executable schema. Throws when a field of a type in `resolvers` has no function, or a function
 * no field: nothing is declared that is not served.
 */
export function createSchema(resolvers: Record<string, FieldsOf<never>>): GraphQLSchema {
  const schema = buildSchema(typeDefs);
  assertValidSchema(schema);
  defineScalars(schema);
  for (const [typeName, functions] of Object.entries(resolvers)) attach(schema, typeName, functions);
  return schema;
}

function attach(schema: GraphQLSchema, typeName: string, functions: FieldsOf<never>): void {
  const type = schema.getType(typeName);
  const fields = isObjectType(type) ? type.getFields() : {};
  const missing = Object.keys(fields).filter((name) => !functions[name]);
  const unknown = Object.keys(functions).filter((name) => !fields[name]);
  if (missing.length + unknown.length > 0) {
    const problems = `without a function: ${missing.join()}; without a field: ${unknown.join()}`;
    throw new Error(`Fields and functions of ${typeName} differ; ${problems}.`);
  }
  for (const [name, field] of Object.entries(fields)) {
    // The SDL has checked arguments and types by the time that graphql-js calls it.
    field.resolve = functions[name] as unknown as GraphQLFieldResolver<unknown, unknown>;
  }
}
