import { action, input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';

const TRUE = new Set(['true', 't', 'yes', 'y', '1', 'on']);
const FALSE = new Set(['false', 'f', 'no', 'n', '0', 'off', '']);

const conversion = <T>(kind: string, description: string, convert: (value: unknown) => T) =>
  action({
    display: { label: `Convert To ${kind}`, description },
    inputs: {
      value: input({
        label: `The value to be converted to a ${kind.toLowerCase()}`,
        type: 'data',
        required: true,
        comments: 'Text, a number, a truth value or the result of an earlier step.',
      }),
    },
    perform: async (_context, { value }) => ({ data: convert(value) }),
  });

export const convertToBoolean = conversion('Boolean', 'Gives a value as true or false.', (value) => {
  const text = cleanText(value).trim().toLowerCase();
  if (TRUE.has(text)) return true;
  if (FALSE.has(text)) return false;
  throw refusal(value, 'true or false');
});

export const convertToNumber = conversion('Number', 'Gives a value as a number.', (value) => toNumber(value));

/** Towards zero, as programs cut numbers. */
export const convertToInt = conversion(
  'Integer',
  'Gives a value as a whole number; fractions are cut off.',
  (value) => Math.trunc(toNumber(value)),
);

export const convertToString = conversion('String', 'Gives a value as text; objects as JSON.', cleanText);

function toNumber(value: unknown): number {
  if (typeof value === 'boolean') return Number(value);
  if (value instanceof Date) return value.getTime();
  const text = cleanText(value).trim();
  const number = text === '' ? Number.NaN : Number(text);
  if (Number.isFinite(number)) return number;
  throw refusal(value, 'a number');
}

const refusal = (value: unknown, kind: string): Error =>
  new Error(`The value cannot be converted to ${kind}: ${JSON.stringify(cleanText(value).slice(0, 40))}.`);
