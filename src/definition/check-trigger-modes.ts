import type { ActionManifest, TriggerManifest } from '../components/manifest';
import { warnOfBatches } from './check-flow-rules';
import type { FaultList } from './fault-list';
import { readSchedule } from './read-schedule';
import type { Flow, Step } from './schema';
import type { StepSite } from './step-sites';

const isTriggerManifest = (declared: ActionManifest | TriggerManifest): declared is TriggerManifest =>
  'scheduleSupport' in declared;

type TriggerStep = StepSite & { declared: ActionManifest | TriggerManifest };

/** What only makes sense for a trigger that starts by itself, or that finds items. */
function checkSelfStarting(
  { step, path }: TriggerStep,
  declared: TriggerManifest,
  flow: Flow,
  faults: FaultList,
): void {
  const at = path.slice(0, 2);
  const isScheduled = readSchedule(step.schedule).kind !== 'none';
  if (flow.queueConfig?.singletonExecutions === true && !isScheduled && declared.isPollingTrigger !== true) {
    const message = `The flow "${flow.name}" has no schedule, so there is no tick to skip.`;
    const hint = 'Remove "singletonExecutions", or use "usesFifoQueue".';
    faults.error('queue_conflict', [...at, 'queueConfig', 'singletonExecutions'], message, hint, {
      at: 'key',
    });
  }
  if (flow.triggerResolver?.enabled === true && declared.hasResolveTriggerItems !== true) {
    const message = `The trigger "${declared.key}" of "${step.action.component.key}" does not say what its items are, so nothing is cut into batches.`;
    const hint = 'Set "enabled: false", or use a trigger that finds items.';
    faults.warning('batch_without_items', [...at, 'triggerResolver'], message, hint, { at: 'key' });
  }
}

/** Neither when nor that it never recurs is said; an empty schedule that says it should recur is warned of elsewhere. */
const isUnscheduled = ({ schedule }: Step): boolean =>
  readSchedule(schedule).kind === 'none' && schedule?.meta.scheduleType === undefined;

/** Checks that a trigger can be started and answered in the way its flow asks for. */
export function checkTriggerModes(
  site: TriggerStep,
  flow: Flow,
  isSynchronous: boolean,
  faults: FaultList,
): void {
  const { declared, step, path } = site;
  if (!isTriggerManifest(declared)) return;
  checkSelfStarting(site, declared, flow, faults);
  if (declared.triggerResolverSupport === 'required' && flow.triggerResolver?.enabled !== true)
    warnOfBatches(flow, path.slice(0, 2), isSynchronous, faults);
  const label = `The trigger "${declared.key}" of "${step.action.component.key}"`;
  const schedule = [...path, 'schedule'];
  if (declared.scheduleSupport === 'required' && isUnscheduled(step)) {
    const hint = 'Add e.g. "schedule: {type: value, value: \'*/5 * * * *\'}" to the trigger.';
    const message = `${label} needs a schedule; without one the flow does not start by itself.`;
    faults.warning('missing_schedule', step.schedule === undefined ? path : schedule, message, hint);
  }
  if (declared.scheduleSupport === 'invalid' && readSchedule(step.schedule).kind !== 'none') {
    const hint = 'Remove the schedule, or use a trigger that takes one.';
    faults.error('schedule_not_allowed', schedule, `${label} takes no schedule.`, hint, { at: 'key' });
  }
  const answering = path.slice(0, 2).concat('isSynchronous');
  if (declared.synchronousResponseSupport === 'invalid' && isSynchronous) {
    const message = `${label} cannot answer its caller, but the flow "${flow.name}" is synchronous.`;
    faults.error('synchronous_not_allowed', answering, message, 'Set "isSynchronous: false".');
  }
  if (declared.synchronousResponseSupport === 'required' && !isSynchronous) {
    const message = `${label} must answer its caller, but the flow "${flow.name}" is not synchronous.`;
    faults.error('synchronous_required', answering, message, 'Set "isSynchronous: true".');
  }
}
