import collectionTools from '../../../../src/components/builtin/collection-tools';
import { callAction } from './call-component';

const call = callAction(collectionTools);
const data = async (key: string, params: Record<string, unknown>) => (await call(key, params))['data'];

it.each([
  ['append', { listInput: [1], elementInput: [2] }, [1, [2]]],
  ['chunks', { listInput: [1, 2, 3, 4, 5], numberInput: '2' }, [[1, 2], [3, 4], [5]]],
  ['chunks', { listInput: [], numberInput: '50' }, []],
  ['concatenate', { listInput: [1], listInput2: '[2]' }, [1, 2]],
  ['count', { listInput: [{ a: 1, b: 2 }, { b: 2, a: 1 }, 1, '1'], elementInput: { a: 1, b: 2 } }, 2],
  ['create', { items: ['a', 1, { b: 2 }] }, ['a', 1, { b: 2 }]],
  ['create', { items: '' }, []],
  [
    'deduplicate',
    { listInput: [1, '1', 1, { a: [1] }, { a: [1] }, { a: [2] }, null] },
    [1, '1', { a: [1] }, { a: [2] }, null],
  ],
  ['first', { listInput: ['a', 'b'] }, 'a'],
  ['flatten', { listInput: [[1, [2]], [3], 4] }, [1, [2], 3, 4]],
  ['last', { listInput: ['a', 'b'] }, 'b'],
  ['last', { listInput: [] }, undefined],
  ['length', { listInput: [1, 2, 3] }, 3],
  ['remove', { listInput: [1, 2, 1, '1'], elementInput: 1 }, [2, '1']],
  ['selectItemFromList', { listInput: ['a', ['b', 'c']], index: '0' }, 'a'],
  ['selectItemFromList', { listInput: ['a', ['b', 'c']], index: '1.-1' }, 'c'],
  ['selectItemFromList', { listInput: ['a'], index: '7' }, undefined],
  ['takeFirst', { listInput: [1, 2, 3], numberInput: '2' }, [1, 2]],
  ['takeLast', { listInput: [1, 2, 3], numberInput: '2' }, [2, 3]],
  ['takeLast', { listInput: [1, 2, 3], numberInput: '0' }, []],
])('%s of %j is %j', async (key, params, expected) => {
  expect(await data(key, params)).toEqual(expected);
});

it.each([
  ['JSON text', '[1,2]'],
  ['bytes of JSON', Buffer.from('[1,2]')],
  ['a file of JSON', { data: Buffer.from('[1,2]'), contentType: 'application/json' }],
])('takes %s for a list', async (_title, listInput) => {
  expect(await data('length', { listInput })).toBe(2);
});

it('says which input is no list, and of what kind it is', async () => {
  await expect(call('first', { listInput: { a: 1 } })).rejects.toThrow('List must be a list, got an object.');
  await expect(call('first', { listInput: 'abc' })).rejects.toThrow(
    'List must be a list, got the text "abc".',
  );
});

it('refuses numbers that are none', async () => {
  await expect(call('chunks', { listInput: [1], numberInput: '0' })).rejects.toThrow(/at least 1/);
  await expect(call('takeFirst', { listInput: [1], numberInput: '-1' })).rejects.toThrow(
    /Number of Elements/,
  );
  await expect(call('selectItemFromList', { listInput: [1], index: 'x' })).rejects.toThrow(/^Index must be/);
  await expect(call('selectItemFromList', { listInput: [1], index: '0.1' })).rejects.toThrow(
    'There is no list at 0.',
  );
});

it('leaves the given list as it is', async () => {
  const listInput = Object.freeze([[1], [2]]);
  for (const key of ['append', 'flatten', 'deduplicate', 'takeLast'])
    await call(key, { listInput, elementInput: 3, numberInput: '1' });
  expect(listInput).toEqual([[1], [2]]);
});

it('leaves out the repeats of 100,000 objects in less than two seconds', async () => {
  const listInput = Array.from({ length: 100_000 }, (_, at) => ({ id: at % 50_000, name: 'n' }));
  const startedAt = performance.now();
  expect(await data('deduplicate', { listInput })).toHaveLength(50_000);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
