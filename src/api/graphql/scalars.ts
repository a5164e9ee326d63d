import { GraphQLError, type GraphQLScalarType, type GraphQLSchema, Kind } from 'graphql';

const PARSERS: Record<string, (value: unknown) => unknown> = {
  DateTime: parseDateTime,
  JSONString: text('JSONString'),
  UUID: text('UUID'),
};

/** Gives the custom scalars of a schema their meaning. */
export function defineScalars(schema: GraphQLSchema): void {
  for (const [name, parse] of Object.entries(PARSERS)) {
    const scalar = schema.getType(name) as GraphQLScalarType;
    scalar.serialize = (value) => (value instanceof Date ? value.toISOString() : value);
    scalar.parseValue = parse;
    scalar.parseLiteral = (node) => parse(node.kind === Kind.STRING ? node.value : undefined);
  }
}

function parseDateTime(value: unknown): Date {
  const date = typeof value === 'string' ? new Date(value) : undefined;
  if (!date || Number.isNaN(date.getTime())) {
    throw new GraphQLError('DateTime takes ISO 8601 text, as 2026-01-31T12:00:00Z.');
  }
  return date;
}

function text(name: string): (value: unknown) => string {
  return (value) => {
    if (typeof value === 'string') return value;
    throw new GraphQLError(`${name} takes text.`);
  };
}
