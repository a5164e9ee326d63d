import type { Path } from './fault';
import { conditional } from './json-schema-inputs';
import { COUNTING, hint } from './meaning';

/** A part of a JSON Schema. */
export type JsonSchema = Record<string, unknown>;

/** What may stand in a place besides its own kind: anything that counts as not given, nothing written, or neither. */
type Room = 'empty' | 'null' | 'none';

const anyCase = (word: string): string =>
  word.replaceAll(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
const anyCaseOf = (words: readonly string[]): string => `^\\s*(${words.map(anyCase).join('|')})\\s*$`;

const BLANK = { type: 'string', pattern: '^\\s*$' };
const NO_ENTRIES = { type: 'object', maxProperties: 0 };
const NOTHING = [{ type: 'null' }, BLANK, { type: 'array', maxItems: 0 }];

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === 'string';

/**
 * The same JSON Schema, taking also what a definition's reader takes with a warning: texts without quotes, numbers and
 * switches in them, words in other capitals, newer words for editors, numbers that do not count, and empty places.
 */
export function lenient(schema: JsonSchema, path: Path = [], room: Room = 'none'): JsonSchema {
  const { description, ...own } = withParts(schema, path);
  const read = asRead(own, path);
  const about = description === undefined ? {} : { description };
  if (room === 'none' || Object.keys(read).length === 0) return { ...about, ...read };
  const isMapping = read['type'] === 'object' || read['allOf'] !== undefined || read['$ref'] !== undefined;
  const none = room === 'null' ? NOTHING.slice(0, 1) : isMapping ? NOTHING : [...NOTHING, NO_ENTRIES];
  return { ...about, anyOf: [read, ...none] };
}

function withParts(schema: JsonSchema, path: Path): JsonSchema {
  const { properties, items, additionalProperties, anyOf, definitions } = schema;
  const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
  const each = (parts: JsonSchema, change: (part: JsonSchema, key: string) => JsonSchema) =>
    Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, change(part as JsonSchema, key)]));
  return {
    ...schema,
    ...(isSchema(properties) && {
      properties: each(properties, (part, key) =>
        lenient(part, [...path, key], required.includes(key) ? 'none' : 'empty'),
      ),
    }),
    ...(isSchema(items) && { items: lenient(items, [...path, 0]) }),
    ...(isSchema(additionalProperties) && {
      additionalProperties: lenient(additionalProperties, path, 'null'),
    }),
    ...(Array.isArray(anyOf) && { anyOf: anyOf.map((part: JsonSchema) => lenient(part, path)) }),
    ...(isSchema(definitions) && { definitions: each(definitions, (part) => lenient(part)) }),
  };
}

/** What a value may be written as, by its kind. */
function asRead(schema: JsonSchema, path: Path): JsonSchema {
  const { type, enum: words, const: word, ...rest } = schema;
  const known: unknown[] = Array.isArray(words) ? words : word === undefined ? [] : [word];
  if (known.length > 0) {
    if (!known.every(isText)) return { ...rest, enum: known.flatMap((value) => [value, String(value)]) };
    const others = hint(path) ? { type: 'string' } : { type: 'string', pattern: anyCaseOf(known) };
    return { ...rest, anyOf: [{ enum: known }, others] };
  }
  switch (type) {
    case 'string':
      return { ...rest, type: ['string', 'number', 'boolean'] };
    case 'boolean':
      return { ...rest, type: ['boolean', 'string'], pattern: anyCaseOf(['true', 'false']) };
    case 'integer':
      return { ...rest, type: ['integer', 'string'], pattern: '^\\s*-?\\d{1,15}\\s*$' };
    case 'object':
      return counting(schema, String(path.at(-1)));
    default:
      return schema;
  }
}

const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];

/** Bounds of numbers only where the numbers count. */
function counting(schema: JsonSchema, name: string): JsonSchema {
  const when = COUNTING[name];
  if (!when || !isSchema(schema['properties'])) return schema;
  const free: JsonSchema = {};
  const bound: JsonSchema = {};
  for (const [key, part] of Object.entries(schema['properties'])) {
    const [without, bounds] = withoutBounds(part);
    free[key] = without;
    if (bounds.length > 0) bound[key] = Object.assign({}, ...bounds);
  }
  return {
    ...schema,
    properties: free,
    ...conditional(
      { required: [when.key], properties: { [when.key]: { const: when.is } } },
      { properties: bound },
    ),
  };
}

/** A property without the bounds of its numbers, and those. */
function withoutBounds(part: unknown): [part: unknown, bounds: JsonSchema[]] {
  if (Array.isArray(part)) {
    const parts = part.map(withoutBounds);
    return [parts.map(([without]) => without), parts.flatMap(([, bounds]) => bounds)];
  }
  if (!isSchema(part)) return [part, []];
  const own = Object.entries(part).filter(([key]) => BOUNDS.includes(key));
  const [anyOf, inner] = withoutBounds(part['anyOf']);
  const rest = Object.entries({ ...part, ...(anyOf !== undefined && { anyOf }) });
  return [
    Object.fromEntries(rest.filter(([key]) => !BOUNDS.includes(key))),
    [...(own.length > 0 ? [Object.fromEntries(own)] : []), ...inner],
  ];
}
