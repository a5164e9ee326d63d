import type { Path } from './fault';
import { entryAt, isMapping } from './mapping';

/** The display name of the innermost step that a path of plain data leads into. */
export function stepNameAt(data: unknown, path: Path): string | undefined {
  let value = data;
  let name: string | undefined;
  for (const [index, segment] of path.entries()) {
    value = entryAt(value, segment);
    if (path[index - 1] !== 'steps' || path[0] !== 'flows' || !isMapping(value)) continue;
    const given = entryAt(value, 'name');
    name = typeof given === 'string' && given.trim() !== '' ? given : undefined;
  }
  return name;
}
