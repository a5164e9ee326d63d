import { action, input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { cleanJson, cleanObject, describe } from './inputs';
import { partsOf, withEntries } from './object-path';

type Entry = readonly [string, unknown];

/** Entries of pairs or of an object, or of the JSON of either; those without a key are dropped. */
function cleanEntries(label: string): (value: unknown) => Entry[] {
  return (value) => {
    const given = cleanJson(value);
    if (given === undefined || given === null || given === '') return [];
    if (typeof given !== 'object')
      throw new Error(`${label} must be pairs of key and value, got ${describe(given)}.`);
    const entries = Array.isArray(given)
      ? given.map((pair: unknown, at): Entry => {
          if (typeof pair !== 'object' || pair === null)
            throw new Error(`Item ${at} of ${label} must be a pair of key and value, got ${describe(pair)}.`);
          const { key, value: item } = pair as { key?: unknown; value?: unknown };
          return [cleanText(key), item];
        })
      : Object.entries(given);
    return entries.filter(([key]) => key !== '');
  };
}

const entriesInput = (label: string, comments: string, required = true) =>
  input({
    label,
    type: 'data',
    collection: 'keyvaluelist',
    required,
    comments,
    clean: cleanEntries(label),
  });

const objectInput = input({
  label: 'Object',
  type: 'data',
  required: true,
  comments: 'An object, usually of an earlier step.',
  clean: cleanObject('Object'),
});

/** A list at the root is allowed where a path leads into it. */
const objectOrList = input({
  label: 'Object',
  type: 'data',
  required: true,
  comments: 'An object, usually of an earlier step. It stays as it is: the result is a copy.',
  clean: (value: unknown) => {
    const given = cleanJson(value);
    return Array.isArray(given) ? given : cleanObject('Object')(given);
  },
});

const objectPath = input({
  label: 'Insert Path',
  type: 'string',
  comments: 'Where in the object, with dots: address.lines.0. Objects on the way are made when needed.',
  clean: (value: unknown) => partsOf(cleanText(value)),
});

const addKey = action({
  display: { label: 'Add Key/Value to Object', description: 'Adds a value to an object.' },
  inputs: {
    object: objectOrList,
    key: input({ label: 'Key', type: 'string', required: true, comments: 'A key.', clean: cleanText }),
    value: input({ label: 'Value', type: 'data', required: true, comments: 'Any value.' }),
    objectPath,
  },
  perform: async (_context, { object, key, value, objectPath: path }) => {
    if (key === '') throw new Error('Key is empty.');
    return { data: withEntries(object, path, [[key, value]]) };
  },
});

const addMultipleKeys = action({
  display: { label: 'Add Multiple Key/Value to Object', description: 'Adds several values to an object.' },
  inputs: {
    object: objectOrList,
    objectPath,
    dynamicFields: input({
      label: 'Dynamic Key/Values',
      type: 'data',
      comments: 'An object or a list of pairs of an earlier step, in place of Key/Values.',
      clean: cleanEntries('Dynamic Key/Values'),
    }),
    keyValueListInput: entriesInput('Key/Values', 'Keys, each with its value.', false),
  },
  perform: async (_context, { object, objectPath: path, dynamicFields, keyValueListInput }) => ({
    data: withEntries(object, path, dynamicFields.length > 0 ? dynamicFields : keyValueListInput),
  }),
});

const createObject = action({
  display: { label: 'Create Object', description: 'Makes an object of keys and values.' },
  inputs: { keyValueInput: entriesInput('Key & Value Pairs', 'Keys, each with its value.') },
  perform: async (_context, { keyValueInput }) => ({ data: Object.fromEntries(keyValueInput) }),
});

const combineCollections = action({
  display: {
    label: 'Combine Collection (Deprecated)',
    description: 'Makes an object of collections; Create Object has taken its place.',
  },
  inputs: { collections: entriesInput('Collections', 'Keys, each with a list or an object.') },
  perform: async (_context, { collections }) => ({ data: Object.fromEntries(collections) }),
});

const toObject = action({
  display: { label: 'Key Value Pair List to Object', description: 'Makes an object of a list of pairs.' },
  inputs: {
    keyValueListInput: input({
      label: 'Key/Value List',
      type: 'data',
      required: true,
      comments: 'A list of { key, value }.',
      clean: cleanEntries('Key/Value List'),
    }),
  },
  perform: async (_context, { keyValueListInput }) => ({ data: Object.fromEntries(keyValueListInput) }),
});

const fromObject = action({
  display: {
    label: 'Object to Key Value Pair List',
    description: 'Makes a list of { key, value } of an object.',
  },
  inputs: { object: objectInput },
  perform: async (_context, { object }) => ({
    data: Object.entries(object).map(([key, value]) => ({ key, value })),
  }),
});

/** Keys that only one side has are left out. */
const fieldValueMapping = action({
  display: {
    label: 'Field Value Mapping',
    description: 'Pairs the values that two collections hold under the same key.',
  },
  inputs: {
    keyMappings: entriesInput('Key Mappings', 'Under each key the key of a resulting pair.'),
    valueMappings: entriesInput('Value Mappings', 'Under each key the value of a resulting pair.'),
  },
  perform: async (_context, { keyMappings, valueMappings }) => {
    const values = new Map(valueMappings);
    const common = keyMappings.filter(([name]) => values.has(name));
    return { data: common.map(([name, key]) => ({ key, value: values.get(name) })) };
  },
});

/** By their keys. */
export const objectActions = {
  addKey,
  addMultipleKeys,
  createObject,
  combineCollections,
  toObject,
  fromObject,
  fieldValueMapping,
};
