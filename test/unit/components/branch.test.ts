import branch from '../../../src/components/builtin/branch';

type Perform = (context: unknown, params: unknown) => Promise<{ data: unknown; branch?: string }>;
const actions = branch.actions as unknown as Record<string, { perform: Perform }>;
const call = (key: string, params: unknown) => actions[key]!.perform({}, params);
const on = async (...expressions: unknown[]) => {
  const conditions = expressions.map((value, index) => ({ key: `B${index}`, value }));
  return (await call('branchOnExpression', { conditions })).branch;
};

describe('branchOnExpression', () => {
  it('takes the first condition that holds, Else without one, and gives the name as its result', async () => {
    expect(await on(['isTrue', 'no'], ['isTrue', 'YES'], ['isTrue', 'true'])).toBe('B1');
    expect(await on(['isTrue', 'false'])).toBe('Else');
    expect(await on()).toBe('Else');
    expect(await call('branchOnExpression', { conditions: '' })).toEqual({ data: 'Else', branch: 'Else' });
  });

  it.each([
    [['and'], true],
    [['or'], false],
    [['and', ['equal', '5.2', 5.2], ['equal', '', 0], ['equal', null, undefined]], true],
    [['equal', { a: 1 }, { a: '1' }], true],
    [['exactlyMatches', '5', 5], true],
    [['exactlyMatches', '"5"', 5], false],
    [['greaterThan', undefined, 1], false],
    [['in', '2', [1, 2, 3]], true],
    [['startsWith', 'Te', 'Test'], true],
    [['startsWith', 'Test', 'Te'], false],
    [['exists', '0'], false],
    [['exists', []], true],
    [['isEmpty', '[]'], true],
    [['isNotEmpty', [1]], true],
    [['or', ['isFalse', 'n'], ['isEmpty', undefined]], true],
    [['dateTimeBefore', '2026-01-01', '2026-01-02'], true],
  ])('%j is %s', async (expression, expected) => {
    expect(await on(expression)).toBe(expected ? 'B0' : 'Else');
  });

  it.each([
    [['isEmpty', undefined]],
    [['in', 'a', null]],
    [['like', 1, 2]],
    [[]],
    [['dateTimeSame', 'soon', 'now']],
  ])('fails for %j and names the branch', async (expression) => {
    await expect(on(expression)).rejects.toThrow(/^The condition of branch "B0" cannot be evaluated: \S/);
  });
});

describe('branchOnValue', () => {
  const branchValueMappings = [
    { key: 'Register', value: 'register' },
    { key: 'Five', value: '5' },
    { key: 'Later five', value: '5' },
  ];
  it.each([
    ['register', 'Register'],
    [5, 'Five'],
    [Buffer.from('register'), 'Register'],
    ['Register', 'Else'],
    [undefined, 'Else'],
  ])('%p goes to %s', async (inputValue, expected) => {
    expect(await call('branchOnValue', { inputValue, branchValueMappings })).toEqual({
      data: expected,
      branch: expected,
    });
  });

  it('goes to Else without mappings', async () => {
    expect(await call('branchOnValue', { inputValue: 'x', branchValueMappings: '' })).toMatchObject({
      branch: 'Else',
    });
  });
});

describe('selectExecutedStepResult', () => {
  it('gives the result of the first step that ran, falsy ones and null included', async () => {
    expect(await call('selectExecutedStepResult', { stepResults: [undefined, 0, 'b'] })).toEqual({ data: 0 });
    expect(await call('selectExecutedStepResult', { stepResults: [undefined, null, 'b'] })).toEqual({
      data: null,
    });
    expect(await call('selectExecutedStepResult', { stepResults: [undefined] })).toEqual({ data: undefined });
  });
});
