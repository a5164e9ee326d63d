import { AppError, invalidField } from '../../../errors';
import type { InvokedBy } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { verifyLineage } from '../lineage';
import type { Delivery } from './delivery';
import type { Endpoint } from './find-endpoint';
import type { StoreOptions } from './store-delivery';

/** Calls of calls: one that goes on without an end is stopped here. */
const MOST_DEPTH = 10_000;
/** Each of these holds a place in a worker until the one below it has ended. */
const MOST_WAITING = 20;

/** The run that called this one, if the delivery says so and its token verifies. */
export async function callerOf(
  { env }: Pick<Deps, 'env'>,
  { instance }: Endpoint,
  { invokedByHeader }: Delivery,
): Promise<InvokedBy | undefined> {
  return invokedByHeader === undefined ? undefined : verifyLineage(env, invokedByHeader, instance._id);
}

/** What an execution's record says of where its delivery came from. Throws `invalid_state` for an endless chain. */
export function originOf(
  { instance }: Endpoint,
  delivery: Delivery,
  invokedBy: InvokedBy | undefined,
): Omit<StoreOptions, 'isSynchronous'> {
  const { idempotencyKey, preprocessExecutionId, user } = delivery;
  if (invokedBy && invokedBy.waitingDepth > MOST_WAITING)
    throw new AppError(
      'invalid_state',
      `More than ${MOST_WAITING} executions wait for each other; the flow seems to call itself without end.`,
    );
  if (invokedBy && invokedBy.depth > MOST_DEPTH)
    throw new AppError(
      'invalid_state',
      `The flow was called by a chain of more than ${MOST_DEPTH} executions; it seems to call itself without end.`,
    );
  const { isDebug = false } = delivery;
  const common = { idempotencyKey, preprocessExecutionId, user, invokedBy, isDebug };
  if (!instance.isSystem)
    return { ...common, invokeType: invokedBy ? 'CROSS_FLOW' : 'WEBHOOK', isTest: false };
  return {
    ...common,
    invokeType: invokedBy ? 'CROSS_FLOW' : 'INTEGRATION_FLOW_TEST',
    isTest: true,
    simulatedTriggerResult: checkedResult(delivery.simulatedTriggerResult),
  };
}

function checkedResult(json: string | undefined): string | undefined {
  if (json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null) return json;
  } catch {
    // Said below.
  }
  throw invalidField(
    'prismatic-simulated-trigger-result',
    'The header wants JSON of a trigger result, as {"payload": {"body": {"data": …}}}.',
  );
}
