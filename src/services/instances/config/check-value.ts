import { readCron } from '../../../definition/cron';
import type { PlanConfigVar } from '../../../engine/plan';

/** What is wrong with the text of a config variable that is no connection; nothing when it fits. */
export function checkValue(configVar: PlanConfigVar, value: string): string | undefined {
  if (configVar.collectionType !== undefined) return checkCollection(configVar, value);
  return checkSingle(configVar, value);
}

type Single = Pick<PlanConfigVar, 'dataType' | 'pickList' | 'codeLanguage'>;

function checkSingle({ dataType, pickList, codeLanguage }: Single, value: string): string | undefined {
  if (dataType === 'code') return codeLanguage === 'json' ? json(value) : undefined;
  const check = CHECKS[dataType];
  if (check) return check(value);
  if (dataType !== 'picklist' || !pickList?.length) return undefined;
  return pickList.includes(value) ? undefined : `wants one of: ${pickList.join(', ')}.`;
}

const json = (value: string) => (parseJson(value) === undefined ? 'wants JSON text.' : undefined);

const CHECKS: Record<string, (value: string) => string | undefined> = {
  number: (value) => (value.trim() !== '' && Number.isFinite(Number(value)) ? undefined : 'wants a number.'),
  boolean: (value) => (value === 'true' || value === 'false' ? undefined : 'wants true or false.'),
  date: (value) => (isDay(value) ? undefined : 'wants a day such as 2026-07-31.'),
  timestamp: (value) =>
    Number.isNaN(Date.parse(value)) ? 'wants a time such as 2026-07-31T08:00:00Z.' : undefined,
  jsonform: json,
  objectselection(value) {
    const list = parseJson(value);
    const isSelection = Array.isArray(list) && list.every((one: unknown) => isObject(one) && 'object' in one);
    return isSelection ? undefined : 'wants a JSON list of {"object": …, "fields": …}.';
  },
  objectfieldmap(value) {
    const map = parseJson(value);
    const fields = isObject(map) ? map['fields'] : undefined;
    const isMap = Array.isArray(fields) && fields.every((one: unknown) => isObject(one) && 'field' in one);
    return isMap ? undefined : 'wants JSON text of {"fields": [{"field": …, "mappedField": …}]}.';
  },
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

function checkCollection(configVar: PlanConfigVar, value: string): string | undefined {
  const list = parseJson(value);
  const isValues = configVar.collectionType === 'valuelist';
  if (!Array.isArray(list) || (!isValues && !list.every((pair: unknown) => isPair(pair)))) {
    return isValues ? 'wants a JSON list.' : 'wants a JSON list of {"key": …, "value": …}.';
  }
  const items: unknown[] = isValues ? list : list.map((pair: { value: unknown }) => pair.value);
  // Items that are no single values are what the component makes of them.
  const texts = items.filter((item) => ['string', 'number', 'boolean'].includes(typeof item)).map(String);
  const problem = texts.map((text) => checkSingle(configVar, text)).find((found) => found !== undefined);
  return problem === undefined ? undefined : `has an item that ${problem}`;
}

const isPair = (pair: unknown) => isObject(pair) && 'key' in pair && 'value' in pair;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value of JSON text; nothing for text that is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
