/** The IANA name in its proper spelling, `UTC` for an empty one, nothing for an unknown one. */
export function readTimeZone(text: string): string | undefined {
  const name = text.trim();
  if (name === '') return 'UTC';
  if (!/^[A-Za-z]/.test(name)) return undefined;
  try {
    const known = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone;
    // The runtime answers an alias with its target; only the spelling of the same name is taken over.
    return known.toLowerCase() === name.toLowerCase() ? known : name;
  } catch {
    return undefined;
  }
}
