import { mergeState } from '../../../src/services/state/merge-states';

const merged = (present: object, before: object, after: object) =>
  mergeState({ ...present }, { before: { ...before }, after: { ...after } });

describe('what a function changed of a state object', () => {
  test('is brought into the present one: keys that it set, changed or removed; the others stay as they are now', () => {
    const before = { kept: 1, changed: 'a', gone: true, theirs: 1 };
    const after = { kept: 1, changed: 'b', theirs: 1, set: [1] };
    const present = { kept: 1, changed: 'a', gone: true, theirs: 2, added: 'meanwhile' };
    expect(merged(present, before, after)).toEqual({
      kept: 1,
      changed: 'b',
      theirs: 2,
      added: 'meanwhile',
      set: [1],
    });
  });

  test('goes into objects within it, also when both sides made one', () => {
    const before = { ids: { mine: 'x', other: 'y' } };
    const after = { ids: { other: 'y' }, made: { mine: 1 } };
    const present = { ids: { mine: 'x', other: 'z', third: 'n' }, made: { theirs: 2 } };
    expect(merged(present, before, after)).toEqual({
      ids: { other: 'z', third: 'n' },
      made: { theirs: 2, mine: 1 },
    });
  });

  test('counts where both sides changed the same: lists, bytes and dates are changed whole', () => {
    const before = {
      list: [1],
      bytes: Buffer.from('a'),
      at: new Date(1),
      same: Buffer.from('s'),
      within: { a: 1 },
    };
    const after = {
      list: [1, 2],
      bytes: Buffer.from('b'),
      at: new Date(2),
      same: Buffer.from('s'),
      within: 7,
    };
    const present = { list: [1, 3], bytes: Buffer.from('c'), at: new Date(3), same: null, within: { a: 2 } };
    expect(merged(present, before, after)).toEqual({ ...after, same: null });
  });

  test('is nothing where it left what it was given, and is there where all was removed meanwhile', () => {
    const present = { theirs: 1 };
    expect(merged(present, { a: { b: 1 } }, { a: { b: 1 } })).toEqual(present);
    expect(merged({}, { a: { b: 1 }, gone: 1 }, { a: { b: 2 } })).toEqual({ a: { b: 2 } });
  });
});
