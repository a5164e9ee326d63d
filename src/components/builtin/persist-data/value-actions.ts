import { action, input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { cleanList, cleanValuePairs, defaultValueInput, keyInput, optionalKey, valueInput } from './inputs';
import { changes, checkKey, type Level, storedKeys, storedValue } from './levels';

export const saveValue = (level: Level) =>
  action({
    display: {
      label: `${level.label} - Save Value`,
      description: `Stores a value under a key, ${level.reach}.`,
    },
    inputs: {
      keyInput: optionalKey,
      valueInput: { ...valueInput, required: false },
      dynamicValues: input({
        label: 'Key/Values',
        type: 'data',
        collection: 'keyvaluelist',
        comments: 'Several values at once. When there are any, Key and Value are not used.',
        clean: cleanValuePairs,
      }),
    },
    perform: async (_context, { keyInput: key, valueInput: value, dynamicValues }) => {
      const pairs: [string, unknown][] = dynamicValues.length > 0 ? dynamicValues : [[key, value]];
      const values = pairs.map(([name, item]) => [checkKey(name), item ?? null] as const);
      return {
        data: dynamicValues.length > 0 ? Object.fromEntries(values) : value,
        ...changes(level, values),
      };
    },
  });

export const getValue = (level: Level) =>
  action({
    display: {
      label: `${level.label} - Get Value`,
      description: 'Gives the value stored under a key, or a default.',
    },
    inputs: { keyInput, defaultValueInput },
    perform: async (context, { keyInput: key, defaultValueInput: initial }) => {
      const value = storedValue(context, level, key);
      return { data: value === undefined ? initial : value };
    },
  });

export const removeValue = (level: Level) =>
  action({
    display: {
      label: `${level.label} - Remove Value`,
      description: 'Removes the value stored under a key, or several.',
    },
    inputs: {
      keyInput: optionalKey,
      multipleKeys: input({
        label: 'Multiple Keys',
        type: 'data',
        collection: 'valuelist',
        comments: 'Several keys at once. When there are any, Key is not used.',
        clean: (value: unknown) => cleanList(value).map(cleanText).filter(Boolean),
      }),
    },
    perform: async (_context, { keyInput: key, multipleKeys }) => {
      const keys = (multipleKeys.length > 0 ? multipleKeys : [key]).map(checkKey);
      return {
        data: null,
        ...changes(
          level,
          keys.map((name) => [name, undefined] as const),
        ),
      };
    },
  });

export const listKeys = (level: Level) =>
  action({
    display: { label: `${level.label} - List Keys`, description: 'Gives the keys of all stored values.' },
    inputs: {},
    perform: async (context) => ({ data: storedKeys(context, level) }),
  });

export const clearState = (level: Level) =>
  action({
    display: {
      label: `${level.label} - Clear All State`,
      description: `Removes everything that was stored ${level.reach}.`,
    },
    inputs: {},
    perform: async (context) => {
      const keys = storedKeys(context, level);
      return {
        data: null,
        ...changes(
          level,
          keys.map((key) => [key, undefined] as const),
        ),
      };
    },
  });
