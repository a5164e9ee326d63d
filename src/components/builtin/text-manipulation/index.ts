import { action, component, input, util } from '@prismatic-io/spectral';
import { cleanText, isBinary } from '../clean-input';
import { lazy } from '../lazy';
import { countInput, positionInput, separator, strings, text } from './inputs';
import { match, replace, replaceMultipleSubstring } from './patterns';

const entities = lazy<typeof import('html-entities')>('html-entities');
const NEWLINES: Record<string, string | undefined> = {
  '\\n': '\n',
  '\\r\\n': '\r\n',
  '\\r': '\r',
  LF: '\n',
  CRLF: '\r\n',
};
const MOST_NEWLINES = 10_000;

const ofText = (label: string, description: string, compute: (text: string) => unknown) =>
  action({
    display: { label, description },
    inputs: { text },
    perform: async (_context, { text: given }) => ({ data: compute(given) }),
  });

const decodeBase64 = action({
  display: { label: 'Decode Base64', description: 'Reads text from its Base64 form.' },
  inputs: {
    base64Text: input({ label: 'Base64 Text', type: 'string', required: true, clean: cleanText }),
  },
  perform: async (_context, { base64Text }) => ({ data: Buffer.from(base64Text, 'base64').toString('utf8') }),
});

const encodeBase64 = action({
  display: { label: 'Encode Base64', description: 'Writes text or a file in Base64.' },
  inputs: {
    textOrFile: input({ label: 'Text or file', type: 'data', required: true }),
  },
  perform: async (_context, { textOrFile }) => {
    const given: unknown = textOrFile;
    const bytes = isBinary(given) ? given.data : given instanceof Uint8Array ? given : cleanText(given);
    return { data: Buffer.from(bytes as Uint8Array).toString('base64') };
  },
});

const slice = action({
  display: { label: 'Extract Substring', description: 'Cuts a part out of a text.' },
  inputs: {
    text,
    sliceStart: positionInput(
      'Slice start',
      'Position of the first character, from 0; negative from the end.',
    ),
    sliceStop: positionInput('Slice stop', 'Position behind the last character; the end when empty.'),
  },
  perform: async (_context, { text: given, sliceStart, sliceStop }) => ({
    data: given.slice(sliceStart, sliceStop),
  }),
});

const join = action({
  display: { label: 'Join', description: 'Joins texts to one.' },
  inputs: { strings, separator },
  perform: async (_context, { strings: all, separator: between }) => ({ data: all.join(between) }),
});

const joinLines = action({
  display: { label: 'Join Lines', description: 'Joins texts to one, each on lines of its own.' },
  inputs: {
    strings,
    newlineType: input({
      label: 'Newline type',
      type: 'string',
      default: '\n',
      model: [
        { label: 'Unix (\\n)', value: '\n' },
        { label: 'Windows (\\r\\n)', value: '\r\n' },
      ],
      comments: 'The end of a line.',
      clean: (value: unknown) => {
        const given = cleanText(value);
        return NEWLINES[given] ?? (given === '' ? '\n' : given);
      },
    }),
    numberOfNewlines: countInput('Number of newlines', 'Ends of lines between two texts.', '1'),
  },
  perform: async (_context, { strings: all, newlineType, numberOfNewlines = 1 }) => {
    if (numberOfNewlines > MOST_NEWLINES)
      throw new Error(`Number of newlines is more than ${MOST_NEWLINES}.`);
    return { data: all.join(newlineType.repeat(numberOfNewlines)) };
  },
});

const split = action({
  display: { label: 'Split String', description: 'Parts a text where the separator stands.' },
  inputs: { text, separator },
  perform: async (_context, { text: given, separator: between }) => ({ data: given.split(between) }),
});

const splitLines = action({
  display: { label: 'Split Lines', description: 'Parts a text into its lines.' },
  inputs: {
    text,
    filterBlankLines: input({
      label: 'Filter Blank Lines',
      type: 'boolean',
      default: 'true',
      comments: 'Leaves out lines without any text, such as the last one.',
      clean: (value: unknown) => util.types.toBool(value, true),
    }),
  },
  perform: async (_context, { text: given, filterBlankLines }) => {
    const lines = given.split(/\r?\n/);
    return { data: filterBlankLines ? lines.filter((line) => line.trim() !== '') : lines };
  },
});

export default component({
  key: 'text-manipulation',
  display: { label: 'Text Manipulation', description: 'Works on texts.', category: 'Helpers', iconPath: '' },
  actions: {
    decodeBase64,
    encodeBase64,
    slice,
    replace,
    replaceMultipleSubstring,
    htmlDecode: ofText('HTML Decode', 'Reads the entities of HTML as characters.', (given) =>
      entities().decode(given),
    ),
    htmlEncode: ofText('HTML Encode', 'Writes characters that HTML reserves as entities.', (given) =>
      entities().encode(given),
    ),
    join,
    joinLines,
    lowerCase: ofText('Lower Case', 'A text in lower case.', (given) => given.toLowerCase()),
    match,
    trim: ofText('Remove Whitespace', 'A text without the blanks around it.', (given) => given.trim()),
    splitLines,
    split,
    stringLength: ofText('String Length', 'How many characters a text has.', (given) => given.length),
    upperCase: ofText('Upper Case', 'A text in upper case.', (given) => given.toUpperCase()),
  },
});
