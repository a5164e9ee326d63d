import type { CallKind, PerformRequest } from './contract';
import { secretRedactor, unchanged } from './redact-secrets';

/** Calls that give what a trigger gives, or a part of it. */
const OF_TRIGGERS = new Set<CallKind>([
  'trigger',
  'onDeployPerform',
  'resolveTriggerItems',
  'resolveOnDeployItems',
]);

/**
 * Masks secrets in what a call leaves for later steps and for the journal. What a trigger gives is what a caller
 * sent, and is handed on as it came, but for the API keys of the instance's flows that are put beside it. States are
 * not masked: they are sealed where they are stored, shown to nobody, and given back as they were.
 */
export function redactResult(
  { kind, context }: Pick<PerformRequest, 'kind' | 'context'>,
  result: unknown,
  redact: (text: string) => string,
): unknown {
  const { webhookApiKeys } = context;
  const mask = OF_TRIGGERS.has(kind) ? secretRedactor({}, { webhookApiKeys }) : redact;
  return mask === unchanged ? result : withBranch(masked(result, mask, new Set()), result);
}

/** A branch is found by its name, which stands in the definition: masked, none would be. */
function withBranch(copy: unknown, result: unknown): unknown {
  const { branch } = (result ?? {}) as { branch?: unknown };
  if (copy === result || typeof branch !== 'string') return copy;
  return { ...(copy as object), branch };
}

function masked(value: unknown, redact: (text: string) => string, inside: Set<object>): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value !== 'object' || value === null || inside.has(value)) return value;
  if (value instanceof Uint8Array) return maskedBytes(value, redact);
  inside.add(value);
  const copy = maskedContainer(value, (item) => masked(item, redact, inside), redact);
  inside.delete(value);
  return copy;
}

function maskedContainer(
  value: object,
  mask: (item: unknown) => unknown,
  redact: (text: string) => string,
): unknown {
  if (Array.isArray(value)) {
    const items = value.map(mask);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [mask(key), mask(item)]));
  if (value instanceof Set) return new Set([...value].map(mask));
  const prototype: unknown = Object.getPrototypeOf(value);
  // Of class instances only plain data is sent on; dates and the like hold no text.
  if (prototype !== Object.prototype && prototype !== null && !(value instanceof Error)) {
    return Object.keys(value).length === 0 ? value : maskedObject({ ...value }, mask, redact);
  }
  return maskedObject(value, mask, redact);
}

function maskedObject(
  value: object,
  mask: (item: unknown) => unknown,
  redact: (text: string) => string,
): unknown {
  const entries = Object.entries(value);
  const copies = entries.map(([key, item]) => [redact(key), mask(item)] as const);
  const isSame = copies.every(
    ([key, item], index) => key === entries[index]?.[0] && item === entries[index][1],
  );
  return isSame ? value : Object.fromEntries(copies);
}

/** Each byte is taken for a character of its own, so that what is not masked stays as it was. */
function maskedBytes(bytes: Uint8Array, redact: (text: string) => string): Uint8Array {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const left = redact(text);
  return left === text ? bytes : Buffer.from(left, 'latin1');
}
