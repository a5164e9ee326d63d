import type { PlanConfigVar } from '../../../engine/plan';
import { parseJson } from './check-value';
import { connectionFields } from './connection-fields';
import type { OpenVariable } from './open-variables';
import { scheduleValue } from './schedule-value';

const PARSED = new Set(['jsonform', 'objectselection', 'objectfieldmap']);

/** The value that steps get: of the type that definitions promise; nothing when it has none. */
export function runTimeValue(configVar: PlanConfigVar, open: OpenVariable | undefined): unknown {
  const { key, dataType, collectionType, connection, defaultValue } = configVar;
  if (connection) {
    return { key: connection.key, configVarKey: key, fields: connectionFields(connection, open?.fields) };
  }
  // Its kind is left to a connection that is shared by integrations.
  if (dataType === 'connection') return undefined;
  if (dataType === 'schedule') {
    const { cron, timeZone = 'UTC' } = scheduleValue(configVar, open);
    return { value: cron, schedule_type: scheduleTypeOf(configVar, cron), time_zone: timeZone };
  }
  const text = open?.value ?? defaultValue ?? '';
  if (text === '') return undefined;
  // Numbers and booleans stay text: the component that gets them converts them.
  if (collectionType === undefined && !PARSED.has(dataType)) return text;
  const parsed = parseJson(text);
  return collectionType === 'keyvaluelist' ? asPairs(parsed) : (parsed ?? text);
}

/** What the definition calls the schedule, as far as that goes with whether it recurs at all. */
function scheduleTypeOf({ scheduleType }: PlanConfigVar, cron: string): string {
  if (cron === '') return scheduleType === 'once' ? 'once' : 'none';
  return scheduleType === undefined || scheduleType === 'none' || scheduleType === 'once'
    ? 'custom'
    : scheduleType;
}

function asPairs(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).map(([key, item]: [string, unknown]) => ({ key, value: item }));
}
