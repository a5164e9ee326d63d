import type { Field } from './schema';
import { splitPath } from './split-path';

/**
 * The path that a field names, split, from its root on; nothing for an empty field. Text that does not go on with
 * `results` behind its root is a path inside the results of `root`: code-native integrations leave both out.
 */
export function fieldPath(field: Field | undefined, root: string): string[] | undefined {
  const path = splitPath(field?.value ?? '');
  if (path.length === 0) return undefined;
  return path[1] === 'results' ? path : [root, 'results', ...path];
}
