import { Kind, type OperationDefinitionNode, type TypeNode } from 'graphql';

export type Variables = Record<string, unknown>;

/**
 * Turns the texts "true" and "false" into truth values where a variable is Boolean: the `prism` command line
 * sends some of its flags so. Everything else stays as sent; variables nobody declared are ignored later.
 */
export function convertBooleanTexts(operation: OperationDefinitionNode, variables: Variables): Variables {
  const converted = { ...variables };
  for (const { variable, type } of operation.variableDefinitions ?? []) {
    const value = converted[variable.name.value];
    if (namedType(type) !== 'Boolean') continue;
    if (value === 'true' || value === 'false') converted[variable.name.value] = value === 'true';
  }
  return converted;
}

function namedType(type: TypeNode): string | null {
  if (type.kind === Kind.NON_NULL_TYPE) return namedType(type.type);
  return type.kind === Kind.NAMED_TYPE ? type.name.value : null;
}
