import collectionTools from '../../../../src/components/builtin/collection-tools';
import { callAction } from './call-component';

const call = callAction(collectionTools);
const data = async (key: string, params: Record<string, unknown>) => (await call(key, params))['data'];

it('has every action that is documented for it', () => {
  expect(Object.keys(collectionTools.actions)).toHaveLength(28);
});

describe('functions of the author', () => {
  const listInput = [{ id: 3 }, { id: 1 }, { id: 2 }];

  it.each([
    ['filter', { filterCodeInput: '(item, index) => item.id > 1 && index < 2' }, [{ id: 3 }]],
    ['filter', { filterCodeInput: 'async (item) => {\n  return item.id === 1;\n};\n' }, [{ id: 1 }]],
    ['filter', { filterCodeInput: 'function keep(item) { return item.id < 3 }' }, [{ id: 1 }, { id: 2 }]],
    ['filter', { filterCodeInput: 'module.exports = ({ id }) => id === 2' }, [{ id: 2 }]],
    ['filter', { filterCodeInput: '' }, listInput],
    ['map', { transformCodeInput: '(item, index) => item.id * 10 + index' }, [30, 11, 22]],
    [
      'map',
      {
        transformCodeInput: '(item, index, context) => context.prefix + item.id + index',
        filterCodeInput: '(item, index, context) => item.id < context.below',
        contextInput: { prefix: '#', below: 3 },
      },
      ['#10', '#21'],
    ],
    ['sort', { sortCodeInput: '(a, b) => a.id - b.id' }, [{ id: 1 }, { id: 2 }, { id: 3 }]],
    [
      'sort',
      { sortCodeInput: '(a, b) => { return a.id < b.id ? -1 : 1; }' },
      [{ id: 1 }, { id: 2 }, { id: 3 }],
    ],
  ])('%s by %j gives %j', async (key, params, expected) => {
    expect(await data(key, { listInput, ...params })).toEqual(expected);
    expect(listInput[0]).toEqual({ id: 3 });
  });

  it.each([
    [
      'filter',
      { filterCodeInput: '(item) => {\n  return item.a.b;\n}' },
      /^Filter Function failed at item 0: Cannot read .*\(line 2 of the code\)$/,
    ],
    ['filter', { filterCodeInput: '(item) => {' }, /^Filter Function cannot be read: /],
    ['filter', { filterCodeInput: 'true' }, /^Filter Function is no function\. Write one: \(item, index\)/],
    [
      'map',
      { transformCodeInput: '(item) => { throw "no"; }' },
      'Transform (map) Function failed at item 0: no',
    ],
    [
      'sort',
      { sortCodeInput: 'async (a, b) => 1' },
      /^Sort Comparison Function failed: it must give a number/,
    ],
  ])('%s by %j says what is wrong', async (key, params, message) => {
    await expect(call(key, { listInput, ...params })).rejects.toThrow(message);
  });

  it.each([
    ['AVERAGE', 2.5],
    ['COUNT', 4],
    ['MAX', 4],
    ['MIN', 1],
    ['SUM', 10],
    ['PRODUCT', 24],
    ['median', 2.5],
  ])('aggregates by %s', async (aggregateFunctionInput, expected) => {
    expect(await data('aggregate', { listInput: ['1', 4, 2, 3], aggregateFunctionInput })).toBe(expected);
  });

  it('aggregates what a filter leaves', async () => {
    const filterCodeInput = '(item) => item > 2';
    const of = (params: object) => data('aggregate', { listInput: [1, 4, 2, 3], filterCodeInput, ...params });
    expect(await of({ aggregateFunctionInput: 'SUM' })).toBe(7);
    expect(await of({ aggregateFunctionInput: 'MAX', listInput: [1] })).toBeNull();
    await expect(of({ aggregateFunctionInput: 'MODE' })).rejects.toThrow(/must be one of AVERAGE, COUNT/);
    await expect(
      of({ aggregateFunctionInput: 'SUM', listInput: [5, 'x'], filterCodeInput: '' }),
    ).rejects.toThrow('Item 1 must be a number, got "x".');
  });
});

describe('objects', () => {
  const pairs = [
    { key: 'a', value: [1] },
    { key: '', value: 'dropped' },
    { key: 'b', value: '2' },
  ];

  it.each([
    ['createObject', { keyValueInput: pairs }, { a: [1], b: '2' }],
    ['createObject', { keyValueInput: [] }, {}],
    ['combineCollections', { collections: pairs }, { a: [1], b: '2' }],
    ['toObject', { keyValueListInput: pairs }, { a: [1], b: '2' }],
    [
      'fromObject',
      { object: '{"a":1,"b":null}' },
      [
        { key: 'a', value: 1 },
        { key: 'b', value: null },
      ],
    ],
    [
      'fieldValueMapping',
      { keyMappings: { name: 'Name', id: 'Id' }, valueMappings: [{ key: 'name', value: 'Ada' }] },
      [{ key: 'Name', value: 'Ada' }],
    ],
    ['addKey', { object: { a: 1 }, key: 'b', value: 2, objectPath: '' }, { a: 1, b: 2 }],
    ['addKey', { object: undefined, key: 'b', value: 2 }, { b: 2 }],
    [
      'addKey',
      { object: { a: { x: 1 } }, key: 'y', value: 2, objectPath: 'a.c' },
      { a: { x: 1, c: { y: 2 } } },
    ],
    [
      'addKey',
      { object: { l: [{}, { z: 1 }] }, key: 'y', value: 2, objectPath: 'l[1]' },
      { l: [{}, { z: 1, y: 2 }] },
    ],
    ['addMultipleKeys', { object: { x: 0 }, keyValueListInput: pairs }, { x: 0, a: [1], b: '2' }],
    [
      'addMultipleKeys',
      { object: {}, keyValueListInput: pairs, dynamicFields: '{"c":3}', objectPath: 'in' },
      { in: { c: 3 } },
    ],
  ])('%s of %j gives %j', async (key, params, expected) => {
    expect(await data(key, params)).toEqual(expected);
  });

  it('changes a copy', async () => {
    const object = { a: { b: 1 } };
    await call('addKey', { object, key: 'c', value: 2, objectPath: 'a' });
    expect(object).toEqual({ a: { b: 1 } });
  });

  it('pollutes no prototype', async () => {
    await call('addKey', { object: {}, key: 'polluted', value: 1, objectPath: '__proto__' });
    await call('addKey', { object: {}, key: 'polluted', value: 1, objectPath: 'constructor.prototype' });
    await call('createObject', { keyValueInput: [{ key: '__proto__', value: { polluted: 1 } }] });
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it.each([
    [
      'addKey',
      { object: { a: 'x' }, key: 'b', value: 1, objectPath: 'a' },
      'The value at a must be an object, got the text "x".',
    ],
    [
      'addKey',
      { object: { a: [] }, key: 'b', value: 1, objectPath: 'a.7' },
      'The value at a is a list: name the position',
    ],
    ['addKey', { object: 'x', key: 'b', value: 1 }, 'Object must be an object, got the text "x".'],
    ['addKey', { object: {}, key: '', value: 1 }, 'Key is empty.'],
    ['toObject', { keyValueListInput: ['x'] }, 'Item 0 of Key/Value List must be a pair of key and value'],
  ])('%s of %j says what is wrong', async (key, params, message) => {
    await expect(call(key, params)).rejects.toThrow(message);
  });
});

describe('validateJsonSchema', () => {
  const schema = {
    type: 'object',
    properties: { name: { type: 'string' }, mail: { format: 'email' }, n: { enum: [1, 2] } },
    required: ['name'],
    additionalProperties: false,
  };
  const validate = (jsonInput: unknown, jsonSchema: unknown) =>
    call('validateJsonSchema', { jsonInput, jsonSchema });

  it('gives the value back when it matches, text read as JSON', async () => {
    expect(await validate('{"name":"a"}', JSON.stringify(schema))).toEqual({ data: { name: 'a' } });
  });

  it('fails with all faults at once', async () => {
    await expect(validate({ mail: 'x', n: 3, extra: 1 }, schema)).rejects.toThrow(
      [
        'JSON Object does not match JSON Schema:',
        "- The value must have required property 'name'",
        '- The value must NOT have additional properties (extra)',
        '- /mail must match format "email"',
        '- /n must be equal to one of the allowed values (1, 2)',
      ].join('\n'),
    );
  });

  it.each([
    'http://json-schema.org/draft-04/schema#',
    'http://json-schema.org/draft-06/schema#',
    'http://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft/2019-09/schema',
    'https://json-schema.org/draft/2020-12/schema',
  ])('knows %s', async ($schema) => {
    const minimum = $schema.includes('04') ? { minimum: 1, exclusiveMinimum: true } : { exclusiveMinimum: 1 };
    await expect(validate(2, { $schema, ...minimum })).resolves.toEqual({ data: 2 });
    await expect(validate(1, { $schema, ...minimum })).rejects.toThrow('The value must be > 1');
  });

  it.each([
    [{ type: 'strin' }, /^JSON Schema cannot be used: /],
    [{ $ref: 'https://example.com/other.json' }, /^JSON Schema cannot be used: can't resolve reference/],
    ['[]', 'JSON Schema must be an object.'],
    ['', 'JSON Schema is empty.'],
  ])('refuses the schema %j', async (jsonSchema, message) => {
    await expect(validate({}, jsonSchema)).rejects.toThrow(message);
  });

  it('ends patterns and references that would take for ever', async () => {
    const levels = Array.from({ length: 40 }, (_, at) => [
      `a${at + 1}`,
      { allOf: [{ $ref: `#/definitions/a${at}` }, { $ref: `#/definitions/a${at}` }] },
    ]);
    const definitions = { a0: { type: 'string' }, ...Object.fromEntries(levels) };
    await expect(validate('x', { definitions, $ref: '#/definitions/a40' })).rejects.toThrow(/takes too long/);
    await expect(validate(1, { definitions, $ref: '#/definitions/a40' })).rejects.toThrow(
      'The value must be string',
    );
    await expect(validate(`${'a'.repeat(40)}!`, { pattern: '^(a+)+$' })).rejects.toThrow(/takes too long/);
    await expect(validate(1, { $ref: '#' })).rejects.toThrow(/^JSON Schema/);
  });
});

describe('processInOrder', () => {
  const run = (state: object, itemIndex: number, collectionLength = 4) =>
    call(
      'processInOrder',
      { collectionId: 'c', collectionLength, itemIndex: String(itemIndex), item: `item ${itemIndex}` },
      { crossFlowState: state },
    );

  it('releases items in their order, and forgets the collection at its end', async () => {
    let state: Record<string, unknown> = { other: 1 };
    const taken: unknown[] = [];
    for (const index of [2, 0, 3, 1]) {
      const { data: result, branch, crossFlowState } = await run(state, index);
      taken.push([branch, result]);
      state = { ...state, ...(crossFlowState as object) };
    }
    expect(taken).toEqual([
      ['Skip', 'item 2'],
      ['Process', ['item 0']],
      ['Skip', 'item 3'],
      ['Process', ['item 1', 'item 2', 'item 3']],
    ]);
    expect(state).toEqual({ other: 1, '__processInOrder:c': undefined });
  });

  it('skips what was released before', async () => {
    const { crossFlowState } = await run({}, 0);
    expect(await run(crossFlowState as object, 0)).toEqual({ data: 'item 0', branch: 'Skip' });
  });

  it('refuses an index outside of the collection', async () => {
    await expect(run({}, 4)).rejects.toThrow(/^Item Index must be/);
  });
});
