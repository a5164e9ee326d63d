import { action } from '@prismatic-io/spectral';
import { amountInput, keyInput } from './inputs';
import { changes, describe, type Level, type StateContext, storedValue } from './levels';

export const incrementValue = (level: Level) => counting(level, 'Increment', 1);

export const decrementValue = (level: Level) => counting(level, 'Decrement', -1);

export const saveCurrentTime = (level: Level) =>
  action({
    display: {
      label: `${level.label} - Save Current Time`,
      description: 'Stores the present time (UTC, ISO 8601) under a key.',
    },
    inputs: { keyInput },
    perform: async (_context, { keyInput: key }) => {
      const time = new Date().toISOString();
      return { data: time, ...changes(level, [[key, time]]) };
    },
  });

const counting = (level: Level, word: string, sign: 1 | -1) =>
  action({
    display: {
      label: `${level.label} - ${word} Value`,
      description: `${word}s the number stored under a key; a new one begins at 0.`,
    },
    inputs: { keyInput, amountInput },
    perform: async (context, { keyInput: key, amountInput: amount }) => {
      const sum = storedNumber(context, level, key) + sign * amount;
      return { data: sum, ...changes(level, [[key, sum]]) };
    },
  });

function storedNumber(context: StateContext, level: Level, key: string): number {
  const value = storedValue(context, level, key) ?? 0;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && !Number.isNaN(number)) return number;
  throw new Error(`The value stored under "${key}" is no number but ${describe(value)}.`);
}
