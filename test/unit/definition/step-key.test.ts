import * as fc from 'fast-check';
import { stepKey } from '../../../src/definition';

test.each([
  ["Get a Queue's URL", 'getAQueueSUrl'],
  ['JavaScript Object to JSON', 'javascriptObjectToJson'],
  ['POST Request', 'postRequest'],
  ['Loop Over Items 2', 'loopOverItems2'],
  ['🔁 Process', 'process'],
  ['Add 1 to current page value', 'add1ToCurrentPageValue'],
  ['Execution - Append Value To List', 'executionAppendValueToList'],
  ['2nd try', '2ndTry'],
  ['__proto__', 'proto'],
  ['処理', ''],
])('makes of the name %j the key %j', (name, key) => {
  expect(stepKey(name)).toBe(key);
});

test('gives keys of ASCII letters and digits only, never with a capital at the head', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(stepKey(name)).toMatch(/^([0-9a-z][0-9A-Za-z]*)?$/);
    }),
  );
});

test('depends on the words of a name alone, not on what stands between them', () => {
  const word = fc.stringMatching(/^[0-9A-Za-z]{1,8}$/);
  const gap = fc.stringMatching(/^[ \-_.'!]{1,3}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1 }), gap, (words, between) => {
      expect(stepKey(words.join(between))).toBe(stepKey(words.join(' ')));
      expect(stepKey(words.join(' ')).toLowerCase()).toBe(words.join('').toLowerCase());
    }),
  );
});
