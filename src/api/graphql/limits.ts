import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { AppError } from '../../errors';
import type { Variables } from './variables';

/**
 * Most tokens in a document: over ten times the longest one that known clients send. Validation compares
 * fields with each other, so that its time grows with the square of this.
 */
export const MAX_TOKENS = 2500;
/** Deepest nesting of fields in a document. */
export const MAX_DEPTH = 15;
/** Most fields that a document may make the server resolve, counted as {@link checkLimits} does. */
export const MAX_COST = 50_000;

/** What a page holds unless `first` or `last` says otherwise. */
const PAGE_SIZE = 50;
/** What is assumed of lists that are not paged. */
const LIST_SIZE = 10;
/** What a page costs beside its fields: it is read from the database. */
const PAGE_COST = 10;
/** Fields that the server has to work out from a whole definition, and what each counts. */
const COSTLY_FIELDS: Record<string, number> = {
  configState: 100,
  configVariables: 100,
  definition: 100,
  flowConfigs: 100,
  flows: 200,
  testConfigVariables: 200,
};
/** The whole schema has a few hundred fields; introspection is measured flat and not by its depth. */
const INTROSPECTION_COST = 5000;

interface Measure {
  cost: number;
  depth: number;
}

interface Measuring {
  schema: GraphQLSchema;
  variables: Variables;
  fragments: Map<string, FragmentDefinitionNode>;
  /** Each fragment is measured once, however often it is spread, so that measuring stays linear. */
  measured: Map<string, Measure>;
}

/**
 * Throws `invalid_input` when an operation is nested too deeply or asks for too much, before anything runs.
 * A field costs one; a page costs its size times what each of its objects costs. Takes a valid document.
 */
export function checkLimits(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const state = { schema, variables, fragments, measured: new Map<string, Measure>() };
  const root = schema.getRootType(operation.operation);
  const { cost, depth } = measureSet(state, operation.selectionSet, root ?? undefined);
  if (depth > MAX_DEPTH) {
    throw tooMuch(`${depth} levels deep; the limit of depth is ${MAX_DEPTH}. Ask for less in one request.`);
  }
  if (cost > MAX_COST) {
    const remedy = 'Ask for smaller pages (`first`) or fewer nested lists.';
    throw tooMuch(`too costly: ${cost} fields might be read; the limit of cost is ${MAX_COST}. ${remedy}`);
  }
}

function tooMuch(text: string): AppError {
  return new AppError('invalid_input', `The document is ${text}`);
}

function measureSet(state: Measuring, set: SelectionSetNode, type: GraphQLNamedType | undefined): Measure {
  const total: Measure = { cost: 0, depth: 0 };
  for (const selection of set.selections) {
    const part =
      selection.kind === Kind.FIELD
        ? measureField(state, selection, type)
        : selection.kind === Kind.FRAGMENT_SPREAD
          ? measureFragment(state, selection.name.value)
          : measureSet(
              state,
              selection.selectionSet,
              conditionOf(state, selection.typeCondition?.name.value, type),
            );
    total.cost += part.cost;
    total.depth = Math.max(total.depth, part.depth);
  }
  return total;
}

function measureFragment(state: Measuring, name: string): Measure {
  const known = state.measured.get(name);
  if (known) return known;
  const fragment = state.fragments.get(name);
  const type = conditionOf(state, fragment?.typeCondition.name.value, undefined);
  const measure = fragment ? measureSet(state, fragment.selectionSet, type) : { cost: 0, depth: 0 };
  state.measured.set(name, measure);
  return measure;
}

function conditionOf(state: Measuring, name: string | undefined, type: GraphQLNamedType | undefined) {
  return name === undefined ? type : state.schema.getType(name);
}

function measureField(state: Measuring, node: FieldNode, parent: GraphQLNamedType | undefined): Measure {
  const name = node.name.value;
  if (name === '__schema' || name === '__type') return { cost: INTROSPECTION_COST, depth: 1 };
  const own = COSTLY_FIELDS[name] ?? 1;
  const field = isObjectType(parent) ? parent.getFields()[name] : undefined;
  if (!node.selectionSet || !field) return { cost: own, depth: 1 };
  const named = getNamedType(field.type);
  const inner = measureSet(state, node.selectionSet, named);
  const depth = inner.depth + 1;
  if (named.name.endsWith('Connection')) {
    return { cost: own + PAGE_COST + inner.cost * pageSize(node, field, state.variables), depth };
  }
  // The lists of a connection hold its page: it has been multiplied there.
  const isList = isListType(getNullableType(field.type)) && !parent?.name.endsWith('Connection');
  return { cost: own + inner.cost * (isList ? LIST_SIZE : 1), depth };
}

function pageSize(node: FieldNode, field: GraphQLField<unknown, unknown>, variables: Variables): number {
  if (!field.args.some(({ name }) => name === 'first')) return LIST_SIZE;
  for (const { name, value } of node.arguments ?? []) {
    const size =
      name.value === 'first' || name.value === 'last' ? valueFromASTUntyped(value, variables) : null;
    if (typeof size === 'number' && size > 0) return size;
  }
  return PAGE_SIZE;
}
