import { action, type Connection, type Inputs, input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { messagesOf, requestGraphql } from './client';
import { accessOf } from './connection';

/** The connection of every action. */
export const connectionInput = input({
  label: 'Connection',
  type: 'connection',
  required: true,
  comments: 'The API to be called.',
});

/** A text input; a required one must not be empty. */
export const textInput = (label: string, comments: string, required = false) =>
  input({
    label,
    type: 'string',
    required,
    comments,
    clean: (value: unknown) => {
      const text = cleanText(value).trim();
      if (required && text === '') throw new Error(`${label} is empty.`);
      return text;
    },
  });

/**
 * An action that sends one document, its inputs being the variables of the same names. Errors of the document
 * fail the step; mistakes that a mutation reports in its own `errors` are part of the result.
 */
export const apiAction = (
  label: string,
  description: string,
  inputs: Inputs,
  documentOf: (values: Record<string, string>) => { query: string; variables: Record<string, unknown> },
) =>
  action({
    display: { label, description },
    inputs: { connection: connectionInput, ...inputs },
    perform: async (context, { connection, ...values }) => {
      const access = accessOf(connection as Connection | undefined, context);
      const { query, variables } = documentOf(values as Record<string, string>);
      const answer = await requestGraphql(access, query, variables);
      if ((answer.errors ?? []).length > 0) throw new Error(`The API reports: ${messagesOf(answer)}`);
      // Twice "data": the answer of the call, and the data of the GraphQL answer in it.
      return { data: { data: answer } };
    },
  });
