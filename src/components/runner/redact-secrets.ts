import { operatorSecrets } from './operator-secrets';
import { secretPattern } from './secret-forms';
import { isSecretField, isSecretVariable } from './secret-names';

/** What of a call's inputs and context can hold secrets. */
export interface SecretHolders {
  params?: Record<string, unknown>;
  context?: { configVars?: unknown; webhookApiKeys?: unknown };
}

/** A function that masks the secrets of a call, in all that {@link patternOfSecrets} matches. */
export function secretRedactor(
  params: Record<string, unknown>,
  context: SecretHolders['context'] = {},
): (text: string) => string {
  const pattern = patternOfSecrets({ params, context });
  return pattern ? (text) => text.replace(pattern, MASK) : unchanged;
}

/** Stands where a secret was. */
export const MASK = '[redacted]';

/**
 * Matches the secrets of a call: fields of connections and text config variables whose names speak of passwords, keys or
 * tokens, everything in a token answer, and the API keys of the instance's flows; and those of the operator that this
 * process knows. In the forms that {@link secretPattern} names, and as sent in basic authentication.
 */
export function patternOfSecrets({ params = {}, context = {} }: SecretHolders): RegExp | undefined {
  const secrets = new Set<string>(operatorSecrets);
  for (const value of Object.values(params)) collect(value, secrets);
  for (const [name, value] of Object.entries(context.configVars ?? {})) {
    if (typeof value === 'string' && isSecretVariable(name)) secrets.add(value);
    else collect(value, secrets);
  }
  for (const keys of Object.values(context.webhookApiKeys ?? {})) {
    for (const key of Array.isArray(keys) ? keys : []) if (typeof key === 'string') secrets.add(key);
  }
  return patternOf(secrets);
}

/** What masks when there is no secret. */
export const unchanged = (text: string): string => text;

/** Calls of one instance come in a row; making a pattern costs more than using it. */
const MOST_KEPT = 50;
const kept = new Map<string, RegExp | undefined>();

function patternOf(secrets: Set<string>): RegExp | undefined {
  if (secrets.size === 0) return undefined;
  const name = [...secrets].sort().join('\0');
  if (kept.has(name)) return kept.get(name);
  const pattern = secretPattern(secrets);
  const oldest = kept.keys().next().value;
  if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
  kept.set(name, pattern);
  return pattern;
}

function collect(value: unknown, secrets: Set<string>): void {
  if (!isConnection(value)) return;
  const { fields, token } = value;
  for (const [name, field] of Object.entries(fields)) {
    if (typeof field === 'string' && isSecretField(name)) secrets.add(field);
  }
  for (const [name, field] of Object.entries(token ?? {})) {
    if (typeof field === 'string' && /_token$|secret/i.test(name)) secrets.add(field);
  }
  const { username, password } = fields;
  if (typeof username === 'string' && typeof password === 'string' && password !== '') {
    secrets.add(Buffer.from(`${username}:${password}`).toString('base64'));
  }
}

function isConnection(value: unknown): value is {
  fields: Record<string, unknown>;
  token?: Record<string, unknown> | null;
} {
  if (typeof value !== 'object' || value === null) return false;
  const { key, fields } = value as { key?: unknown; fields?: unknown };
  return typeof key === 'string' && typeof fields === 'object' && fields !== null;
}
