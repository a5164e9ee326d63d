import type { PlanConfigVar } from '../../../engine/plan';
import { parseJson } from './check-value';
import type { OpenVariable } from './open-variables';

/** What a config variable of type schedule says. */
export interface ScheduleValue {
  /** Cron text; empty when it never recurs. */
  cron: string;
  /** IANA name; absent where neither the instance nor the variable names one. */
  timeZone?: string;
}

/** A schedule's value: as set by hand, else its default, which may be cron text or the object that runs see. */
export function scheduleValue(configVar: PlanConfigVar, open: OpenVariable | undefined): ScheduleValue {
  const own = open?.timeZone ?? configVar.timeZone;
  const text = open?.value ?? configVar.defaultValue ?? '';
  const given = text.trim().startsWith('{') ? parseJson(text) : undefined;
  if (typeof given !== 'object' || given === null) return withZone(text, own);
  const { value, time_zone: zone } = given as Record<string, unknown>;
  return withZone(
    typeof value === 'string' ? value : '',
    own ?? (typeof zone === 'string' ? zone : undefined),
  );
}

const withZone = (cron: string, timeZone: string | undefined): ScheduleValue =>
  timeZone ? { cron, timeZone } : { cron };
