import { z } from 'zod';

/** A name for people beside one for machines; SDK 5 to 7 take bare texts as well. */
const named = z.looseObject({ key: z.string(), label: z.string().optional() });
const choice = z.union([z.string(), named]);
const schedule = z.looseObject({ value: z.string() });
const fieldsOf = z.array(named);

/** What each type of data source gives. Source: the result types of the public SDK. */
const CONTENTS: Record<string, { content: z.ZodType; words: string }> = {
  picklist: { content: z.array(choice), words: 'a list of texts, or of objects with "key" and "label"' },
  string: { content: z.string(), words: 'a text' },
  code: { content: z.string(), words: 'a text' },
  date: { content: z.string(), words: 'a date as text' },
  timestamp: { content: z.string(), words: 'a time as text' },
  number: { content: z.number(), words: 'a number' },
  boolean: { content: z.boolean(), words: 'true or false' },
  schedule: { content: schedule, words: 'an object with "value"' },
  objectselection: {
    content: z.array(z.looseObject({ object: named, fields: fieldsOf.nullish() })),
    words: 'a list of objects with "object" and "fields"',
  },
  objectfieldmap: {
    content: z.looseObject({
      fields: z.array(z.looseObject({ field: named })),
      options: z.array(z.looseObject({ object: named, fields: fieldsOf })).nullish(),
    }),
    words: 'an object with "fields", each with its "field"',
  },
  jsonform: {
    content: z.looseObject({ schema: z.looseObject({}), uiSchema: z.looseObject({}) }),
    words: 'an object with "schema" and "uiSchema"',
  },
};

/** Above that no page can show it. */
const LARGEST_BYTES = 8 * 1024 * 1024;

/**
 * The JSON text of what a data source gave, checked by its type. Throws an error that says what it should have
 * given; types that are not known are handed on as they are.
 */
export function contentOf(returned: unknown, dataSourceType: string | undefined): string {
  const { result } = (typeof returned === 'object' && returned !== null ? returned : {}) as {
    result?: unknown;
  };
  // As whoever reads it will see it: dates as text, without what is undefined.
  const text = JSON.stringify(result ?? null);
  if (text.length > LARGEST_BYTES) throw new Error('it gave more than 8 MB');
  const expected = CONTENTS[dataSourceType?.toLowerCase() ?? ''];
  if (expected === undefined) return text;
  const parsed = expected.content.safeParse(JSON.parse(text));
  if (parsed.success) return text;
  const [issue] = parsed.error.issues;
  const place = issue?.path.join('.') ?? '';
  throw new Error(
    `as a data source of type ${dataSourceType ?? ''} it must give ${expected.words} in "result"${place === '' ? '' : ` (see ${place})`}`,
  );
}
