import { z } from 'zod';

type Json = Record<string, unknown>;

/** JSON Schemas of operations; those that have a name are collected and referred to. */
export class NamedSchemas {
  readonly #byName = new Map<string, unknown>();

  /** The schema of what is sent (`input`) or answered (`output`). */
  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    const made = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
    const { $schema: _, $defs = {}, ...rest } = moveReferences(made) as Json & { $defs?: Json };
    for (const [name, definition] of Object.entries($defs)) this.#add(name, definition);
    return rest;
  }

  /** All named schemas, by name. */
  inOrder(): Json {
    return Object.fromEntries([...this.#byName].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }

  #add(name: string, definition: unknown): void {
    const { id: _, ...schema } = definition as Json;
    const known = this.#byName.get(name);
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`Two different schemas are named ${name}.`);
    }
    this.#byName.set(name, schema);
  }
}

/** Zod keeps named schemas in `$defs` beside their use; OpenAPI keeps them in one place. */
function moveReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(moveReferences);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, part]) => {
    if (key !== '$ref' || typeof part !== 'string') return [key, moveReferences(part)];
    return [key, part.replace('#/$defs/', '#/components/schemas/')];
  });
  return Object.fromEntries(entries);
}
