import { action, component, input, util } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { readRows, writeRows } from './csv-text';

const EXAMPLE = `[
  { "Column 1": "foo", "Column 2": "bar" },
  { "Column 1": "abc", "Column 2": "def" }
]`;

const delimiter = input({
  label: 'Delimiter',
  type: 'string',
  required: true,
  default: ',',
  comments: 'The character between two cells; "\\t" for a tab.',
  clean: cleanDelimiter,
});

const parse = action({
  display: { label: 'Parse', description: 'Reads CSV text as a list of rows, each a list of cells.' },
  inputs: {
    csv: input({
      label: 'CSV Data',
      type: 'data',
      required: true,
      comments: 'The text or the file.',
      clean: cleanText,
    }),
    delimiter,
    ignoreHeaders: input({
      label: 'Ignore Headers',
      type: 'boolean',
      default: 'false',
      comments: 'Leaves out the first row.',
      clean: (value: unknown) => util.types.toBool(value),
    }),
  },
  perform: async (_context, { csv, delimiter: separator, ignoreHeaders }) => {
    const rows = readRows('CSV Data', csv, separator);
    return { data: ignoreHeaders ? rows.slice(1) : rows };
  },
});

const generateFromObject = action({
  display: {
    label: 'Generate CSV From Array',
    description: 'Writes a list of objects as CSV text; their keys are the columns.',
  },
  inputs: {
    inputArray: input({
      label: 'Input Array',
      type: 'code',
      language: 'json',
      required: true,
      default: EXAMPLE,
      comments: 'A list of objects without nested ones.',
      clean: cleanRows('Input Array'),
    }),
    delimiter,
    includeHeader: input({
      label: 'Include Header?',
      type: 'boolean',
      default: 'true',
      comments: 'Begins with a row of the names of the columns.',
      clean: (value: unknown) => util.types.toBool(value, true),
    }),
  },
  perform: async (_context, { inputArray, delimiter: separator, includeHeader }) => ({
    data: writeRows('Input Array', inputArray, { delimiter: separator, header: includeHeader }),
    contentType: 'text/csv',
  }),
});

const generate = action({
  display: {
    label: 'Generate (Deprecated)',
    description: 'Writes lists of cells as CSV text; Generate CSV From Array takes its place.',
  },
  inputs: {
    data: input({
      label: 'Data',
      type: 'data',
      collection: 'valuelist',
      required: true,
      comments: 'One list of texts for each row.',
      clean: (value: unknown) => cleanRows('Data')(value).map(toCells),
    }),
    delimiter,
  },
  perform: async (_context, { data, delimiter: separator }) => ({
    data: writeRows('Data', data, { delimiter: separator, header: false }),
    contentType: 'text/csv',
  }),
});

function cleanDelimiter(value: unknown): string {
  const text = cleanText(value) || ',';
  const separator = text === '\\t' || text.toLowerCase() === 'tab' ? '\t' : text;
  if (separator.length === 1 && !/["\r\n]/.test(separator)) return separator;
  throw new Error(
    `Delimiter must be one character that is no quote or line break, got ${JSON.stringify(text)}.`,
  );
}

/** A list, also as JSON text; one object is a list of one. */
function cleanRows(label: string): (value: unknown) => unknown[] {
  return (value) => {
    if (Array.isArray(value)) return value as unknown[];
    const isText = typeof value === 'string' || value instanceof Uint8Array;
    const text = cleanText(value);
    if (text.trim() === '') return [];
    const given = util.types.isJSON(text) && isText ? (JSON.parse(text) as unknown) : value;
    if (Array.isArray(given)) return given as unknown[];
    if (typeof given === 'object' && given !== null) return [given];
    throw new Error(`${label} must be a list, got "${text.slice(0, 40)}".`);
  };
}

function toCells(row: unknown): unknown[] {
  if (Array.isArray(row)) return row as unknown[];
  const text = cleanText(row);
  const given = util.types.isJSON(text) ? (JSON.parse(text) as unknown) : text;
  return Array.isArray(given) ? (given as unknown[]) : [text];
}

export default component({
  key: 'csv',
  display: {
    label: 'CSV',
    description: 'Reads and writes comma-separated values.',
    category: 'Data Platforms',
    iconPath: '',
  },
  actions: { parse, generateFromObject, generate },
});
