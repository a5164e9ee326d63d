import { OPERATORS } from './operators';

const BRANCHES = ['if', 'then', 'else'] as const;

/** JSON Schema's way of asking first: a condition, what holds where it does, and what holds elsewhere. */
export const conditional = (...parts: [object, object, object?]): Record<string, unknown> =>
  Object.fromEntries(parts.map((part, index) => [BRANCHES[index], part]));

const of = (types: readonly string[]) => ({ required: ['type'], properties: { type: { enum: types } } });
const valueIs = (value: object) => ({ properties: { value } });

/** What the value of an input may be by its type, in JSON Schema. */
export const INPUT_RULES = [
  conditional(
    of(['reference', 'configVar', 'template']),
    valueIs({ type: ['string', 'number', 'boolean', 'null'] }),
  ),
  // Editors write empty text for a list that is still to be filled in.
  conditional(
    of(['complex']),
    valueIs({ anyOf: [{ $ref: '#/definitions/list' }, { enum: [''] }, { type: 'null' }] }),
  ),
];

const TERM = conditional({ type: 'array' }, { $ref: '#/definitions/list' }, { $ref: '#/definitions/input' });

/** The list of a complex input: inputs, or a condition, which begins with an operator. */
export const LIST_SCHEMA = {
  type: 'array',
  ...conditional(
    { minItems: 1, items: [{ type: 'string' }] },
    { items: [{ enum: [...OPERATORS.keys()] }], additionalItems: TERM },
    { items: TERM },
  ),
};
