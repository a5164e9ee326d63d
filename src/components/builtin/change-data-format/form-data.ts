import { action, input, type KeyValuePair } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';

/** Fields that one form may have. */
const MAX_FIELDS = 100_000;

export const deserializeFormData = action({
  display: {
    label: 'Deserialize URL-encoded Form Data',
    description:
      'Reads the fields of a form (x-www-form-urlencoded) as an object; repeated ones become lists.',
  },
  inputs: {
    data: input({
      label: 'Data',
      type: 'data',
      required: true,
      comments: 'Text as forms send it, such as a=1&b=2.',
      clean: cleanText,
    }),
  },
  perform: async (_context, { data }) => ({ data: fieldsOf(data.trim().replace(/^\?/, '')) }),
});

export const serializeFormData = action({
  display: {
    label: 'Serialize URL-encoded Form Data',
    description: 'Writes the keys of an object as the fields of a form (x-www-form-urlencoded).',
  },
  inputs: {
    data: input({
      label: 'Data',
      type: 'data',
      required: true,
      comments: 'An object or a list of keys and values; lists become repeated fields.',
    }),
  },
  perform: async (_context, { data }) => {
    const form = new URLSearchParams();
    for (const [name, value] of entriesOf(data)) {
      for (const item of Array.isArray(value) ? (value as unknown[]) : [value])
        form.append(name, cleanText(item));
    }
    return { data: form.toString(), contentType: 'application/x-www-form-urlencoded' };
  },
});

function fieldsOf(text: string): Record<string, string | string[]> {
  const fields = new Map<string, string | string[]>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    count += 1;
    if (count > MAX_FIELDS) throw new Error(`Data has more than ${MAX_FIELDS} fields.`);
    const before = fields.get(name);
    if (Array.isArray(before)) before.push(value);
    else fields.set(name, before === undefined ? value : [before, value]);
  }
  return Object.fromEntries(fields);
}

function entriesOf(data: unknown): [string, unknown][] {
  const given = typeof data === 'string' && data.trim() !== '' ? parseObject(data) : data;
  if (given === undefined || given === null || given === '') return [];
  if (Array.isArray(given) && given.every(isPair))
    return given.map(({ key, value }) => [cleanText(key), value]);
  if (typeof given === 'object' && !Array.isArray(given) && !(given instanceof Uint8Array))
    return Object.entries(given);
  throw new Error('Data must be an object, or a list of keys and values.');
}

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Error('Data must be an object, or a list of keys and values; it is text that is no JSON.');
  }
}

const isPair = (item: unknown): item is KeyValuePair<unknown> =>
  typeof item === 'object' && item !== null && Object.hasOwn(item, 'key');
