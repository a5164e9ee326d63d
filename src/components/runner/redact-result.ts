import type { CallKind, PerformRequest } from './contract';
import { masked, type Redact } from './mask-values';
import { MASK, patternOfSecrets, secretRedactor, unchanged } from './redact-secrets';

/** Calls that give what a trigger gives, or a part of it. */
const OF_TRIGGERS = new Set<CallKind>([
  'trigger',
  'onDeployPerform',
  'resolveTriggerItems',
  'resolveOnDeployItems',
]);

type Request = Pick<PerformRequest, 'kind' | 'context' | 'params' | 'payload' | 'bundlePath'>;

/**
 * Made before a call begins, masks secrets in what it leaves for later steps and for the journal. States are not masked:
 * they are sealed where they are stored, shown to nobody, and given back as they were.
 */
export function resultRedactor(request: Request, redact: Redact): (result: unknown) => unknown {
  if (!OF_TRIGGERS.has(request.kind)) return (result) => without(result, redact, ['branch']);
  const { webhookApiKeys } = request.context;
  const keys = secretRedactor({}, { webhookApiKeys });
  const own = ofForeignTrigger(request);
  return (result) => without(without(result, own, ['branch', 'response']), keys, ['branch']);
}

/**
 * A trigger hands on what a caller sent as it came, a secret in it too, and answers that caller with what it likes. What
 * else it gives of the secrets that it was given is masked. Built-in triggers give nothing else.
 */
function ofForeignTrigger({ bundlePath, params, context, payload }: Request): Redact {
  const pattern = bundlePath === undefined ? undefined : patternOfSecrets({ params, context });
  if (!pattern) return unchanged;
  const came = new Set<string>();
  const note = (text: string): string => {
    for (const [found] of text.matchAll(pattern)) came.add(found);
    return text;
  };
  // Now: the trigger may put more into it.
  masked(payload, note);
  return (text) => text.replace(pattern, (found) => (came.has(found) ? found : MASK));
}

/** Some fields stay as they are; a branch is found by its name, which stands in the definition: masked, none would be. */
function without(result: unknown, redact: Redact, fields: readonly string[]): unknown {
  if (redact === unchanged) return result;
  const copy = masked(result, redact);
  if (copy === result || typeof result !== 'object' || result === null) return copy;
  const kept = Object.entries(result).filter(
    ([name, value]) => fields.includes(name) && (name !== 'branch' || typeof value === 'string'),
  );
  return kept.length === 0 ? copy : { ...(copy as object), ...Object.fromEntries(kept) };
}
