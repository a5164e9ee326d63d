import { action, input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { connectionInput } from './api-action';
import { requestGraphql } from './client';
import { accessOf } from './connection';
import { typedVariables } from './variables';

const EXAMPLE = `query ($myCustomerId: ID!) {
  customer(id: $myCustomerId) {
    id
    name
    externalId
  }
}`;

/** Sends any document; errors beside data are part of the result, a refused document fails the step. */
export const rawRequest = action({
  display: { label: 'Raw GraphQL Request', description: 'Sends a GraphQL query or mutation to the API.' },
  inputs: {
    connection: connectionInput,
    query: input({
      label: 'Query or Mutation',
      type: 'code',
      language: 'graphql',
      required: true,
      default: EXAMPLE,
      comments: 'One document of GraphQL.',
      clean: (value: unknown) => {
        const text = cleanText(value);
        if (text.trim() === '') throw new Error('Query or Mutation is empty.');
        return text;
      },
    }),
    variables: input({
      label: 'GraphQL Variables',
      type: 'data',
      collection: 'keyvaluelist',
      comments: 'Values for the variables of the document.',
      clean: cleanVariables,
    }),
  },
  perform: async (context, { connection, query, variables }) => {
    const access = accessOf(connection, context);
    return { data: { data: await requestGraphql(access, query, typedVariables(query, variables)) } };
  },
});

function cleanVariables(value: unknown): Record<string, unknown> {
  if (Array.isArray(value)) {
    const pairs = value as { key?: unknown; value?: unknown }[];
    return Object.fromEntries(
      pairs.map(({ key, value: item }) => [cleanText(key), item] as const).filter(([key]) => key !== ''),
    );
  }
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
