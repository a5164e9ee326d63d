import { z } from 'zod';
import { LIST_SCHEMA } from './json-schema-inputs';
import { type JsonSchema, lenient } from './lenient-json-schema';
import { DefinitionSchema } from './schema';
import { FieldSchema } from './schema-input';

const MADE_BY_READING = ['type', 'properties', 'required', 'additionalProperties'] as const;

/**
 * The JSON Schema of the language, for editors: shapes and values, not the rules between them. It refuses nothing that
 * is read, with a warning or without.
 */
export function definitionJsonSchema(): JsonSchema {
  const { $schema, ...strict } = z.toJSONSchema(DefinitionSchema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // Its two ways of writing are all there is to say; what reading makes of them is not for editors.
      if (zodSchema === FieldSchema) for (const key of MADE_BY_READING) delete jsonSchema[key];
    },
  });
  const { definitions, ...shape } = lenient(strict);
  return {
    $schema,
    title: 'Integration definition',
    description: 'Keys that this schema does not name are kept and ignored.',
    ...shape,
    definitions: { ...(definitions as JsonSchema), list: LIST_SCHEMA },
  };
}
