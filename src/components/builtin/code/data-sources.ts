import { dataSource, input, type JSONForm, type ObjectSelection } from '@prismatic-io/spectral';
import { codeInput } from './code-input';
import { runSnippet } from './run-snippet';

const templateOf = (
  result: string,
): string => `module.exports = async (context, { connection, contextValue }) => {
  return { result: ${result} };
};
`;

const inputsOf = (result: string) => ({
  code: codeInput(
    templateOf(result),
    'A CommonJS module that exports an async function of (context, { connection, contextValue }).',
  ),
  connection: input({
    label: 'Connection',
    type: 'connection',
    comments: 'A connection that the code may use.',
  }),
  contextValue: input({
    label: 'Context Value',
    type: 'data',
    comments: 'Any further value for the code, such as an earlier config variable.',
  }),
});

/** Runs the code and gives its result; throws when it returns something else than the kind of data source needs. */
async function resultOf<T>(
  context: unknown,
  { code, ...values }: { code: string; connection: unknown; contextValue: unknown },
  isResult: (value: unknown) => boolean,
  expected: string,
): Promise<{ result: T }> {
  const returned = await runSnippet(code, context, values);
  const isObject = typeof returned === 'object' && returned !== null;
  const { result } = (isObject ? returned : {}) as { result?: unknown };
  if (!isResult(result)) throw new Error(`The code must return { result: ${expected} }.`);
  return returned as { result: T };
}

export const runCodeJsonForm = dataSource({
  display: { label: 'Code Block JSON Form', description: 'Makes a JSON form by JavaScript of your own.' },
  dataSourceType: 'jsonForm',
  inputs: inputsOf(
    '{ schema: { type: "object", properties: {} }, uiSchema: { type: "VerticalLayout", elements: [] }, data: {} }',
  ),
  perform: (context, params) =>
    resultOf<JSONForm>(
      context,
      params,
      (value) => isRecord(value) && isRecord(value['schema']) && isRecord(value['uiSchema']),
      '{ schema, uiSchema, data }',
    ),
});

export const runCodeObjectSelection = dataSource({
  display: {
    label: 'Code Block Object Selection',
    description: 'Offers objects and their fields by JavaScript of your own.',
  },
  dataSourceType: 'objectSelection',
  inputs: inputsOf('[]'),
  perform: (context, params) =>
    resultOf<ObjectSelection>(context, params, Array.isArray, '[{ object: { key, label }, fields }]'),
});

export const runCodePicklist = dataSource({
  display: { label: 'Code Block Picklist', description: 'Offers choices by JavaScript of your own.' },
  dataSourceType: 'picklist',
  inputs: inputsOf('[{ key: "a", label: "First" }]'),
  perform: (context, params) =>
    resultOf<string[]>(context, params, Array.isArray, 'a list of texts, or of { key, label }'),
});

export const runCodeString = dataSource({
  display: { label: 'Code Block String', description: 'Gives text by JavaScript of your own.' },
  dataSourceType: 'string',
  inputs: inputsOf('""'),
  perform: (context, params) =>
    resultOf<string>(context, params, (value) => typeof value === 'string', 'text'),
});

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
