/** What an operator of a conditional expression takes: any number of expressions, or so many terms. */
export type Operands = 'expressions' | 1 | 2;

const CONNECTIVES = ['and', 'or'];
const UNARY = ['isTrue', 'isFalse', 'exists', 'doesNotExist', 'isEmpty', 'isNotEmpty'];
const BINARY = [
  'equal',
  'notEqual',
  'exactlyMatches',
  'doesNotExactlyMatch',
  'greaterThan',
  'greaterThanOrEqual',
  'lessThan',
  'lessThanOrEqual',
  'in',
  'notIn',
  'startsWith',
  'doesNotStartWith',
  'endsWith',
  'doesNotEndWith',
  'dateTimeBefore',
  'dateTimeAfter',
  'dateTimeSame',
];

/** The operators that the language knows; evaluating them is the component's work. */
export const OPERATORS: ReadonlyMap<string, Operands> = new Map<string, Operands>([
  ...CONNECTIVES.map((name): [string, Operands] => [name, 'expressions']),
  ...UNARY.map((name): [string, Operands] => [name, 1]),
  ...BINARY.map((name): [string, Operands] => [name, 2]),
]);
