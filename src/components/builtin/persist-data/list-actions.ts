import { isDeepStrictEqual } from 'node:util';
import { action, input } from '@prismatic-io/spectral';
import { cleanList, flattenValues, keyInput, valueInput } from './inputs';
import { changes, type Level, storedList, storedValue } from './levels';

export const appendValueToList = (level: Level) =>
  action({
    display: {
      label: `${level.label} - Append Value To List`,
      description: 'Puts a value at the end of the list stored under a key; the list is made when needed.',
    },
    inputs: { keyInput, valueInput },
    perform: async (context, { keyInput: key, valueInput: value }) => {
      const list = [...storedList(context, level, key), value];
      return { data: list, ...changes(level, [[key, list]]) };
    },
  });

export const appendValuesToList = (level: Level) =>
  action({
    display: {
      label: `${level.label} - Append Multiple Values To a List`,
      description: 'Puts several values at the end of the list stored under a key.',
    },
    inputs: {
      keyInput,
      dynamicValues: input({
        label: 'Dynamic Values',
        type: 'data',
        comments: 'The values as a list or as JSON text. When there are any, Values is not used.',
        clean: cleanList,
      }),
      valuesInput: input({
        label: 'Values',
        type: 'data',
        collection: 'valuelist',
        comments: 'The values, one by one.',
        clean: cleanList,
      }),
      flattenValues,
    },
    perform: async (context, { keyInput: key, dynamicValues, valuesInput, flattenValues: isFlat }) => {
      const given = dynamicValues.length > 0 ? dynamicValues : valuesInput;
      const list = [...storedList(context, level, key), ...(isFlat ? given.flat() : given)];
      return { data: list, ...changes(level, [[key, list]]) };
    },
  });

export const removeValueFromList = (level: Level) =>
  removing(level, 'List', 'Removes all members of the stored list that equal a value.');

export const addValueToSet = (level: Level) =>
  action({
    display: {
      label: `${level.label} - Add Value To Set`,
      description:
        'Adds a value to the set stored under a key unless it is there; the set is made when needed.',
    },
    inputs: { keyInput, valueInput },
    perform: async (context, { keyInput: key, valueInput: value }) => {
      const set = storedList(context, level, key);
      if (set.some((member) => isDeepStrictEqual(member, value))) return { data: set };
      const grown = [...set, value];
      return { data: grown, ...changes(level, [[key, grown]]) };
    },
  });

export const removeValueFromSet = (level: Level) =>
  removing(level, 'Set', 'Removes a value from the set stored under a key.');

const removing = (level: Level, kind: 'List' | 'Set', description: string) =>
  action({
    display: { label: `${level.label} - Remove Value From ${kind}`, description },
    inputs: { keyInput, valueInput },
    perform: async (context, { keyInput: key, valueInput: value }) => {
      if (storedValue(context, level, key) === undefined) return { data: [] };
      const left = storedList(context, level, key).filter((member) => !isDeepStrictEqual(member, value));
      return { data: left, ...changes(level, [[key, left]]) };
    },
  });
