import persistData from '../../../../src/components/builtin/persist-data';
import { callAction } from './call-component';

const call = callAction(persistData);
const LEVELS = [
  ['Execution', 'executionState'],
  ['Instance', 'instanceState'],
  ['CrossFlow', 'crossFlowState'],
  ['Integration', 'integrationState'],
] as const;

it('has every action at every level', () => {
  expect(Object.keys(persistData.actions)).toHaveLength(4 * 13 + 1);
});

describe.each(LEVELS)('%s', (level, state) => {
  const on = (values: Record<string, unknown>) => ({ [state]: values });

  it('saves a value and returns that key alone', async () => {
    const context = on({ other: 1 });
    expect(await call(`save${level}Value`, { keyInput: 'k', valueInput: { a: 1 } }, context)).toEqual({
      data: { a: 1 },
      [state]: { k: { a: 1 } },
    });
  });

  it('saves several values at once, and then not the single one', async () => {
    const dynamicValues = [
      { key: 'a', value: 1 },
      { key: '', value: '' },
      { key: 'b', value: Buffer.from('x') },
    ];
    expect(await call(`save${level}Value`, { keyInput: '', valueInput: '', dynamicValues }, on({}))).toEqual({
      data: { a: 1, b: Buffer.from('x') },
      [state]: { a: 1, b: Buffer.from('x') },
    });
  });

  it('gets a value, falsy ones too, or the default', async () => {
    const get = (keyInput: string) =>
      call(`get${level}Value`, { keyInput, defaultValueInput: 'd' }, on({ zero: 0, empty: '', no: null }));
    expect([await get('zero'), await get('empty'), await get('no'), await get('none')]).toEqual([
      { data: 0 },
      { data: '' },
      { data: null },
      { data: 'd' },
    ]);
    expect(await get('toString')).toEqual({ data: 'd' });
  });

  it('removes one value, several or all, and leaves what is not the author’s', async () => {
    expect(await call(`remove${level}Value`, { keyInput: 'k' }, on({ k: 1 }))).toEqual({
      data: null,
      [state]: { k: undefined },
    });
    const several = await call(`remove${level}Value`, { keyInput: 'k', multipleKeys: ['a', 'b'] }, on({}));
    expect(Object.keys(several[state] as object)).toEqual(['a', 'b']);
    const all = await call(`remove${level}State`, {}, on({ a: 1, __prismaticInternal: { polling: 1 } }));
    expect(all).toEqual({ data: null, [state]: { a: undefined } });
    expect(Object.keys(all[state] as object)).toEqual(['a']);
  });

  it('lists keys', async () => {
    expect(await call(`list${level}Keys`, {}, on({ a: 1, b: 2, __recursiveFlow: {} }))).toEqual({
      data: ['a', 'b'],
    });
  });

  it('appends to lists, making them when needed', async () => {
    const append = (values: object, valueInput: unknown) =>
      call(`append${level}ValueToList`, { keyInput: 'l', valueInput }, on(values as Record<string, unknown>));
    expect(await append({}, 1)).toEqual({ data: [1], [state]: { l: [1] } });
    expect(await append({ l: [1] }, [2])).toEqual({ data: [1, [2]], [state]: { l: [1, [2]] } });
    await expect(append({ l: { a: 1 } }, 2)).rejects.toThrow(
      'The value stored under "l" is no list but an object.',
    );
  });

  it('appends several values, flat when asked', async () => {
    const append = (params: object) =>
      call(`append${level}ValuesToList`, { keyInput: 'l', ...params }, on({ l: [0] }));
    expect(await append({ valuesInput: ['a', ['b']], flattenValues: 'false' })).toMatchObject({
      data: [0, 'a', ['b']],
    });
    expect(
      await append({ dynamicValues: '[1,[2,3]]', valuesInput: ['x'], flattenValues: 'true' }),
    ).toMatchObject({
      data: [0, 1, 2, 3],
    });
  });

  it('counts up and down', async () => {
    const change = (key: string, amountInput: unknown, n: unknown) =>
      call(`${key}${level}Value`, { keyInput: 'n', amountInput }, on(n === undefined ? {} : { n }));
    expect(await change('increment', '50', undefined)).toEqual({ data: 50, [state]: { n: 50 } });
    expect(await change('increment', '', 1)).toMatchObject({ data: 2 });
    expect(await change('decrement', 3, '10')).toMatchObject({ data: 7 });
    await expect(change('increment', '1', 'many')).rejects.toThrow(
      /under "n" is no number but the string "many"/,
    );
    await expect(change('increment', 'lots', 1)).rejects.toThrow(/Amount must be a number, got "lots"/);
  });

  it('keeps each member of a set once', async () => {
    const add = (valueInput: unknown) =>
      call(`add${level}ValueToSet`, { keyInput: 's', valueInput }, on({ s: ['a', { b: 1 }] }));
    expect(await add({ b: 1 })).toEqual({ data: ['a', { b: 1 }] });
    expect(await add('c')).toMatchObject({ [state]: { s: ['a', { b: 1 }, 'c'] } });
  });

  it.each(['List', 'Set'])('removes equal members from a %s', async (kind) => {
    const params = { keyInput: 's', valueInput: { b: 1 } };
    expect(await call(`remove${level}ValueFrom${kind}`, params, on({ s: ['a', { b: 1 }] }))).toEqual({
      data: ['a'],
      [state]: { s: ['a'] },
    });
    expect(await call(`remove${level}ValueFrom${kind}`, params, on({}))).toEqual({ data: [] });
  });

  it('saves the present time', async () => {
    const result = await call(`save${level}CurrentTime`, { keyInput: 't' }, on({}));
    expect(Math.abs(Date.parse(String(result['data'])) - Date.now())).toBeLessThan(5_000);
    expect(result[state]).toEqual({ t: result['data'] });
  });

  it('refuses keys that are empty or not the author’s', async () => {
    for (const keyInput of ['', undefined])
      await expect(call(`save${level}Value`, { keyInput, valueInput: 1 }, on({}))).rejects.toThrow(
        /Key is empty/,
      );
    for (const keyInput of ['__proto__', '__prismaticInternal'])
      await expect(call(`get${level}Value`, { keyInput }, on({}))).rejects.toThrow(/reserved/);
  });
});

it('tells how much is stored', async () => {
  const context = {
    instanceState: { a: Buffer.alloc(1024 * 1024) },
    crossFlowState: {},
    integrationState: {},
  };
  const { data } = (await call('getUsage', {}, context)) as { data: Record<string, number> };
  expect(data).toMatchObject({ instanceState: { keys: 1 }, crossFlowState: { keys: 0, bytes: 0 } });
  expect(data['totalBytes']).toBeGreaterThan(1024 * 1024);
  expect(data['percentUsed']).toBeCloseTo(1.56, 1);
});
