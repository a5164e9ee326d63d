import math from '../../../../src/components/builtin/math';
import { callAction } from './call-component';

const call = callAction(math);

it.each([
  ['abs', { number: '-2.5' }, 2.5],
  ['add', { numbers: ['1', 2, ' 3.5 '] }, 6.5],
  ['add', { numbers: [2, '1'] }, 3],
  ['subtract', { numbers: ['10', '3', '2'] }, 5],
  ['multiply', { numbers: ['2', '3', '4'] }, 24],
  ['divide', { numbers: ['24', '3', '2'] }, 4],
  ['hypot', { numbers: ['3', '4'] }, 5],
  ['max', { numbers: ['1', '7', '3'] }, 7],
  ['max', { numbers: ['9'], dynamicNumbers: '[1, 2]' }, 2],
  ['min', { numbers: [], dynamicNumbers: [4, '2'] }, 2],
  ['ceil', { number: '1.2' }, 2],
  ['floor', { number: '-1.2' }, -2],
  ['round', { number: '2.5' }, 3],
  ['trunc', { number: '-2.7' }, -2],
  ['fround', { number: '5.5' }, 5.5],
  ['sqrt', { number: '9' }, 3],
  ['cbrt', { number: '27' }, 3],
  ['pow', { base: '2', exponent: '10' }, 1024],
  ['exp', { exponent: '0' }, 1],
  ['log', { number: '1000', exponentBase: '10' }, 3],
  ['log', { number: '8', exponentBase: '2' }, 3],
  ['naturalLog', { number: '1' }, 0],
  ['sin', { number: '0' }, 0],
  ['cos', { number: '0' }, 1],
  ['evaluate', { expression: '2 * 3 + 7' }, 13],
  ['evaluate', { expression: 'sqrt(16) ^ 2 > 3' }, true],
])('%s of %j is %j', async (key, params, expected) => {
  expect(await call(key, params)).toEqual({ data: expected });
});

it.each(['acos', 'asin', 'atan', 'acosh', 'asinh', 'atanh', 'cosh', 'sinh', 'tan', 'tanh'] as const)(
  '%s is the function of that name',
  async (key) => {
    const number = key === 'acosh' ? 1.5 : 0.5;
    expect(await call(key, { number: String(number) })).toEqual({ data: Math[key](number) });
  },
);

it('gives random numbers within their range', async () => {
  for (let at = 0; at < 50; at += 1) {
    const { data } = await call('randomInt', { min: '1', max: '3' });
    expect([1, 2, 3]).toContain(data);
    const { data: number } = await call('random', { min: '-1', max: '1' });
    expect(Math.abs(number as number)).toBeLessThanOrEqual(1);
  }
  await expect(call('random', { min: '2', max: '1' })).rejects.toThrow('Min (2) is larger than Max (1).');
});

it.each([
  ['add', { numbers: ['1', 'x'] }, 'Number 2 must be a number, got "x".'],
  ['add', { numbers: [] }, 'Numbers is empty.'],
  ['abs', { number: '' }, 'Number must be a number, got "".'],
  ['divide', { numbers: ['1', '0'] }, 'Divide Numbers has no result for these numbers.'],
  ['sqrt', { number: '-1' }, 'Square Root has no result for these numbers.'],
  ['evaluate', { expression: '2 *' }, /^Expression cannot be computed: /],
  ['evaluate', { expression: '"text"' }, 'Expression gives no finite number.'],
  ['evaluate', { expression: '1 / 0' }, 'Expression gives no finite number.'],
])('%s of %j says what is wrong', async (key, params, message) => {
  await expect(call(key, params)).rejects.toThrow(message);
});

it.each([
  'import({a: 1})',
  'evaluate("1")',
  'parse("1")',
  'createUnit("a")',
  'config({ relTol: 1 }); 1',
  'f = evaluate; f("1")',
  'cos.constructor("return process")()',
  '"".constructor.constructor("return process")()',
])('computes nothing but arithmetic: %s', async (expression) => {
  await expect(call('evaluate', { expression })).rejects.toThrow(/^Expression /);
});

it('keeps nothing of one expression for the next', async () => {
  await call('evaluate', { expression: 'x = 5; x' }).catch(() => undefined);
  await expect(call('evaluate', { expression: 'x' })).rejects.toThrow(/Undefined symbol x/);
});
