import type { YAMLMap } from 'yaml';
import { lazy } from '../lazy';
import { isSerialized, reasonOf, textOf } from './data';
import type { Written } from './written';

const library = lazy<typeof import('yaml')>('yaml');
const MAX_MEGABYTES = 8;
/** References to anchors that one document may hold once they are counted through: a few short lines can mean billions. */
const MAX_ALIASES = 100;

/** YAML 1.2 text as a value; a value that was read already is given as it is. Throws for several documents. */
export function readYaml(data: unknown): unknown {
  if (!isSerialized(data) && data !== undefined && data !== null) return data;
  const { parseDocument, visit } = library();
  const text = textOf('Data', data, MAX_MEGABYTES);
  try {
    // The library's own look for equal keys takes the square of their number.
    const document = parseDocument(text, { merge: true, logLevel: 'error', uniqueKeys: false });
    const [fault] = document.errors;
    if (fault !== undefined) throw fault;
    visit(document, { Map: (_key, map) => refuseEqualKeys(map) });
    return document.toJS({ maxAliasCount: MAX_ALIASES }) as unknown;
  } catch (error) {
    throw new Error(`Data is no YAML: ${reasonOf(error)}.`);
  }
}

function refuseEqualKeys({ items }: YAMLMap): void {
  const { isScalar } = library();
  const seen = new Set<unknown>();
  for (const { key } of items) {
    if (!isScalar(key) || key.value === '<<') continue;
    if (seen.has(key.value)) throw new Error(`the key "${String(key.value)}" occurs twice`);
    seen.add(key.value);
  }
}

/** A value as YAML text. */
export function writeYaml(value: unknown): Written {
  try {
    // No anchors: readers would have to know that equal parts were once the same.
    const data = library().stringify(value ?? null, { aliasDuplicateObjects: false, lineWidth: 0 });
    return { data, contentType: 'application/yaml' };
  } catch (error) {
    throw new Error(`Data cannot be written as YAML: ${reasonOf(error)}.`);
  }
}
