import { hasQueue } from './compile-flow-modes';
import type { Path } from './fault';
import type { FaultList } from './fault-list';
import { readSchedule } from './read-schedule';
import type { Definition, Flow } from './schema';
import { stepSites } from './step-sites';

function checkTriggers(flow: Flow, index: number, faults: FaultList): void {
  const list: Path = ['flows', index, 'steps'];
  if (flow.steps.length === 0) {
    const hint = 'Begin with a trigger step ("isTrigger: true").';
    faults.error('no_steps', list, `The flow "${flow.name}" has no steps.`, hint, { at: 'key' });
  }
  for (const { step, path, isTrigger } of stepSites(flow, index)) {
    if (isTrigger && !step.isTrigger) {
      const hint = 'Put a trigger first, with "isTrigger: true".';
      const message = `The first step of the flow "${flow.name}" is not a trigger.`;
      if (!faults.isBroken([...path, 'isTrigger']))
        faults.error('first_step_not_trigger', path, message, hint);
    } else if (!isTrigger && step.isTrigger) {
      const message = `Only the first step of the flow "${flow.name}" can be its trigger.`;
      const hint = 'Remove "isTrigger", or give this trigger a flow of its own.';
      faults.error('several_triggers', [...path, 'isTrigger'], message, hint, { at: 'key' });
    }
    if ((step.branches ?? []).length > 0 && (step.steps ?? []).length > 0) {
      const message = 'A step has either branches or, as a loop, steps; not both.';
      const hint = 'Put the loop into a branch, or the branching step into the loop.';
      faults.error('branches_and_steps', [...path, 'steps'], message, hint, { at: 'key' });
    }
  }
}

const EITHER = 'Set "isSynchronous: false", or remove the other.';

/** Warns of what does not go with items that are cut into runs of their own. */
export function warnOfBatches(flow: Flow, at: Path, isSynchronous: boolean, faults: FaultList): void {
  if (isSynchronous) {
    const message = `The flow "${flow.name}" answers a caller, but others than the caller's run do its work: the answer is empty.`;
    const key = flow.triggerResolver === undefined ? 'isSynchronous' : 'triggerResolver';
    faults.warning('synchronous_conflict', [...at, key], message, EITHER, { at: 'key' });
  }
  if ((flow.queueConfig?.dedupeIdField?.value ?? '').trim() === '') return;
  const message = `The flow "${flow.name}" cuts the items of its trigger into runs of their own, and "dedupeIdField" has no effect on those.`;
  const hint = 'Remove "dedupeIdField", or the batches.';
  faults.warning('queue_conflict', [...at, 'queueConfig', 'dedupeIdField'], message, hint, { at: 'key' });
}

/** Warns of a retry in a flow that answers its callers. */
function warnOfRetry(flow: Flow, at: Path, faults: FaultList): void {
  if ((flow.retryConfig?.maxAttempts ?? 0) === 0) return;
  const message = `The flow "${flow.name}" answers a caller; it is run again for asynchronous invocations only.`;
  faults.warning('synchronous_conflict', [...at, 'retryConfig'], message, EITHER, { at: 'key' });
}

/** Checks that what a flow asks for can go together: answering, scheduling, retrying, queueing. */
function checkModes(flow: Flow, index: number, isSynchronous: boolean, faults: FaultList): void {
  const at: Path = ['flows', index];
  const isScheduled = readSchedule(flow.steps[0]?.schedule).kind !== 'none';
  const { queueConfig } = flow;
  const isFifo = hasQueue(flow) && (queueConfig?.usesFifoQueue === true || queueConfig?.type !== undefined);
  const conflict = (code: string, path: Path, message: string, hint: string) => {
    faults.error(code, [...at, ...path], `The flow "${flow.name}" ${message}`, hint, { at: 'key' });
  };
  if (isSynchronous) {
    const code = 'synchronous_conflict';
    if (isScheduled)
      conflict(code, ['steps', 0, 'schedule'], 'answers a caller, so it has no schedule.', EITHER);
    if (isFifo) conflict(code, ['queueConfig'], 'answers a caller, so it does not wait in a queue.', EITHER);
    warnOfRetry(flow, at, faults);
  }
  if (flow.triggerResolver?.enabled === true) warnOfBatches(flow, at, isSynchronous, faults);
  if (queueConfig?.type === 'throttled' && queueConfig.concurrencyLimit === undefined) {
    const hint = 'Add "concurrencyLimit", 2 to 15.';
    conflict('missing_key', ['queueConfig'], 'is throttled, but names no limit.', hint);
  }
  if (isFifo && isScheduled) {
    const hint = 'Remove the queue or the schedule.';
    conflict('queue_conflict', ['queueConfig'], 'has a schedule, so it has no strict queue.', hint);
  }
  if (isFifo && queueConfig?.singletonExecutions === true) {
    const hint = 'Keep one of "usesFifoQueue" and "singletonExecutions".';
    conflict('queue_conflict', ['queueConfig'], 'has a strict queue, so it cannot skip executions.', hint);
  }
}

/** Checks the rules that concern a flow as a whole. */
export function checkFlowRules(definition: Definition, faults: FaultList): void {
  if (definition.flows.length === 0) {
    faults.error('no_flows', ['flows'], 'The integration has no flows.', 'Add at least one.', { at: 'key' });
  }
  definition.flows.forEach((flow, index) => {
    checkTriggers(flow, index, faults);
    checkModes(flow, index, flow.isSynchronous ?? definition.isSynchronous ?? false, faults);
    if (flow.endpointSecurityType === 'organization' && flow.organizationApiKeys.length === 0) {
      const message = `Nobody can call the flow "${flow.name}": its security is "organization" without any key.`;
      const hint = 'List "organizationApiKeys", or choose another security.';
      faults.warning('no_api_keys', ['flows', index, 'endpointSecurityType'], message, hint);
    }
  });
}
