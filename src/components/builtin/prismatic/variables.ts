import type { TypeNode } from 'graphql/language';
import { lazy } from '../lazy';

const library = lazy<typeof import('graphql/language')>('graphql/language');

/**
 * Variables as the document declares them: the inputs of a step are texts, so that numbers, truth values and JSON
 * of input types are read from them; empty text stands for nothing where null is allowed. Others stay as they are.
 */
export function typedVariables(query: string, variables: Record<string, unknown>): Record<string, unknown> {
  const types = declaredTypes(query);
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      const type = types.get(name);
      return [name, type === undefined ? value : typed(value, type)] as const;
    }),
  );
}

/** The declared types by variable; none for a document that does not parse, whose fault the server names better. */
function declaredTypes(query: string): Map<string, TypeNode> {
  const { Kind, parse } = library();
  try {
    const definitions = parse(query, { noLocation: true, maxTokens: 20_000 }).definitions;
    return new Map(
      definitions.flatMap((definition) =>
        definition.kind === Kind.OPERATION_DEFINITION
          ? (definition.variableDefinitions ?? []).map(
              ({ variable, type }) => [variable.name.value, type] as const,
            )
          : [],
      ),
    );
  } catch {
    return new Map();
  }
}

function typed(value: unknown, type: TypeNode): unknown {
  const { Kind } = library();
  if (type.kind === Kind.NON_NULL_TYPE) return typed(value, type.type);
  if (typeof value !== 'string') return value;
  if (type.kind === Kind.LIST_TYPE) return value.trim() === '' ? null : parsed(value);
  const text = value.trim();
  switch (type.name.value) {
    case 'Int':
    case 'Float':
      if (text === '') return null;
      return Number.isFinite(Number(text)) ? Number(text) : value;
    case 'Boolean':
      if (text === '') return null;
      return /^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : value;
    case 'String':
      return value;
    case 'ID':
      return text === '' ? null : value;
    default:
      return text.startsWith('{') && /Input/.test(type.name.value) ? parsed(value) : value;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
