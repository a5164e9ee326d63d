const SECRET_FIELD = /pass|secret|token|key|credential|auth/i;
/** A field such as `headerKey` names a header; its value is no secret. */
const NAMING_FIELD = /^(headerKey|authScheme)$|url$/i;
/** Shorter values would mask ordinary words. */
const SHORTEST = 6;

/**
 * A function that masks the secrets of the connections among the given values: text fields whose names speak
 * of passwords, keys or tokens, and everything in a token answer. Plain and as sent in basic authentication.
 */
export function secretRedactor(...sources: Record<string, unknown>[]): (text: string) => string {
  const secrets = new Set<string>();
  for (const source of sources) {
    for (const value of Object.values(source)) collect(value, secrets);
  }
  const sorted = [...secrets]
    .filter((secret) => secret.length >= SHORTEST)
    .sort((a, b) => b.length - a.length);
  return sorted.length === 0
    ? (text) => text
    : (text) => sorted.reduce((masked, secret) => masked.replaceAll(secret, '[redacted]'), text);
}

function collect(value: unknown, secrets: Set<string>): void {
  if (!isConnection(value)) return;
  const { fields, token } = value;
  for (const [name, field] of Object.entries(fields)) {
    if (typeof field === 'string' && SECRET_FIELD.test(name) && !NAMING_FIELD.test(name)) secrets.add(field);
  }
  for (const [name, field] of Object.entries(token ?? {})) {
    if (typeof field === 'string' && /_token$|secret/i.test(name)) secrets.add(field);
  }
  const { username, password } = fields;
  if (typeof username === 'string' && typeof password === 'string' && password !== '') {
    secrets.add(Buffer.from(`${username}:${password}`).toString('base64'));
  }
}

function isConnection(
  value: unknown,
): value is { fields: Record<string, unknown>; token?: Record<string, unknown> | null } {
  if (typeof value !== 'object' || value === null) return false;
  const { key, fields } = value as { key?: unknown; fields?: unknown };
  return typeof key === 'string' && typeof fields === 'object' && fields !== null;
}
