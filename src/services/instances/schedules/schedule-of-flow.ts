import { readCron } from '../../../definition/cron';
import { readTimeZone } from '../../../definition/time-zone';
import type { PlanConfigVar, PlanFlow, PlanTemplatePart } from '../../../engine/plan';
import type { OpenVariable } from '../config/open-variables';
import { runTimeValue } from '../config/run-time-value';
import { scheduleValue } from '../config/schedule-value';

/** When a flow runs by itself. */
export interface CronSchedule {
  /** Five fields. */
  cron: string;
  /** IANA name. */
  timeZone: string;
}

/** The schedule of a flow with its config variable filled in; null when it does not recur. */
export function scheduleOfFlow(
  { schedule }: PlanFlow,
  configVars: PlanConfigVar[],
  open: Map<string, OpenVariable>,
): CronSchedule | null {
  if (!schedule) return null;
  if (schedule.type === 'value') return readable(schedule.cron, schedule.timeZone);
  if (schedule.type === 'template')
    return readable(filledIn(schedule.parts, configVars, open), schedule.timeZone);
  const configVar = configVars.find(({ key }) => key === schedule.configVar);
  if (!configVar) return null;
  const { cron, timeZone } = scheduleValue(configVar, open.get(configVar.key));
  return readable(cron, timeZone ?? schedule.timeZone);
}

/** A schedule's template with the values of its config variables; what is not set is empty. */
function filledIn(
  parts: PlanTemplatePart[],
  configVars: PlanConfigVar[],
  open: Map<string, OpenVariable>,
): string {
  const texts = parts.map((part) => {
    if (part.kind === 'text') return part.text;
    const configVar = configVars.find(({ key }) => part.kind === 'configVar' && key === part.key);
    return configVar ? String(runTimeValue(configVar, open.get(configVar.key)) ?? '') : '';
  });
  return texts.join('');
}

function readable(text: string, timeZone: string): CronSchedule | null {
  if (text.trim() === '') return null;
  const reading = readCron(text);
  return 'problem' in reading ? null : { cron: reading.cron, timeZone: readTimeZone(timeZone) ?? 'UTC' };
}
