import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import type { DriverInput } from './contract';
import type { FlowSchedule } from './gateway';
import { DRIVER_WORKFLOW, fitSummary, scheduleId } from './names';
import { searchAttributesOf } from './search-attributes-of';

/** Ticks missed during an outage are made up for this long; the server's default is a year. */
const CATCHUP_WINDOW = '1 hour';

/** Creates the schedule of a flow, or brings an existing one to this form. */
export async function putSchedule(client: Client, taskQueue: string, schedule: FlowSchedule): Promise<void> {
  const options = optionsOf(taskQueue, schedule);
  try {
    await client.schedule.create(options);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(options.scheduleId).update((present) => ({
      ...options,
      state: { ...present.state, paused: schedule.isPaused },
    }));
  }
}

function optionsOf(taskQueue: string, schedule: FlowSchedule) {
  const input: DriverInput = {
    scheduledFlowConfigId: schedule.flowConfigId,
    stepsPerActivity: schedule.stepsPerActivity,
  };
  const id = scheduleId(schedule.flowConfigId);
  return {
    scheduleId: id,
    spec: { cronExpressions: cronExpressions(schedule.cron), timezone: schedule.timeZone },
    policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL, catchupWindow: CATCHUP_WINDOW },
    state: { paused: schedule.isPaused },
    action: {
      type: 'startWorkflow',
      workflowType: DRIVER_WORKFLOW,
      // The server appends the nominal time, which makes a tick one execution.
      workflowId: id,
      taskQueue,
      args: [input],
      staticSummary: fitSummary(schedule.summary),
      ...(schedule.customerId && { priority: { fairnessKey: schedule.customerId } }),
      typedSearchAttributes: searchAttributesOf([{ ...schedule, invokeType: 'SCHEDULED' }]),
    },
  } satisfies ScheduleOptions;
}

/**
 * Cron fires when the day of the month *or* the day of the week matches, if both are restricted. Temporal
 * wants both to match, so such an expression is given as two.
 */
export function cronExpressions(cron: string): string[] {
  const [minute, hour, day = '*', month, weekday = '*'] = cron.trim().split(/\s+/);
  if (day.startsWith('*') || weekday.startsWith('*')) return [cron];
  return [`${minute} ${hour} ${day} ${month} *`, `${minute} ${hour} * ${month} ${weekday}`];
}
