import { stringify } from 'yaml';
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
  return stringify(options.latestComponents === true ? withLatest(data) : data, {
    version: '1.2',
    // Folded lines could be read back with other white space.
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}
