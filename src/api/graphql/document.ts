import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  Source,
  validate,
} from 'graphql';
import { z } from 'zod';
import { AppError } from '../../errors';
import { parseInput } from '../../services/parse-input';
import { checkLimits, MAX_TOKENS } from './limits';
import { convertBooleanTexts, type Variables } from './variables';

const requestBody = z.object({
  query: z.string('Send the GraphQL document as text.'),
  variables: z.record(z.string(), z.unknown(), 'Send an object.').nullish(),
  operationName: z.string().nullish(),
});

/** A document that may be executed: parsed, valid, and within the limits. */
export interface ParsedDocument {
  document: DocumentNode;
  variables: Variables;
  operationName: string | null;
}

/** Reads a request's body. Throws {@link BadDocument} or `invalid_input` with everything that is wrong. */
export function parseDocument(schema: GraphQLSchema, body: unknown): ParsedDocument {
  const request = parseInput(requestBody, body);
  const document = parseText(request.query);
  const problems = validate(schema, document, undefined, { maxErrors: 20 });
  if (problems.length > 0) throw new BadDocument(problems);
  const operationName = request.operationName || null;
  const operation = operationOf(document, operationName);
  const variables = convertBooleanTexts(operation, request.variables ?? {});
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
    maxErrors: 20,
  });
  if (errors) throw new BadDocument(errors);
  checkLimits(schema, document, operation, coerced);
  return { document, variables, operationName };
}

/** A document that is not GraphQL, or does not fit the schema; holds the errors as graphql-js words them. */
export class BadDocument extends AppError {
  readonly problems: readonly GraphQLError[];
  constructor(problems: readonly GraphQLError[]) {
    super('invalid_input', problems.map((problem) => problem.message).join('\n'));
    this.problems = problems;
  }
}

function parseText(text: string): DocumentNode {
  try {
    return parse(new Source(text, 'query'), { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError) throw new BadDocument([error]);
    throw error;
  }
}

function operationOf(document: DocumentNode, name: string | null): OperationDefinitionNode {
  const operation = getOperationAST(document, name);
  if (operation) return operation;
  const message = name
    ? `The document has no operation named '${name}'.`
    : 'The document has no operation, or several: name one in `operationName`.';
  throw new AppError('invalid_input', message);
}
