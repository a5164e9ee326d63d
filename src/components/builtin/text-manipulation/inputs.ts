import { input } from '@prismatic-io/spectral';
import { cleanCount, cleanText } from '../clean-input';

export const text = input({
  label: 'Text',
  type: 'data',
  required: true,
  comments: 'The text to work on.',
  clean: cleanText,
});

export const separator = input({
  label: 'Separator',
  type: 'string',
  comments: 'What stands between the parts.',
  clean: cleanText,
});

/** Texts given as a list, as a list within a list, or as the JSON of one. */
function cleanTexts(value: unknown): string[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string')
    return value.trim().startsWith('[') ? cleanTexts(JSON.parse(value)) : [value];
  if (!Array.isArray(value)) throw new Error('Strings must be a list of texts.');
  return value.flatMap((item: unknown) => (Array.isArray(item) ? cleanTexts(item) : [cleanText(item)]));
}

export const strings = input({
  label: 'Strings',
  type: 'string',
  collection: 'valuelist',
  required: true,
  comments: 'The texts to join; a list of an earlier step counts as its items.',
  clean: cleanTexts,
});

export const countInput = (label: string, comments: string, initial?: string) =>
  input({
    label,
    type: 'string',
    ...(initial === undefined ? {} : { default: initial }),
    comments,
    clean: cleanCount(label),
  });

/** A position in a text; a negative one counts from its end. */
export const positionInput = (label: string, comments: string) =>
  input({
    label,
    type: 'string',
    comments,
    clean: (value: unknown) => {
      const given = cleanText(value).trim();
      if (given === '') return undefined;
      const position = Number(given);
      if (Number.isSafeInteger(position)) return position;
      throw new Error(`${label} must be a whole number, got "${given.slice(0, 40)}".`);
    },
  });
