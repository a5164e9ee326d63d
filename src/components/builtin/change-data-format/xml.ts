import { isBinary } from '../clean-input';
import { lazy } from '../lazy';
import { reasonOf, textOf } from './data';
import type { Written } from './written';

const library = lazy<typeof import('fast-xml-parser')>('fast-xml-parser');
/** Attributes are keys that begin so. */
const ATTRIBUTE = '@_';
const TEXT = '#text';
const MAX_DEPTH = 200;
/** Of documents that declare entities: few and short ones, so that none of them can blow up. */
const ENTITIES = {
  enabled: true,
  maxEntityCount: 100,
  maxEntitySize: 10_000,
  maxExpansionDepth: 10,
  maxTotalExpansions: 10_000,
  maxExpandedLength: 1_000_000,
  // Those that the document declares itself; the five of XML and numbers may be as many as they like.
  appliesTo: 'external',
};

/**
 * XML text as a value: elements become keys, repeated ones lists, attributes keys that begin with `@_`, text beside
 * them `#text`. Numbers and truth values are read unless `asText`; numbers with leading zeros stay text.
 */
export function readXml(data: unknown, asText: boolean): unknown {
  const text = textOf('Data', data);
  const verdict = library().XMLValidator.validate(text, { allowBooleanAttributes: true });
  if (verdict !== true) {
    const { msg, line } = verdict.err;
    throw new Error(`Data is no well-formed XML: ${msg.replace(/\.$/, '')} (line ${line}).`);
  }
  try {
    return parserOf(asText).parse(text) as unknown;
  } catch (error) {
    throw new Error(`Data cannot be read as XML: ${reasonOf(error)}.`);
  }
}

const parserOf = (asText: boolean) =>
  new (library().XMLParser)({
    ignoreAttributes: false,
    attributeNamePrefix: ATTRIBUTE,
    textNodeName: TEXT,
    allowBooleanAttributes: true,
    parseTagValue: !asText,
    parseAttributeValue: !asText,
    numberParseOptions: { leadingZeros: false, hex: false, eNotation: false },
    ignoreDeclaration: true,
    ignorePiTags: true,
    processEntities: ENTITIES,
    // Characters by number too.
    htmlEntities: true,
    maxNestedTags: MAX_DEPTH,
  });

/** A value as an XML document; one that has no single root is put into `root`, members of a list into `row`. */
export function writeXml(value: unknown): Written {
  try {
    const builder = new (library().XMLBuilder)({
      ignoreAttributes: false,
      attributeNamePrefix: ATTRIBUTE,
      textNodeName: TEXT,
      format: true,
      suppressEmptyNode: false,
      suppressBooleanAttributes: false,
    });
    const body = builder.build(toDocument(value)) as string;
    return { data: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`, contentType: 'application/xml' };
  } catch (error) {
    throw new Error(`Data cannot be written as XML: ${reasonOf(error)}.`);
  }
}

function toDocument(value: unknown): Record<string, unknown> {
  if (Array.isArray(value)) return { root: { row: value.map((item) => toNode(item, 1)) } };
  const node = toNode(value, 0);
  if (typeof node !== 'object' || node === null) return { root: node };
  const names = Object.keys(node);
  const [only] = names;
  const isDocument =
    names.length === 1 &&
    only !== undefined &&
    !only.startsWith(ATTRIBUTE) &&
    only !== TEXT &&
    !Array.isArray((node as Record<string, unknown>)[only]);
  return isDocument ? (node as Record<string, unknown>) : { root: node };
}

/** With element names that XML allows; bytes as base64, as XML holds them. */
function toNode(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new RangeError('too deep');
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (isBinary(value)) return Buffer.from(value.data).toString('base64');
  // A list in a list has no name of its own.
  if (Array.isArray(value))
    return value.map((item) => toNode(Array.isArray(item) ? { row: item } : item, depth + 1));
  if (typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [nameOf(key), toNode(item, depth + 1)]),
  );
}

function nameOf(key: string): string {
  if (key === TEXT) return key;
  const isAttribute = key.startsWith(ATTRIBUTE);
  const name = (isAttribute ? key.slice(ATTRIBUTE.length) : key).replace(/[^\p{L}\p{N}._:-]/gu, '_');
  return `${isAttribute ? ATTRIBUTE : ''}${/^[\p{L}_]/u.test(name) ? name : `_${name}`}`;
}
