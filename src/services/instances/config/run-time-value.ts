import type { PlanConfigVar, PlanConnection } from '../../../engine/plan';
import { parseJson } from './check-value';
import type { OpenVariable } from './open-variables';
import { scheduleValue } from './schedule-value';

const PARSED = new Set(['jsonform', 'objectselection', 'objectfieldmap']);

/** The value that steps get: of the type that definitions promise; nothing when it has none. */
export function runTimeValue(configVar: PlanConfigVar, open: OpenVariable | undefined): unknown {
  const { key, dataType, collectionType, connection, defaultValue } = configVar;
  if (connection) return connectionValue(key, connection, open?.fields ?? new Map());
  if (dataType === 'schedule') {
    const { cron, timeZone = 'UTC' } = scheduleValue(configVar, open);
    return { value: cron, schedule_type: cron === '' ? 'none' : 'custom', time_zone: timeZone };
  }
  const text = open?.value ?? defaultValue ?? '';
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
  const fillIn = (text: string) =>
    renderTemplate(text, (name) => {
      const isField = connection.fields.some(({ key }) => key === name);
      return isField ? (texts.get(name) ?? '') : undefined;
    });
  const fields = Object.fromEntries(
    // Only texts of the definition and the component are templates, never what somebody typed in.
    [...texts].map(([key, text]) => [key, set.has(key) ? text : fillIn(text)]),
  );
  return { key: connection.key, configVarKey, fields };
}

/** Fills in `{{#field}}`, another field of the same connection; other text stays. */
function renderTemplate(text: string, valueOf: (name: string) => string | undefined): string {
  return text.replace(/\{\{#(.*?)\}\}/g, (whole, name: string) => valueOf(name.trim()) ?? whole);
}
