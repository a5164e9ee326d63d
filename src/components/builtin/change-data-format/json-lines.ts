import { action, input } from '@prismatic-io/spectral';
import { reasonOf, textOf } from './data';
import { readJson, writeJson } from './json';

export const deserializeJsonl = action({
  display: {
    label: 'Deserialize JSON Lines (.jsonl)',
    description: 'Reads text with one JSON value on each line as a list.',
  },
  inputs: {
    jsonlData: input({ label: 'JSONL Data', type: 'data', required: true, comments: 'Text or a file.' }),
  },
  perform: async (_context, { jsonlData }) => {
    const values: unknown[] = [];
    for (const [index, line] of textOf('JSONL Data', jsonlData).split('\n').entries()) {
      if (line.trim() !== '') values.push(parseLine(line, index + 1));
    }
    return { data: values };
  },
});

export const serializeJsonl = action({
  display: {
    label: 'Serialize JSON Lines (.jsonl)',
    description: 'Writes a list as text with one JSON value on each line.',
  },
  inputs: {
    data: input({
      label: 'Array of JavaScript Objects to serialize',
      type: 'data',
      required: true,
      comments: 'A list, by reference to the result of an earlier step.',
    }),
  },
  perform: async (_context, { data }) => {
    const list = readJson(data);
    if (!Array.isArray(list)) throw new Error('The objects to serialize must be a list.');
    return { data: list.map((item) => writeJson(item).data).join('\n'), contentType: 'application/jsonl' };
  },
});

function parseLine(line: string, number: number): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch (error) {
    throw new Error(`JSONL Data has no JSON on line ${number}: ${reasonOf(error)}.`);
  }
}
