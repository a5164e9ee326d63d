/**
 * The keys of all components that a definition names, each once; of free values that look like a component too.
 * Takes any plain data.
 */
export function componentKeys(definition: unknown): string[] {
  const keys = new Set<string>();
  const open: unknown[] = [definition];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    const { key, isPublic } = next as { key?: unknown; isPublic?: unknown };
    if (typeof key === 'string' && typeof isPublic === 'boolean') keys.add(key);
    for (const value of Object.values(next)) if (typeof value === 'object') open.push(value);
  }
  return [...keys];
}
