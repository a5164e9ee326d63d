import { readCron } from './cron';
import { parseTemplate } from './parse-template';
import type { Step } from './schema';

type Schedule = NonNullable<Step['schedule']>;

export type ScheduleReading =
  | { kind: 'none' }
  | { kind: 'cron'; cron: string }
  | { kind: 'configVar'; key: string }
  | { kind: 'template' }
  | { kind: 'faulty'; problem: string };

/** What a trigger step's schedule says; without a schedule, or with an empty one, `none`. */
export function readSchedule(schedule: Schedule | undefined): ScheduleReading {
  if (schedule === undefined) return { kind: 'none' };
  const text = schedule.value.trim();
  if (schedule.type === 'configVar')
    return text === '' ? { kind: 'none' } : { kind: 'configVar', key: schedule.value };
  if (schedule.type === 'template' && parseTemplate(text).some((part) => part.kind !== 'text')) {
    return { kind: 'template' };
  }
  if (text === '') return { kind: 'none' };
  const reading = readCron(text);
  return 'cron' in reading
    ? { kind: 'cron', cron: reading.cron }
    : { kind: 'faulty', problem: reading.problem };
}
