import type { Plan, PlanFlow } from '../../../engine/plan';
import type { FieldFault } from '../../../errors';
import type { OpenVariable } from '../config/open-variables';
import { type FaultySchedule, faultOfSchedule } from './schedule-of-flow';

/** What of a text is shown. */
const MOST_CHARACTERS = 120;

/**
 * The flows whose schedule, filled in, is neither empty nor a cron expression: they would silently never start. Those
 * whose config variables have a fault of their own already (`faulty`, by key) are left out.
 */
export function scheduleFaults(
  { flows, configVars }: Pick<Plan, 'flows' | 'configVars'>,
  open: Map<string, OpenVariable>,
  faulty: ReadonlySet<string>,
): FieldFault[] {
  return flows.flatMap((flow) => {
    const fault = faultOfSchedule(flow, configVars, open);
    if (!fault || fault.configVars.some((key) => faulty.has(key))) return [];
    return [{ field: `flowConfigs.${flow.name}.schedule`, messages: [messageOf(flow, fault)] }];
  });
}

function messageOf({ name }: PlanFlow, { text, problem, configVars }: FaultySchedule): string {
  const shown = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return `The schedule of the flow "${name}" is "${shown}", which is no cron expression. ${problem} ${remedyOf(configVars)}`;
}

function remedyOf(configVars: string[]): string {
  const fields =
    'five fields (minute, hour, day of the month, month, day of the week), such as "*/5 * * * *"';
  if (configVars.length === 0) return `Publish a version whose schedule has ${fields}.`;
  const names = configVars.map((key) => `"${key}"`).join(', ');
  const what = configVars.length === 1 ? 'the config variable' : 'the config variables';
  return `Set ${what} ${names} so that the schedule has ${fields}.`;
}
