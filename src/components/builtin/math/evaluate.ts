import { action, input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';

const MAX_LENGTH = 10_000;
/** Functions of the library that change it, take an expression again, or work on formulas instead of numbers. */
const OFF = new Set([
  'compile',
  'config',
  'createUnit',
  'derivative',
  'evaluate',
  'help',
  'import',
  'parse',
  'parser',
  'rationalize',
  'replacer',
  'resolve',
  'reviver',
  'simplify',
  'simplifyConstant',
  'simplifyCore',
  'typed',
]);

type Evaluate = (expression: string) => unknown;
let loaded: Promise<Evaluate> | undefined;

/** Loads the library when it is first needed: it takes 40 MB, more than all other actions together. */
async function load(): Promise<Evaluate> {
  const { all, create } = await import('mathjs/number');
  const { parse } = create(all ?? {}, {});
  if (parse === undefined) throw new Error('The library of expressions has no parser.');
  return (expression) => {
    const tree = parse(expression);
    // By name: the library's functions use each other, so none can be taken out of it.
    tree.traverse((node) => {
      const { name } = node as { name?: unknown };
      if (typeof name === 'string' && OFF.has(name))
        throw new Error(`the function ${name} is not available.`);
    });
    return tree.compile().evaluate(new Map()) as unknown;
  };
}

export const evaluate = action({
  display: {
    label: 'Evaluate Expression',
    description: 'Computes an expression of arithmetic, such as 2 * 3 + 7.',
  },
  inputs: {
    expression: input({
      label: 'Expression',
      type: 'string',
      required: true,
      comments: 'Numbers, operators, parentheses and functions such as sqrt(2).',
      example: '2 * 3 + 7',
      clean: cleanText,
    }),
  },
  perform: async (_context, { expression }) => {
    if (expression.length > MAX_LENGTH)
      throw new Error(`Expression is longer than ${MAX_LENGTH} characters.`);
    loaded ??= load();
    const compute = await loaded;
    let result: unknown;
    try {
      result = compute(expression);
    } catch (error) {
      throw new Error(`Expression cannot be computed: ${(error as Error).message}`);
    }
    if (typeof result === 'boolean' || Number.isFinite(result)) return { data: result };
    throw new Error('Expression gives no finite number.');
  },
});
