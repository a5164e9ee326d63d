import { Composer, type Document, LineCounter, type Node, Parser, type ScalarTag, type Tags } from 'yaml';
import type { Path } from './fault';
import { LIMITS } from './limits';
import { type BrokenLimit, textLimits, tokenLimits } from './text-limits';

/** Something wrong with the YAML itself, at an offset of the text (characters from its start). */
export interface YamlFault {
  code: string;
  message: string;
  hint: string;
  offset: number;
  path?: Path;
}

export interface YamlText {
  /** Absent when the text has to be refused as a whole. */
  root?: Node;
  lines: LineCounter;
  faults: YamlFault[];
}

const error = (code: string, offset: number, message: string, hint: string): YamlFault => ({
  code,
  message,
  hint,
  offset,
});

const LONG_NUMBER = `A number has at most ${LIMITS.digits} digits.`;

const VERSION_HINT = 'Remove the %YAML line; definitions are YAML 1.2.';

function kindOf(problem: string, message: string): [code: string, hint: string] {
  if (problem !== 'TAG_RESOLVE_FAILED') return ['yaml_syntax', 'Correct the YAML at this place.'];
  return message === LONG_NUMBER ? ['too_large', 'Write it in quotes.'] : ['yaml_tag', 'Remove the tag.'];
}

function documentFaults(documents: Document.Parsed[]): YamlFault[] {
  const faults: YamlFault[] = [];
  for (const document of documents) {
    for (const problem of [...document.errors, ...document.warnings]) {
      const message = problem.message.split('\n')[0] ?? 'The YAML cannot be read.';
      const [code, hint] = kindOf(problem.code, message);
      faults.push(error(code, problem.pos[0], message, hint));
    }
  }
  const [first, second] = documents;
  if (first === undefined || first.contents === null) {
    faults.push(error('empty', 0, 'The text holds no definition.', 'Send the YAML text of an integration.'));
  } else if (second !== undefined) {
    const message = 'The text holds more than one YAML document.';
    faults.push(error('several_documents', second.range[0], message, 'Send each integration on its own.'));
  }
  const version = first?.directives?.yaml;
  if (version?.explicit === true && version.version !== '1.2') {
    faults.push(error('yaml_version', 0, `The text asks for YAML ${version.version}.`, VERSION_HINT));
  }
  return faults;
}

/** The same tag, but for numbers of endless digits. */
function withShortNumbers(tag: Tags[number]): Tags[number] {
  if (typeof tag === 'string' || tag.collection !== undefined || tag.tag !== 'tag:yaml.org,2002:int')
    return tag;
  const whole = tag as ScalarTag;
  const short: ScalarTag = {
    ...whole,
    resolve: (text, onError, parsing) => {
      if (text.length <= LIMITS.digits) return whole.resolve(text, onError, parsing);
      onError(LONG_NUMBER);
      return text;
    },
  };
  return short;
}

const SIZE_HINT = 'Split the integration, or move large values out of it.';

function limitFault({ limit, offset }: BrokenLimit): YamlFault {
  if (limit === 'depth') {
    const message = `Mappings and lists are nested more than ${LIMITS.depth} deep.`;
    return error('too_deep', offset, message, 'Move the inner steps to a flow of their own.');
  }
  const message = `The text has more than ${LIMITS[limit]} ${limit}, the most that is read.`;
  return error('too_large', offset, message, SIZE_HINT);
}

/**
 * Reads a text as one YAML 1.2 document, within the limits for size and depth. With `bigIntegers` whole numbers
 * become `bigint`, so that writing them again loses no digit.
 */
export function readYaml(text: string, options: { bigIntegers?: boolean } = {}): YamlText {
  const lines = new LineCounter();
  // Without tokens nobody counts lines, but the fault of a limit has one.
  const broken = textLimits(text);
  if (broken !== undefined) {
    lines.addNewLine(0);
    for (let end = text.indexOf('\n'); end >= 0 && end < broken.offset; end = text.indexOf('\n', end + 1)) {
      lines.addNewLine(end + 1);
    }
    return { lines, faults: [limitFault(broken)] };
  }
  // Tokens first: the tokenizer keeps its own stack, while everything behind it recurses.
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tokenLimits(tokens);
  if (deep !== undefined) return { lines, faults: [limitFault(deep)] };
  const composer = new Composer({
    version: '1.2',
    uniqueKeys: false,
    prettyErrors: false,
    intAsBigInt: options.bigIntegers === true,
    customTags: (tags) => tags.map(withShortNumbers),
  });
  const documents = [...composer.compose(tokens, true, text.length)];
  const faults = documentFaults(documents);
  const document = documents[0];
  if (document === undefined || document.contents === null || faults.length > 0) return { lines, faults };
  return { root: document.contents, lines, faults };
}
