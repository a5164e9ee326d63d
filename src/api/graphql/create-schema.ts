import { assertValidSchema, buildSchema, type GraphQLSchema } from 'graphql';
import { defineScalars } from './scalars';
import { typeDefs } from './schema/index';

/**
 * Builds the executable schema. Throws when a root field has no function in `roots`, or a function no field:
 * nothing is declared that is not served.
 */
export function createSchema(roots: Record<string, unknown>): GraphQLSchema {
  const schema = buildSchema(typeDefs);
  assertValidSchema(schema);
  defineScalars(schema);
  const declared = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
    Object.keys(type?.getFields() ?? {}),
  );
  const missing = declared.filter((field) => typeof roots[field] !== 'function');
  const unknown = Object.keys(roots).filter((field) => !declared.includes(field));
  if (missing.length + unknown.length > 0) {
    throw new Error(`Root fields without a function: [${missing}]; functions without a field: [${unknown}].`);
  }
  return schema;
}
