import { action, input, util } from '@prismatic-io/spectral';
import { readCsv } from './csv';
import { readJson } from './json';
import type { Writer } from './written';
import { readXml } from './xml';
import { readYaml } from './yaml';

const dataInput = (comments: string) => input({ label: 'Data', type: 'data', required: true, comments });

/** A value as it was read, for actions that deserialize. */
const asIs = (value: unknown): { data: unknown } => ({ data: value });

const named = (label: string, description: string) => ({ label, description });

/** Reads CSV and writes it in another format; gives the value itself without a writer. */
export const fromCsv = (label: string, description: string, write: Writer | typeof asIs = asIs) =>
  action({
    display: named(label, description),
    inputs: {
      data: dataInput('CSV text or a file.'),
      csvHeader: input({
        label: 'CSV Header',
        type: 'boolean',
        default: 'true',
        comments: 'Whether the first row names the columns.',
        clean: (value: unknown) => util.types.toBool(value, true),
      }),
      unFlattenCsvKeys: input({
        label: 'Un-Flatten CSV Keys',
        type: 'boolean',
        default: 'false',
        comments:
          'Makes nested objects of columns with two underscores in their names, such as person__first.',
        clean: (value: unknown) => util.types.toBool(value),
      }),
    },
    perform: async (_context, { data, ...options }) => write(readCsv(data, options)),
  });

/** Reads XML and writes it in another format; gives the value itself without a writer. */
export const fromXml = (label: string, description: string, write: Writer | typeof asIs = asIs) =>
  action({
    display: named(label, description),
    inputs: {
      data: dataInput('XML text or a file.'),
      numbersAsStrings: input({
        label: 'Parse numbers as strings?',
        type: 'boolean',
        default: 'false',
        comments: 'Leaves numbers and truth values as text.',
        clean: (value: unknown) => util.types.toBool(value),
      }),
    },
    perform: async (_context, { data, numbersAsStrings }) => write(readXml(data, numbersAsStrings)),
  });

/** Reads YAML and writes it in another format; gives the value itself without a writer. */
export const fromYaml = (label: string, description: string, write: Writer | typeof asIs = asIs) =>
  action({
    display: named(label, description),
    inputs: { data: dataInput('YAML text or a file.') },
    perform: async (_context, { data }) => write(readYaml(data)),
  });

/** Reads JSON and writes it in another format; gives the value itself without a writer. */
export const fromJson = (label: string, description: string, write: Writer | typeof asIs = asIs) =>
  action({
    display: named(label, description),
    inputs: { data: dataInput('JSON text or a file.') },
    perform: async (_context, { data }) => write(readJson(data)),
  });

/** Writes the result of an earlier step in a format. */
export const fromObject = (label: string, description: string, write: Writer) =>
  action({
    display: named(label, description),
    inputs: { data: dataInput('An object or a list, by reference to the result of an earlier step.') },
    perform: async (_context, { data }) => write(data),
  });
