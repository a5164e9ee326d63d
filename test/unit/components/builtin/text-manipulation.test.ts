import textManipulation from '../../../../src/components/builtin/text-manipulation';
import { callAction } from './call-component';

const call = callAction(textManipulation);

it.each([
  ['upperCase', { text: 'straße' }, 'STRASSE'],
  ['upperCase', { text: Buffer.from('a') }, 'A'],
  ['upperCase', { text: '' }, ''],
  ['lowerCase', { text: 'ABC' }, 'abc'],
  ['trim', { text: ' \n a b\t' }, 'a b'],
  ['stringLength', { text: 'abc' }, 3],
  ['slice', { text: 'abcdef', sliceStart: '1', sliceStop: '-1' }, 'bcde'],
  ['slice', { text: 'abcdef', sliceStart: '-2', sliceStop: '' }, 'ef'],
  ['split', { text: 'a,b,', separator: ',' }, ['a', 'b', '']],
  ['split', { text: 'ab', separator: '' }, ['a', 'b']],
  ['splitLines', { text: 'a\r\n\nb\n', filterBlankLines: 'true' }, ['a', 'b']],
  ['splitLines', { text: 'a\n\nb', filterBlankLines: 'false' }, ['a', '', 'b']],
  ['join', { strings: ['a', 1, 'b'], separator: ', ' }, 'a, 1, b'],
  ['join', { strings: [['a', 'b'], 'c'], separator: '' }, 'abc'],
  ['joinLines', { strings: ['a', 'b'], newlineType: '\n', numberOfNewlines: '2' }, 'a\n\nb'],
  ['joinLines', { strings: ['a', 'b'], newlineType: '\\r\\n', numberOfNewlines: '1' }, 'a\r\nb'],
  ['replace', { text: 'a.b.c', find: '.', replace: '$&' }, 'a$&b$&c'],
  ['replace', { text: 'aXbx', find: '/x/i', replace: '-' }, 'a-b-'],
  ['replace', { text: 'John Smith', find: '/(\\w+) (\\w+)/', replace: '$2 $1' }, 'Smith John'],
  ['replace', { text: '/usr/bin', find: '/', replace: ':' }, ':usr:bin'],
  [
    'replaceMultipleSubstring',
    {
      text: 'a-b',
      replaceWith: [
        { key: 'a', value: '1' },
        { key: 'b', value: '' },
        { key: '', value: 'x' },
      ],
    },
    '1-',
  ],
  ['htmlEncode', { text: '<a href="x">&ä</a>' }, '&lt;a href=&quot;x&quot;&gt;&amp;ä&lt;/a&gt;'],
  ['htmlDecode', { text: '&lt;b&gt; &amp;amp; &eacute;&#x1F600;' }, '<b> &amp; é😀'],
  ['encodeBase64', { textOrFile: 'ü' }, 'w7w='],
  ['encodeBase64', { textOrFile: { data: Buffer.from([0, 255]), contentType: 'image/png' } }, 'AP8='],
  ['decodeBase64', { base64Text: 'w7w=' }, 'ü'],
  ['match', { text: 'a1 b22', regex: '\\d+', regexFlags: 'g' }, ['1', '22']],
  ['match', { text: 'a1', regex: '([a-z])(\\d)', regexFlags: '' }, ['a1', 'a', '1']],
  ['match', { text: 'a', regex: 'b', regexFlags: 'g' }, null],
])('%s of %j is %j', async (key, params, expected) => {
  expect(await call(key, params)).toEqual({ data: expected });
});

it.each([
  ['match', { text: 'a', regex: '(', regexFlags: 'g' }, /^The regular expression cannot be read: /],
  ['match', { text: 'a', regex: 'a', regexFlags: 'q' }, /^The regular expression cannot be read: /],
  ['replace', { text: 'a', find: '', replace: 'b' }, 'Substring to find and be replaced is empty.'],
  ['slice', { text: 'a', sliceStart: 'x' }, 'Slice start must be a whole number, got "x".'],
  ['joinLines', { strings: ['a', 'b'], numberOfNewlines: '100000' }, /^Number of newlines is more than/],
])('%s of %j says what is wrong', async (key, params, message) => {
  await expect(call(key, params)).rejects.toThrow(message);
});
