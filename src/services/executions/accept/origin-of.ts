import { AppError, invalidField } from '../../../errors';
import type { Deps } from '../../context';
import { verifyLineage } from '../lineage';
import type { Delivery } from './delivery';
import type { Endpoint } from './find-endpoint';
import type { StoreOptions } from './store-delivery';

/** Calls of calls: one that goes on without an end is stopped here. */
const MOST_DEPTH = 10_000;

/** What an execution's record says of where its delivery came from. Throws `limit_exceeded` for an endless chain. */
export async function originOf(
  deps: Deps,
  { instance }: Endpoint,
  delivery: Delivery,
): Promise<Omit<StoreOptions, 'isSynchronous'>> {
  const { idempotencyKey, preprocessExecutionId } = delivery;
  const invokedBy =
    delivery.invokedByHeader === undefined
      ? undefined
      : await verifyLineage(deps.env, delivery.invokedByHeader, instance.organizationId);
  if (invokedBy && invokedBy.depth > MOST_DEPTH)
    throw new AppError(
      'limit_exceeded',
      `The flow was called by a chain of more than ${MOST_DEPTH} executions; it seems to call itself without end.`,
    );
  const common = { idempotencyKey, preprocessExecutionId, invokedBy };
  if (!instance.isSystem)
    return { ...common, invokeType: invokedBy ? 'CROSS_FLOW' : 'WEBHOOK', isTest: false };
  return {
    ...common,
    invokeType: invokedBy ? 'CROSS_FLOW' : 'INTEGRATION_FLOW_TEST',
    isTest: true,
    isDebug: delivery.isDebug ?? false,
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
