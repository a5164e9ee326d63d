import { Composer, type Document, LineCounter, type Node, Parser } from 'yaml';
import type { Path } from './fault';
import { LIMITS } from './limits';
import { tokenDepth } from './token-depth';

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
  document?: Document.Parsed;
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

const VERSION_HINT = 'Remove the %YAML line; definitions are YAML 1.2.';

function documentFaults(documents: Document.Parsed[]): YamlFault[] {
  const faults: YamlFault[] = [];
  for (const document of documents) {
    for (const problem of [...document.errors, ...document.warnings]) {
      const message = problem.message.split('\n')[0] ?? 'The YAML cannot be read.';
      const isTag = problem.code === 'TAG_RESOLVE_FAILED';
      const hint = isTag ? 'Remove the tag.' : 'Correct the YAML at this place.';
      faults.push(error(isTag ? 'yaml_tag' : 'yaml_syntax', problem.pos[0], message, hint));
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

/**
 * Reads a text as one YAML 1.2 document, within the limits for size and depth. With `bigIntegers` whole numbers
 * become `bigint`, so that writing them again loses no digit.
 */
export function readYaml(text: string, options: { bigIntegers?: boolean } = {}): YamlText {
  const lines = new LineCounter();
  const refuse = (fault: YamlFault): YamlText => ({ lines, faults: [fault] });
  if (text.length > LIMITS.characters) {
    const message = `The text has ${text.length} characters; at most ${LIMITS.characters} are read.`;
    return refuse(error('too_large', 0, message, 'Split the integration, or move large values out of it.'));
  }
  // Tokens first: the tokenizer keeps its own stack, while everything behind it recurses.
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tokenDepth(tokens, LIMITS.depth);
  if (deep !== undefined) {
    const message = `Mappings and lists are nested more than ${LIMITS.depth} deep.`;
    return refuse(error('too_deep', deep, message, 'Move the inner steps to a flow of their own.'));
  }
  const composer = new Composer({
    version: '1.2',
    uniqueKeys: false,
    prettyErrors: false,
    intAsBigInt: options.bigIntegers === true,
  });
  const documents = [...composer.compose(tokens, true, text.length)];
  const faults = documentFaults(documents);
  const document = documents[0];
  if (document === undefined || document.contents === null || faults.length > 0) return { lines, faults };
  return { document, root: document.contents, lines, faults };
}
