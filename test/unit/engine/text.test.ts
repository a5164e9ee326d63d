import { toNumber } from '../../../src/engine/numbers';
import { toText } from '../../../src/engine/text';

describe('a value as a template shows it', () => {
  it.each([
    ['nothing for undefined', undefined, ''],
    ['nothing for null', null, ''],
    ['a text unchanged', ' a{{b}} ', ' a{{b}} '],
    ['a number', 1.5, '1.5'],
    ['zero', 0, '0'],
    ['a boolean', false, 'false'],
    ['JSON for an object', { a: [1, null], b: 'x' }, '{"a":[1,null],"b":"x"}'],
    ['JSON for a list', [1, 'a'], '[1,"a"]'],
    ['ISO text for a date', new Date('2026-01-02T03:04:05.678Z'), '2026-01-02T03:04:05.678Z'],
    ['nothing for a date that is none', new Date('no date'), ''],
    ['UTF-8 for a Buffer', Buffer.from('Grüße 🎁'), 'Grüße 🎁'],
    ['UTF-8 for plain bytes', new TextEncoder().encode('Grüße 🎁'), 'Grüße 🎁'],
    ['a byte order mark as it stands', Buffer.from('\uFEFFa'), '\uFEFFa'],
    ['a replacement for bytes that are no UTF-8', Buffer.from([0x61, 0xff]), 'a\uFFFD'],
  ])('is %s', (_what, value, expected) => {
    expect(toText(value)).toBe(expected);
  });
});

describe('a number out of an input', () => {
  it.each([
    ['5', 5],
    [' 12 ', 12],
    ['1e3', 1000],
    [7, 7],
    ['0', 0],
    ['five', Number.NaN],
    ['', undefined],
    [' ', undefined],
    [null, undefined],
    [undefined, undefined],
    [true, undefined],
    [[], undefined],
    [['3'], undefined],
  ])('%p is %p', (given, expected) => {
    expect(toNumber(given)).toBe(expected);
  });

  it('never asks an object for its value, which a request could make throw', () => {
    expect(toNumber(JSON.parse('{"valueOf": 1, "toString": 2}'))).toBeUndefined();
  });
});
