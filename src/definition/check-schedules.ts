import { readCron } from './cron';
import type { Path } from './fault';
import type { FaultList } from './fault-list';
import { readSchedule } from './read-schedule';
import type { ConfigVar, Definition, Step } from './schema';
import { stepSites } from './step-sites';
import { readTimeZone } from './time-zone';

const CRON_HINT =
  'Give five fields: minute, hour, day of the month, month, day of the week; e.g. "*/5 * * * *".';

function checkTimeZone(timeZone: string | undefined, path: Path, faults: FaultList): void {
  if (timeZone === undefined || readTimeZone(timeZone) !== undefined) return;
  const hint = 'Give an IANA name such as "Europe/Berlin"; empty means UTC.';
  faults.error('bad_time_zone', path, `There is no time zone "${timeZone}".`, hint);
}

function checkCron(text: string, problem: string, path: Path, faults: FaultList): void {
  faults.error('bad_cron', path, `"${text}" is no cron expression. ${problem}`, CRON_HINT);
}

function checkStep(step: Step, path: Path, isTrigger: boolean, faults: FaultList): void {
  if (step.schedule === undefined) return;
  if (!isTrigger) {
    const hint = 'Move the schedule to the trigger, the first step of the flow.';
    faults.error('misplaced_schedule', path, 'Only a trigger can have a schedule.', hint, { at: 'key' });
    return;
  }
  const reading = readSchedule(step.schedule);
  const recurrence = step.schedule.meta.scheduleType ?? 'none';
  if (reading.kind === 'none' && recurrence !== 'none' && recurrence !== 'once') {
    const message = 'The schedule is empty, so the flow does not start by itself.';
    faults.warning('empty_schedule', [...path, 'value'], message, CRON_HINT);
  }
  if (reading.kind === 'faulty') checkCron(step.schedule.value, reading.problem, [...path, 'value'], faults);
  checkTimeZone(step.schedule.meta.timeZone, [...path, 'meta', 'timeZone'], faults);
}

function checkConfigVar(configVar: ConfigVar, path: Path, faults: FaultList): void {
  checkTimeZone(configVar.timeZone, [...path, 'timeZone'], faults);
  const text = configVar.defaultValue;
  // A default may also be the JSON object that a run sees; what is in it is checked when it is used.
  if (configVar.dataType !== 'schedule' || typeof text !== 'string' || /^\s*(\{|$)/.test(text)) return;
  const reading = readCron(text);
  if ('problem' in reading) checkCron(text, reading.problem, [...path, 'defaultValue'], faults);
}

/** Checks cron expressions and time zones, on triggers and on config variables. */
export function checkSchedules(definition: Definition, faults: FaultList): void {
  definition.flows.forEach((flow, index) => {
    for (const { step, path, isTrigger } of stepSites(flow, index)) {
      checkStep(step, [...path, 'schedule'], isTrigger, faults);
    }
  });
  definition.requiredConfigVars.forEach((configVar, index) => {
    checkConfigVar(configVar, ['requiredConfigVars', index], faults);
  });
}
