/** Plain data as the text that a config variable holds: text stays as it is, all else becomes JSON. */
export function jsonText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? undefined : JSON.stringify(value);
}
