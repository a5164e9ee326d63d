import { randomInt as secureInt } from 'node:crypto';
import { action, component, type Inputs } from '@prismatic-io/spectral';
import { evaluate } from './evaluate';
import { dynamicNumbers, numberInput, numbers, optionalNumbers } from './inputs';

/** A result that is no finite number is no use to a later step: it says what is wrong instead. */
function finite(value: number, label: string): { data: number } {
  if (Number.isFinite(value)) return { data: value };
  throw new Error(`${label} has no result for these numbers.`);
}

const ofOne = (label: string, description: string, compute: (number: number) => number, name = 'number') =>
  action({
    display: { label, description },
    inputs: { [name]: numberInput(name === 'number' ? 'Number' : 'Exponent') } as Inputs,
    perform: async (_context, params) =>
      finite(compute((params as Record<string, number>)[name] as number), label),
  });

const ofMany = (label: string, description: string, compute: (all: number[]) => number) =>
  action({
    display: { label, description },
    inputs: { numbers },
    perform: async (_context, { numbers: all }) => {
      if (all.length === 0) throw new Error('Numbers is empty.');
      return finite(compute(all), label);
    },
  });

const ofExtreme = (label: string, description: string, compute: (all: number[]) => number) =>
  action({
    display: { label, description },
    inputs: { numbers: optionalNumbers, dynamicNumbers },
    perform: async (_context, { numbers: given, dynamicNumbers: dynamic }) => {
      const all = dynamic.length > 0 ? dynamic : given;
      if (all.length === 0) throw new Error('Numbers is empty.');
      return finite(compute(all), label);
    },
  });

const log = action({
  display: { label: 'Logarithm', description: 'The logarithm of a number to a base.' },
  inputs: { number: numberInput('Number'), exponentBase: numberInput('Exponent Base', '10') },
  perform: async (_context, { number, exponentBase }) =>
    finite(exponentBase === 10 ? Math.log10(number) : Math.log(number) / Math.log(exponentBase), 'Logarithm'),
});

const pow = action({
  display: { label: 'Power', description: 'A base to the power of an exponent.' },
  inputs: { base: numberInput('Base'), exponent: numberInput('Exponent') },
  perform: async (_context, { base, exponent }) => finite(base ** exponent, 'Power'),
});

const range = { min: numberInput('Min'), max: numberInput('Max') };
function checkRange(min: number, max: number): void {
  if (min > max) throw new Error(`Min (${min}) is larger than Max (${max}).`);
}

const random = action({
  display: { label: 'Random Number', description: 'A random number from Min to below Max.' },
  inputs: range,
  perform: async (_context, { min, max }) => {
    checkRange(min, max);
    return finite(min + Math.random() * (max - min), 'Random Number');
  },
});

const MAX_RANGE = 2 ** 48 - 1;

const randomInt = action({
  display: { label: 'Random Integer', description: 'A random whole number from Min to Max, both included.' },
  inputs: range,
  perform: async (_context, { min, max }) => {
    checkRange(min, max);
    const [low, high] = [Math.ceil(min), Math.floor(max)];
    if (low > high || high - low >= MAX_RANGE)
      throw new Error('Between Min and Max there must be at least one whole number, and fewer than 2^48.');
    return { data: secureInt(low, high + 1) };
  },
});

const reduce = (fold: (before: number, next: number) => number) => (all: number[]) => all.reduce(fold);

export default component({
  key: 'math',
  display: { label: 'Math', description: 'Computes with numbers.', category: 'Helpers', iconPath: '' },
  actions: {
    abs: ofOne('Absolute Value', 'A number without its sign.', Math.abs),
    add: ofMany(
      'Add Numbers',
      'The sum of the numbers.',
      reduce((before, next) => before + next),
    ),
    acos: ofOne('Arccosine', 'The arccosine of a number, in radians.', Math.acos),
    asin: ofOne('Arcsine', 'The arcsine of a number, in radians.', Math.asin),
    atan: ofOne('Arctangent', 'The arctangent of a number, in radians.', Math.atan),
    ceil: ofOne('Ceiling', 'The smallest whole number that is not below a number.', Math.ceil),
    cos: ofOne('Cosine', 'The cosine of an angle in radians.', Math.cos),
    cbrt: ofOne('Cube Root', 'The cube root of a number.', Math.cbrt),
    divide: ofMany(
      'Divide Numbers',
      'The first number divided by each further one.',
      reduce((a, b) => a / b),
    ),
    evaluate,
    exp: ofOne('e^x', 'Euler’s number to the power of an exponent.', Math.exp, 'exponent'),
    fround: ofOne('Float-round', 'The nearest number of single precision.', Math.fround),
    floor: ofOne('Floor', 'The largest whole number that is not above a number.', Math.floor),
    acosh: ofOne('Hyperbolic Arccosine', 'The hyperbolic arccosine of a number.', Math.acosh),
    asinh: ofOne('Hyperbolic Arcsine', 'The hyperbolic arcsine of a number.', Math.asinh),
    atanh: ofOne('Hyperbolic Arctangent', 'The hyperbolic arctangent of a number.', Math.atanh),
    cosh: ofOne('Hyperbolic Cosine', 'The hyperbolic cosine of a number.', Math.cosh),
    sinh: ofOne('Hyperbolic Sine', 'The hyperbolic sine of a number.', Math.sinh),
    tanh: ofOne('Hyperbolic Tangent', 'The hyperbolic tangent of a number.', Math.tanh),
    hypot: ofMany('Hypotenuse', 'The square root of the sum of the numbers’ squares.', (all) =>
      Math.hypot(...all),
    ),
    log,
    max: ofExtreme(
      'Maximum',
      'The largest of the numbers.',
      reduce((a, b) => Math.max(a, b)),
    ),
    min: ofExtreme(
      'Minimum',
      'The smallest of the numbers.',
      reduce((a, b) => Math.min(a, b)),
    ),
    multiply: ofMany(
      'Multiply Numbers',
      'The product of the numbers.',
      reduce((a, b) => a * b),
    ),
    naturalLog: ofOne('Natural Log', 'The natural logarithm of a number.', Math.log),
    pow,
    randomInt,
    random,
    round: ofOne('Round', 'The nearest whole number.', Math.round),
    sin: ofOne('Sine', 'The sine of an angle in radians.', Math.sin),
    sqrt: ofOne('Square Root', 'The square root of a number.', Math.sqrt),
    subtract: ofMany(
      'Subtract Numbers',
      'The first number less each further one.',
      reduce((a, b) => a - b),
    ),
    tan: ofOne('Tangent', 'The tangent of an angle in radians.', Math.tan),
    trunc: ofOne('Truncate Number', 'A number without its fraction.', Math.trunc),
  },
});
