import type { PlanConfigVar, PlanConnection } from '../../../engine/plan';
import { parseJson } from './check-value';
import type { OpenVariable } from './open-variables';

const PARSED = new Set(['jsonform', 'objectselection', 'objectfieldmap']);

/** The value that steps get: of the type that definitions promise; nothing when it has none. */
export function runTimeValue(configVar: PlanConfigVar, open: OpenVariable | undefined): unknown {
  const { key, dataType, collectionType, connection, defaultValue } = configVar;
  if (connection) return connectionValue(key, connection, open?.fields ?? new Map());
  const text = open?.value ?? defaultValue ?? '';
  if (dataType === 'schedule') {
    const timeZone = open?.timeZone ?? configVar.timeZone ?? 'UTC';
    return { value: text, schedule_type: text === '' ? 'none' : 'custom', time_zone: timeZone };
  }
  if (text === '') return undefined;
  // Numbers and booleans stay text: the component that gets them converts them.
  if (collectionType === undefined && !PARSED.has(dataType)) return text;
  const parsed = parseJson(text);
  return collectionType === 'keyvaluelist' ? asPairs(parsed) : (parsed ?? text);
}

function asPairs(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).map(([key, item]: [string, unknown]) => ({ key, value: item }));
}

/** A connection in the shape that components expect. */
function connectionValue(configVarKey: string, connection: PlanConnection, set: Map<string, string>) {
  const texts = new Map<string, string>();
  for (const { key, value } of connection.fields) {
    const text = set.get(key) ?? value;
    if (text !== undefined) texts.set(key, text);
  }
  const fields = Object.fromEntries(
    // Only texts of the definition and the component are templates, never what somebody typed in.
    [...texts].map(([key, text]) => [key, set.has(key) ? text : renderTemplate(text, texts)]),
  );
  return { key: connection.key, configVarKey, fields };
}

/** Fills in `{{#field}}`, another field of the same connection. */
function renderTemplate(text: string, fields: Map<string, string>): string {
  return text.replace(/\{\{#(.*?)\}\}/g, (_whole, name: string) => fields.get(name.trim()) ?? '');
}
