import { isDeepStrictEqual } from 'node:util';
import { action, input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { withoutRepeats } from './equal-values';
import { elementInput, listInput, listOf, numberInput } from './inputs';

const ofList = (label: string, description: string, compute: (list: unknown[]) => unknown) =>
  action({
    display: { label, description },
    inputs: { listInput },
    perform: async (_context, { listInput: list }) => ({ data: compute(list) }),
  });

const withElement = (
  label: string,
  description: string,
  compute: (list: unknown[], element: unknown) => unknown,
) =>
  action({
    display: { label, description },
    inputs: { listInput, elementInput },
    perform: async (_context, { listInput: list, elementInput: element }) => ({
      data: compute(list, element),
    }),
  });

const withNumber = (
  label: string,
  description: string,
  compute: (list: unknown[], number: number) => unknown,
) =>
  action({
    display: { label, description },
    inputs: { listInput, numberInput },
    perform: async (_context, { listInput: list, numberInput: number = 1 }) => ({
      data: compute(list, number),
    }),
  });

const append = withElement('Append', 'Adds an item to the end of a list.', (list, element) => [
  ...list,
  element,
]);

const chunks = withNumber('Chunks', 'Parts a list into lists of a number of items.', (list, number) => {
  if (number === 0) throw new Error('Number of Elements must be at least 1.');
  return Array.from({ length: Math.ceil(list.length / number) }, (_, at) =>
    list.slice(at * number, (at + 1) * number),
  );
});

const concatenate = action({
  display: { label: 'Concatenate', description: 'Joins two lists to one.' },
  inputs: { listInput, listInput2: listOf('Second List', 'The list whose items follow.') },
  perform: async (_context, { listInput: first, listInput2: second }) => ({ data: [...first, ...second] }),
});

const count = withElement(
  'Count',
  'Counts how often a value is in a list.',
  (list, element) => list.filter((item) => isDeepStrictEqual(item, element)).length,
);

const create = action({
  display: { label: 'Create List', description: 'Makes a list of values.' },
  inputs: {
    items: input({
      label: 'List Items',
      type: 'data',
      collection: 'valuelist',
      required: true,
      comments: 'The items of the list.',
      clean: (value: unknown): unknown[] =>
        Array.isArray(value) ? value : value === undefined || value === null || value === '' ? [] : [value],
    }),
  },
  perform: async (_context, { items }) => ({ data: items }),
});

const deduplicate = ofList('De-duplicate', 'Leaves out the items that equal an earlier one.', withoutRepeats);

const first = ofList('First', 'Gives the first item of a list.', (list) => list[0]);

const flatten = ofList('Flatten', 'Makes one list of a list of lists.', (list) => list.flat());

const last = ofList('Last', 'Gives the last item of a list.', (list) => list.at(-1));

const length = ofList('Length', 'Counts the items of a list.', (list) => list.length);

const remove = withElement('Remove', 'Leaves out all items that equal a value.', (list, element) =>
  list.filter((item) => !isDeepStrictEqual(item, element)),
);

const takeFirst = withNumber('Take First', 'Gives the first items of a list.', (list, number) =>
  list.slice(0, number),
);

const takeLast = withNumber('Take Last', 'Gives the last items of a list.', (list, number) =>
  list.slice(Math.max(0, list.length - number)),
);

/** Positions parted by dots, commas or brackets; a negative one counts from the end. */
function positionsOf(text: string): number[] {
  const parts = text.split(/[\s.,[\]]+/).filter((part) => part !== '');
  const positions = parts.map(Number);
  if (positions.length > 0 && positions.every(Number.isSafeInteger)) return positions;
  throw new Error(`Index must be a whole number, or several for lists in lists, got "${text.slice(0, 40)}".`);
}

const selectItemFromList = action({
  display: { label: 'Select Item From List by Index', description: 'Gives one item of a list.' },
  inputs: {
    listInput,
    index: input({
      label: 'Index',
      type: 'string',
      required: true,
      comments: 'Position of the item, from 0; for an item of a list in the list both positions: 2.0.',
      clean: (value: unknown) => positionsOf(Array.isArray(value) ? value.join('.') : cleanText(value)),
    }),
  },
  perform: async (_context, { listInput: list, index }) => ({
    data: index.reduce<unknown>((at, position, depth) => {
      if (!Array.isArray(at)) throw new Error(`There is no list at ${index.slice(0, depth).join('.')}.`);
      return at.at(position);
    }, list),
  }),
});

/** By their keys. */
export const listActions = {
  append,
  chunks,
  concatenate,
  count,
  create,
  deduplicate,
  first,
  flatten,
  last,
  length,
  remove,
  takeFirst,
  takeLast,
  selectItemFromList,
};
