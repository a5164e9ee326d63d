import type { PlanFlow } from '../../../engine/plan';
import { AppError } from '../../../errors';
import type { Deps } from '../../context';
import { awaitAnswer } from './await-answer';
import { checkApiKey, type Endpoint, findEndpoint, isScheduleOnly } from './find-endpoint';
import type { FlowAnswer } from './flow-answer';
import { startExecution } from './start-execution';
import { startLater } from './start-later';
import { type IncomingRequest, storeDelivery } from './store-delivery';

export interface Delivery extends IncomingRequest {
  flowConfigId: string;
  apiKey?: string;
  idempotencyKey?: string;
  /** The caller's own choice, over the flow's. */
  synchronousOverride?: boolean;
}

export interface AcceptedDelivery {
  executionId: string;
  isDuplicate: boolean;
  /** The caller waits: for the flow's end, or for the trigger's own response. */
  isSynchronous: boolean;
  /**
   * Waits for the answer. Rejects with `answer_timeout` when it does not come in time; the execution goes on.
   */
  answer(): Promise<FlowAnswer>;
}

/**
 * Accepts a delivery at a flow's webhook. It is acknowledged when it is stored; its start follows by itself,
 * and the sweeper repairs a start that fails. A caller who waits is refused while Temporal is away.
 */
export async function acceptDelivery(deps: Deps, delivery: Delivery): Promise<AcceptedDelivery> {
  const endpoint = await findEndpoint(deps, delivery.flowConfigId);
  if (isScheduleOnly(endpoint.flow))
    throw new AppError('flow_not_found', 'This flow runs by schedule; it has no webhook.');
  checkApiKey(endpoint, delivery.apiKey);
  const isSynchronous = delivery.synchronousOverride ?? endpoint.flow.isSynchronous;
  const isWaiting = isSynchronous || answersFromTrigger(endpoint.flow);
  const { flowConfigId: _, apiKey: __, idempotencyKey, synchronousOverride: ___, ...incoming } = delivery;
  const { execution, isDuplicate } = await storeDelivery(deps, endpoint, incoming, {
    invokeType: 'WEBHOOK',
    isTest: false,
    isSynchronous,
    isAwaited: isWaiting,
    idempotencyKey,
  });
  const accepted = {
    executionId: execution._id,
    isDuplicate,
    isSynchronous: isWaiting,
    answer: () => awaitAnswer(deps, execution._id),
  };
  if (isDuplicate) return accepted;
  const start = () => startExecution(deps, execution, startOptions(endpoint));
  if (isWaiting) await startNowOrRefuse(deps, execution._id, start);
  else startLater(start);
  return accepted;
}

/** Whether the trigger computes the asynchronous answer, so that the caller waits for it. */
function answersFromTrigger({ trigger }: PlanFlow): boolean {
  if (trigger.component.key !== 'webhook-triggers')
    return !['schedule-triggers'].includes(trigger.component.key);
  return ['body', 'contentType', 'headers', 'statusCode'].some((key) => {
    const input = trigger.inputs[key];
    if (!input) return false;
    if (input.kind === 'value') return input.value !== '' && input.value !== undefined;
    return (input.kind !== 'list' && input.kind !== 'pairs') || input.items.length > 0;
  });
}

export function startOptions({ instance, integrationName }: Endpoint) {
  return { stepsPerActivity: instance.stepsPerActivity, instanceName: instance.name, integrationName };
}

/** Starts while the caller waits; when that fails the execution is ended, since the caller is told so. */
async function startNowOrRefuse(deps: Deps, executionId: string, start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    const reason = {
      code: 'dependency_unavailable',
      message: 'The workflow engine was away; the caller was refused.',
      stepKey: null,
      stepName: null,
    };
    await deps.store.executions.updateOne(
      { _id: executionId, phase: 'accepted' },
      {
        $set: { phase: 'ended', status: 'ERROR', error: reason, endedAt: new Date() },
        $unset: { deliveryKey: 1 },
      },
    );
    throw error;
  }
}
