import { action, input } from '@prismatic-io/spectral';
import { cleanText } from '../clean-input';

const MAX_CHARACTERS = 16 * 1024 * 1024;
const MAX_NAMED = 50;

type Library = typeof import('libxml2-wasm');
type ErrorDetail = InstanceType<Library['XmlParseError']>['details'][number];

const documentInput = (label: string, comments: string) =>
  input({
    label,
    type: 'code',
    language: 'xml',
    required: true,
    comments,
    clean: (value: unknown) => {
      const text = cleanText(value)
        .replace(/^\uFEFF/, '')
        .trim();
      if (text === '') throw new Error(`${label} is empty.`);
      if (text.length <= MAX_CHARACTERS) return text;
      throw new Error(`${label} is longer than ${MAX_CHARACTERS} characters.`);
    },
  });

/** Runs one stage of the check; its error names the document and every fault with its line. */
function stage<T>({ XmlLibError }: Library, what: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    // Such as an entity that would have to be read from elsewhere.
    if (!(error instanceof XmlLibError)) throw new Error(`${what}: ${String((error as Error).message)}`);
    throw new Error(`${what}:\n${faultsOf(error.details, error.message)}`);
  }
}

function faultsOf(details: ErrorDetail[], message: string): string {
  if (details.length === 0) return `- ${message.trim()}`;
  const lines = details
    .slice(0, MAX_NAMED)
    .map(({ line, message: told }) => `- line ${line}: ${told.trim()}`);
  if (details.length > MAX_NAMED) lines.push(`- and ${details.length - MAX_NAMED} more`);
  return lines.join('\n');
}

/** Checks a document; nothing outside of the two texts is read: entities and includes have no way to files or hosts. */
function check(library: Library, xml: string, xmlSchema: string): void {
  const { ParseOption, XmlDocument, XsdValidator } = library;
  const option = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE;
  // What the library keeps outside of JavaScript's memory is given back, whatever happens.
  const kept: { dispose(): void }[] = [];
  const keep = <T extends { dispose(): void }>(one: T): T => {
    kept.push(one);
    return one;
  };
  try {
    const document = keep(
      stage(library, 'XML cannot be read', () => XmlDocument.fromString(xml, { option })),
    );
    const schema = keep(
      stage(library, 'XML Schema cannot be read', () => XmlDocument.fromString(xmlSchema, { option })),
    );
    const validator = keep(stage(library, 'XML Schema cannot be used', () => XsdValidator.fromDoc(schema)));
    stage(library, 'XML does not match XML Schema', () => validator.validate(document));
  } finally {
    for (const one of kept.reverse()) one.dispose();
  }
}

/** Gives the document back when it matches; otherwise the step fails, naming all faults. */
export const validateXmlSchema = action({
  display: {
    label: 'Validate XML Schema',
    description: 'Fails unless an XML document matches an XSD schema.',
  },
  inputs: {
    xmlInput: documentInput('XML', 'The document to check.'),
    xmlSchema: documentInput('XML Schema', 'An XSD schema, complete: it can include no other.'),
  },
  perform: async (_context, { xmlInput, xmlSchema }) => {
    // When it is first needed: the library is WebAssembly with memory of its own.
    check(await import('libxml2-wasm'), xmlInput, xmlSchema);
    return { data: xmlInput };
  },
});
