import type { Path } from './fault';

/** The display name of the innermost step that a path of plain data leads into. */
export function stepNameAt(data: unknown, path: Path): string | undefined {
  let value = data;
  let name: string | undefined;
  for (const [index, segment] of path.entries()) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, segment)) break;
    value = (value as Record<string | number, unknown>)[segment];
    const isStep = path[index - 1] === 'steps' && path[0] === 'flows';
    if (!isStep || typeof value !== 'object' || value === null) continue;
    const given: unknown = Object.hasOwn(value, 'name') ? (value as { name: unknown }).name : undefined;
    name = typeof given === 'string' && given.trim() !== '' ? given : undefined;
  }
  return name;
}
