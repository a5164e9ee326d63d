import { action, input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';
import { cleanNumber } from '../math/inputs';
import { authorFunction, forEachItem, functionInput, guarded } from './author-function';
import { listInput } from './inputs';

const FILTER = 'Filter Function';
const TRANSFORM = 'Transform (map) Function';
const SORT = 'Sort Comparison Function';
const KEEP_ALL = '(item, index) => { return true; }';
const AS_IT_IS = '(item, index) => { return item; }';

const filterOf = (required: boolean) =>
  functionInput(FILTER, KEEP_ALL, 'Items stay for which this JavaScript function gives true.', required);

async function filtered(list: unknown[], text: string, context?: unknown): Promise<unknown[]> {
  if (text === KEEP_ALL) return list;
  const kept: unknown[] = [];
  await forEachItem(FILTER, text, list, context, (isKept, item) => {
    if (isKept) kept.push(item);
  });
  return kept;
}

const filter = action({
  display: { label: 'Filter', description: 'Gives the items of a list for which a function holds.' },
  inputs: { listInput, filterCodeInput: filterOf(true) },
  perform: async (_context, { listInput: list, filterCodeInput }) => ({
    data: await filtered(list, filterCodeInput),
  }),
});

/** The items that the filter leaves are transformed; both functions see positions in the list they are given. */
const map = action({
  display: { label: 'Map', description: 'Makes a new item of each item of a list.' },
  inputs: {
    listInput,
    transformCodeInput: functionInput(TRANSFORM, AS_IT_IS, 'A JavaScript function that gives the new item.'),
    filterCodeInput: filterOf(false),
    contextInput: input({
      label: 'Context Data',
      type: 'data',
      comments: 'Any further value; both functions get it as their third parameter.',
    }),
  },
  perform: async (_context, { listInput: list, transformCodeInput, filterCodeInput, contextInput }) => {
    const data: unknown[] = [];
    const items = await filtered(list, filterCodeInput, contextInput);
    await forEachItem(TRANSFORM, transformCodeInput, items, contextInput, (item) => data.push(item));
    return { data };
  },
});

const sort = action({
  display: { label: 'Sort', description: 'Puts the items of a list in order.' },
  inputs: {
    listInput,
    sortCodeInput: functionInput(
      SORT,
      '(a, b) => { return a < b ? -1 : a > b ? 1 : 0; }',
      'A JavaScript function of two items that gives a negative number where the first comes first.',
    ),
  },
  perform: async (_context, { listInput: list, sortCodeInput }) => {
    const compare = authorFunction(SORT, sortCodeInput);
    const toNumber = (order: unknown): number => {
      if (typeof order === 'object') throw new Error('it must give a number at once');
      return Number(order);
    };
    const sorted = () => [...list].sort((a, b) => toNumber(compare(a, b)));
    return { data: guarded(SORT, 'failed', sorted) };
  },
});

type Aggregate = (numbers: number[]) => number | null;
const sum = (numbers: number[]): number => numbers.reduce((before, next) => before + next, 0);
const unlessEmpty =
  (compute: (numbers: number[]) => number): Aggregate =>
  (numbers) =>
    numbers.length === 0 ? null : compute(numbers);

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] as number;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] as number;
  return (lower + upper) / 2;
}

const AGGREGATES: Record<string, Aggregate> = {
  AVERAGE: unlessEmpty((numbers) => sum(numbers) / numbers.length),
  COUNT: (numbers) => numbers.length,
  MAX: unlessEmpty((numbers) => numbers.reduce((a, b) => Math.max(a, b))),
  MIN: unlessEmpty((numbers) => numbers.reduce((a, b) => Math.min(a, b))),
  SUM: sum,
  PRODUCT: (numbers) => numbers.reduce((before, next) => before * next, 1),
  MEDIAN: unlessEmpty(median),
};
const NAMES = Object.keys(AGGREGATES);

const aggregate = action({
  display: { label: 'Aggregate', description: 'Computes one number of a list of numbers.' },
  inputs: {
    listInput,
    aggregateFunctionInput: input({
      label: 'Aggregate Function',
      type: 'string',
      required: true,
      model: NAMES.map((value) => ({ label: value, value })),
      comments: `One of ${NAMES.join(', ')}.`,
      clean: (value: unknown) => cleanText(value).trim().toUpperCase(),
    }),
    filterCodeInput: filterOf(false),
  },
  perform: async (_context, { listInput: list, aggregateFunctionInput, filterCodeInput }) => {
    const compute = Object.hasOwn(AGGREGATES, aggregateFunctionInput)
      ? AGGREGATES[aggregateFunctionInput]
      : undefined;
    if (compute === undefined) throw new Error(`Aggregate Function must be one of ${NAMES.join(', ')}.`);
    const items = await filtered(list, filterCodeInput);
    // Counting needs no numbers.
    if (aggregateFunctionInput === 'COUNT') return { data: items.length };
    return { data: compute(items.map((item, at) => cleanNumber(`Item ${at}`)(item))) };
  },
});

/** By their keys. */
export const functionActions = { filter, map, sort, aggregate };
