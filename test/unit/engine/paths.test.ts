import { readPath } from '../../../src/engine/paths';

describe('reading a path', () => {
  it('goes through objects and lists by their own properties', () => {
    const order = { lines: [{ sku: 'A' }, { sku: 'B' }], 'X-Shop Id': 7 };
    expect(readPath(order, ['lines', '1', 'sku'])).toBe('B');
    expect(readPath(order, ['X-Shop Id'])).toBe(7);
    expect(readPath(order, [])).toBe(order);
  });

  it('keeps falsy values apart from missing ones', () => {
    const value = { zero: 0, empty: '', no: false, none: null };
    expect(['zero', 'empty', 'no', 'none'].map((key) => readPath(value, [key]))).toEqual([
      0,
      '',
      false,
      null,
    ]);
  });

  it.each([
    ['an inherited name', {}, ['constructor']],
    ['an inherited name below an own one', { a: {} }, ['a', 'toString']],
    ['the prototype of an object', {}, ['__proto__']],
    ['the prototype of a list', [], ['__proto__']],
    ['the length of a list', [1, 2], ['length']],
    ['a method of a list', [1, 2], ['map']],
    ['the length of a text', 'text', ['length']],
    ['a character of a text', 'text', ['0']],
    ['a property of a number', 5, ['toFixed']],
    ['a property of a date', new Date(0), ['getTime']],
    ['an index beyond the end', [1], ['1']],
    ['a negative index', [1], ['-1']],
    ['a fraction as an index', [1, 2], ['1.0']],
    ['an index with a blank', [1], [' 0']],
    ['anything below null', { a: null }, ['a', 'b']],
    ['anything below undefined', undefined, ['a', 'b']],
    ['a name in other case', { Name: 1 }, ['name']],
  ])('gives undefined for %s', (_what, value, path) => {
    expect(readPath(value, path)).toBeUndefined();
  });

  it('reads a property called __proto__ or constructor that the data itself has', () => {
    const data: unknown = JSON.parse('{"__proto__": {"a": 1}, "constructor": "Ford"}');
    expect(readPath(data, ['__proto__', 'a'])).toBe(1);
    expect(readPath(data, ['constructor'])).toBe('Ford');
  });

  it('treats bytes as opaque: neither length, nor index, nor the buffer behind them', () => {
    const bytes = Buffer.from('abc');
    for (const segment of ['length', '0', 'buffer', 'parent', 'toString']) {
      expect(readPath({ bytes }, ['bytes', segment])).toBeUndefined();
      expect(readPath({ bytes: new Uint8Array([1, 2]) }, ['bytes', segment])).toBeUndefined();
    }
    expect(readPath({ bytes }, ['bytes'])).toBe(bytes);
  });
});
