import { readCron } from '../../../definition/cron';
import type { PlanConfigVar } from '../../../engine/plan';

/** What is wrong with the text of a config variable that is no connection; nothing when it fits. */
export function checkValue(configVar: PlanConfigVar, value: string): string | undefined {
  if (configVar.collectionType !== undefined) return checkCollection(configVar.collectionType, value);
  const check = CHECKS[configVar.dataType];
  if (check) return check(value);
  if (configVar.dataType !== 'picklist' || !configVar.pickList?.length) return undefined;
  return configVar.pickList.includes(value) ? undefined : `wants one of: ${configVar.pickList.join(', ')}.`;
}

const json = (value: string) => (parseJson(value) === undefined ? 'wants JSON text.' : undefined);

const CHECKS: Record<string, (value: string) => string | undefined> = {
  number: (value) => (value.trim() !== '' && Number.isFinite(Number(value)) ? undefined : 'wants a number.'),
  boolean: (value) => (value === 'true' || value === 'false' ? undefined : 'wants true or false.'),
  date: (value) => (isDay(value) ? undefined : 'wants a day such as 2026-07-31.'),
  timestamp: (value) =>
    Number.isNaN(Date.parse(value)) ? 'wants a time such as 2026-07-31T08:00:00Z.' : undefined,
  jsonform: json,
  objectselection: json,
  objectfieldmap: json,
  schedule(value) {
    const reading = readCron(value);
    return 'problem' in reading ? `wants a cron expression of five fields. ${reading.problem}` : undefined;
  },
};

function isDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
}

function checkCollection(type: 'valuelist' | 'keyvaluelist', value: string): string | undefined {
  const list = parseJson(value);
  if (type === 'valuelist') return Array.isArray(list) ? undefined : 'wants a JSON list.';
  const isPairs = Array.isArray(list) && list.every((pair: unknown) => isPair(pair));
  return isPairs ? undefined : 'wants a JSON list of {"key": …, "value": …}.';
}

const isPair = (pair: unknown) =>
  typeof pair === 'object' && pair !== null && 'key' in pair && 'value' in pair;

/** The value of JSON text; nothing for text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
