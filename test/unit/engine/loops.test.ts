import { loopItems } from '../../../src/engine/loops';

const over = (items: unknown) => loopItems({ kind: 'items', steps: [] }, { items });
const times = (iterationCount: unknown) => loopItems({ kind: 'times', steps: [] }, { iterationCount });

describe('what a loop goes over', () => {
  it('is a list, item by item, or the values of an object', () => {
    expect(over(['a', 'b'])).toEqual({ items: ['a', 'b'] });
    expect(over({ x: 1, y: 2 })).toEqual({ items: [1, 2] });
    expect(over([])).toEqual({ items: [] });
    expect(over({})).toEqual({ items: [] });
  });

  it('is a count of times', () => {
    expect(times('1000')).toEqual({ items: 1000 });
    expect(times(3)).toEqual({ items: 3 });
    expect(times('0')).toEqual({ items: 0 });
  });

  it.each([
    [undefined, 'nothing'],
    [null, 'nothing'],
    ['a,b', 'string'],
    [5, 'number'],
    [Buffer.from('abc'), 'binary data'],
    [new Date(0), 'a date'],
  ])('cannot be %p, which it says', (items, said) => {
    expect(over(items)).toEqual({
      error: { code: 'component_error', message: expect.stringContaining(`got ${said}`) },
    });
  });

  it.each([undefined, null, '', ' ', 'many', '-1', '1.5', 'Infinity', true, [], [3]])(
    'cannot be counted %p times',
    (count) => {
      expect(times(count)).toEqual({ error: { code: 'component_error', message: expect.any(String) } });
    },
  );

  it('names the count that it cannot use', () => {
    expect(times('many')).toMatchObject({ error: { message: expect.stringContaining("'many'") } });
    const hostile: unknown = JSON.parse('{"toString": 1, "valueOf": 2}');
    expect(times(hostile)).toMatchObject({ error: { message: expect.stringContaining('toString') } });
  });
});
