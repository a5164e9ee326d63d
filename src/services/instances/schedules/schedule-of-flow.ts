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

/** A schedule's text that is no cron expression, with the config variables that it is made of. */
export interface FaultySchedule {
  text: string;
  /** What is wrong with it: a sentence. */
  problem: string;
  /** Keys. */
  configVars: string[];
}

/** The schedule of a flow with its config variables filled in; null when it does not recur. */
export function scheduleOfFlow(
  flow: PlanFlow,
  configVars: PlanConfigVar[],
  open: Map<string, OpenVariable>,
): CronSchedule | null {
  const filled = filledIn(flow, configVars, open);
  const reading = filled && readCron(filled.text);
  if (!reading || 'problem' in reading) return null;
  return { cron: reading.cron, timeZone: readTimeZone(filled.timeZone) ?? 'UTC' };
}

/** What is wrong with a flow's schedule once its config variables are filled in; an empty one is in order. */
export function faultOfSchedule(
  flow: PlanFlow,
  configVars: PlanConfigVar[],
  open: Map<string, OpenVariable>,
): FaultySchedule | undefined {
  const filled = filledIn(flow, configVars, open);
  const reading = filled && readCron(filled.text);
  if (!reading || 'cron' in reading) return undefined;
  return { text: filled.text, problem: reading.problem, configVars: filled.configVars };
}

interface FilledIn {
  /** Not blank. */
  text: string;
  timeZone: string;
  configVars: string[];
}

/** A flow's schedule with the values of its config variables; undefined when it is empty then, or there is none. */
function filledIn(
  { schedule }: PlanFlow,
  configVars: PlanConfigVar[],
  open: Map<string, OpenVariable>,
): FilledIn | undefined {
  if (!schedule) return undefined;
  const filled = { text: '', timeZone: schedule.timeZone, configVars: [] as string[] };
  if (schedule.type === 'value') filled.text = schedule.cron;
  if (schedule.type === 'configVar') {
    const configVar = configVars.find(({ key }) => key === schedule.configVar);
    if (!configVar) return undefined;
    const { cron, timeZone } = scheduleValue(configVar, open.get(configVar.key));
    filled.text = cron;
    filled.timeZone = timeZone ?? schedule.timeZone;
    filled.configVars.push(configVar.key);
  }
  if (schedule.type === 'template') {
    filled.text = textOf(schedule.parts, configVars, open);
    const keys = schedule.parts.flatMap((part) => (part.kind === 'configVar' ? [part.key] : []));
    filled.configVars.push(...new Set(keys));
    filled.timeZone = zoneOf(keys, configVars, open) ?? schedule.timeZone;
  }
  return filled.text.trim() === '' ? undefined : filled;
}

/** A schedule's template with the values of its config variables; what is not set is empty. */
function textOf(
  parts: PlanTemplatePart[],
  configVars: PlanConfigVar[],
  open: Map<string, OpenVariable>,
): string {
  const texts = parts.map((part) => {
    if (part.kind === 'text') return part.text;
    const configVar = configVars.find(({ key }) => part.kind === 'configVar' && key === part.key);
    if (!configVar) return '';
    const own = open.get(configVar.key);
    if (configVar.dataType === 'schedule') return scheduleValue(configVar, own).cron;
    return String(runTimeValue(configVar, own) ?? '');
  });
  return texts.join('');
}

/** The time zone of the first of the variables that is a schedule and has one. */
function zoneOf(
  keys: string[],
  configVars: PlanConfigVar[],
  open: Map<string, OpenVariable>,
): string | undefined {
  return keys
    .flatMap((key) => configVars.find((one) => one.key === key && one.dataType === 'schedule') ?? [])
    .map((configVar) => scheduleValue(configVar, open.get(configVar.key)).timeZone)
    .find((timeZone) => timeZone !== undefined);
}
