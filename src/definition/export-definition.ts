import { Scalar, stringify } from 'yaml';
import { AppError } from '../errors';
import { readYaml } from './read-yaml';
import { yamlData } from './yaml-data';

export interface ExportOptions {
  /** Ask for the latest version of every component instead of the one that the text names. */
  latestComponents?: boolean;
}

type Mapping = Map<string, unknown>;

const isMapping = (value: unknown): value is Mapping => value instanceof Map;

/** A component reference with `version: LATEST` in the place of its version or signature. */
function latest(component: Mapping): Mapping {
  const entries = [...component].filter(([key]) => key !== 'signature' || !component.has('version'));
  const replaced = entries.map(([key, value]): [string, unknown] =>
    key === 'version' || key === 'signature' ? ['version', 'LATEST'] : [key, value],
  );
  const result = new Map(replaced);
  return result.has('version') ? result : result.set('version', 'LATEST');
}

const isComponent = (value: unknown): value is Mapping =>
  isMapping(value) && typeof value.get('key') === 'string';

/** Everything that is a component by its place: `component` of actions and connections, `supplementalComponents`. */
function withLatest(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withLatest);
  if (!isMapping(value)) return value;
  const result: Mapping = new Map();
  for (const [key, entry] of value) {
    if (key === 'component' && isComponent(entry)) result.set(key, latest(entry));
    else if (key === 'supplementalComponents' && Array.isArray(entry)) {
      result.set(
        key,
        entry.map((item: unknown) => (isComponent(item) ? latest(item) : withLatest(item))),
      );
    } else result.set(key, withLatest(entry));
  }
  return result;
}

/** Characters that only double quotes can show. */
const ODD = /(?![\n\t])\p{Cc}|[\u2028\u2029\ufeff\ufffe\uffff]|\p{Cs}/u;

/**
 * Data with the way of writing its texts fixed: several lines in a literal block where that is safe, else in double
 * quotes. Left to itself, the YAML library writes some white space so that it reads back as other white space.
 */
function written(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(written);
  if (isMapping(value)) return new Map([...value].map(([key, entry]) => [writtenText(key), written(entry)]));
  // What `-0.0` gives is written as `-0`, a whole number that reads back as 0.
  if (Object.is(value, -0)) return 0;
  return typeof value === 'string' ? writtenText(value) : value;
}

function writtenText(text: string): Scalar | string {
  if (!/[\n\t]/.test(text) && !ODD.test(text)) return text;
  const scalar = new Scalar(text);
  scalar.type =
    text.includes('\n') && !ODD.test(text) && !/^\s/.test(text) ? 'BLOCK_LITERAL' : 'QUOTE_DOUBLE';
  return scalar;
}

/**
 * The canonical YAML text of a stored definition: the same data in the same order, without comments, anchors and
 * other matters of writing, and always with `configPages`. Exporting it again gives the same text. Throws
 * `invalid_definition` for text that is no YAML mapping.
 */
export function exportDefinition(text: string, options: ExportOptions = {}): string {
  const { root } = readYaml(text, { bigIntegers: true });
  const read = root === undefined ? undefined : yamlData(root, { asMaps: true });
  if (read === undefined || read.isRefused || read.faults.length > 0 || !isMapping(read.data)) {
    throw new AppError('invalid_definition', 'The stored definition is no YAML that can be exported.');
  }
  const data = new Map(read.data);
  if (!Array.isArray(data.get('configPages'))) data.set('configPages', []);
  return stringify(written(options.latestComponents === true ? withLatest(data) : data), {
    version: '1.2',
    lineWidth: 0,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
    aliasDuplicateObjects: false,
  });
}
