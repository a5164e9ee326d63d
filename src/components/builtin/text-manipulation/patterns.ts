import { action, input } from '@prismatic-io/spectral';
import { cleanPairs, cleanText } from '../clean-input';
import { text } from './inputs';

/** Reads `/pattern/flags`; undefined for plain text. */
function patternOf(find: string): RegExp | undefined {
  const [, source, flags] = /^\/(.+)\/([dgimsuvy]*)$/s.exec(find) ?? [];
  return source === undefined ? undefined : compile(source, flags?.includes('g') ? flags : `${flags}g`);
}

function compile(source: string, flags: string): RegExp {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    throw new Error(`The regular expression cannot be read: ${(error as Error).message}`);
  }
}

export const replace = action({
  display: { label: 'Find & Replace', description: 'Replaces every place where one text stands in another.' },
  inputs: {
    text,
    find: input({
      label: 'Substring to find and be replaced',
      type: 'string',
      required: true,
      comments: 'Text, or a regular expression between slashes: /a+/i.',
      clean: cleanText,
    }),
    replace: input({
      label: "The substring to replace instances of 'find' with",
      type: 'string',
      comments: 'Empty to remove what was found. $1 stands for the first group of an expression.',
      clean: cleanText,
    }),
  },
  perform: async (_context, { text: given, find, replace: replacement }) => {
    if (find === '') throw new Error('Substring to find and be replaced is empty.');
    const pattern = patternOf(find);
    return { data: pattern ? given.replace(pattern, replacement) : given.split(find).join(replacement) };
  },
});

export const replaceMultipleSubstring = action({
  display: {
    label: 'Find & Replace Multiple Substrings',
    description: 'Replaces several texts in another, one after the other.',
  },
  inputs: {
    text,
    replaceWith: input({
      label: 'Replace With',
      type: 'string',
      collection: 'keyvaluelist',
      required: true,
      comments: 'Texts to find, each with what stands in its place.',
      clean: cleanPairs,
    }),
  },
  perform: async (_context, { text: given, replaceWith }) => ({
    data: Object.entries(replaceWith).reduce((before, [find, by]) => before.split(find).join(by), given),
  }),
});

export const match = action({
  display: { label: 'Match Regex', description: 'Finds what a regular expression matches in a text.' },
  inputs: {
    text,
    regex: input({
      label: 'Regex',
      type: 'string',
      required: true,
      comments: 'A regular expression of JavaScript, without slashes.',
      clean: cleanText,
    }),
    regexFlags: input({
      label: 'Regex Flags',
      type: 'string',
      default: 'g',
      comments: 'Flags such as g for all matches, i for either case.',
      clean: cleanText,
    }),
  },
  // All matches, or the first one with its groups; null where nothing matches.
  perform: async (_context, { text: given, regex, regexFlags }) => {
    const found = given.match(compile(regex, regexFlags));
    return { data: found && [...found] };
  },
});
