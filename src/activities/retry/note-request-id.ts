import { createHash } from 'node:crypto';
import { readPath } from '../../engine/paths';
import type { PlanFlow } from '../../engine/plan';
import type { FinishedStep } from '../../engine/walker-host';
import { cancelOlderRetries } from '../../services/executions/retry/cancel-older-retries';
import { idText } from '../queue/id-text';
import type { SegmentHost } from '../segment-host';

/** What people are shown of an id. */
const MOST_CHARACTERS = 500;

/**
 * Behind the trigger of a flow whose requests have ids: keeps the id of this one, and cancels the attempts at older
 * requests with the same id that still wait.
 */
export async function noteRequestId(host: SegmentHost, finished: FinishedStep): Promise<undefined> {
  const { deps, execution, environment } = host.run;
  const flow = environment.plan.flows.find(({ stableKey }) => stableKey === execution.flowStableKey);
  if (!flow?.retry?.uniqueRequestId || execution.retryOf) return;
  const id = requestIdOf(flow, flow.retry.uniqueRequestId, finished);
  if (id === undefined) return;
  if (execution.requestKey === undefined) await keepRequestId(host, id);
  // Also by one that has noted it already: a crash may have come before this.
  await cancelOlderRetries(deps, execution);
}

async function keepRequestId({ run: { deps, execution } }: SegmentHost, id: string): Promise<void> {
  const requestKey = createHash('sha256').update(`${execution.flowConfigId}/${id}`).digest('hex');
  const uniqueRequestId = id.slice(0, MOST_CHARACTERS);
  await deps.store.executions.updateOne(
    { _id: execution._id, epoch: execution.epoch },
    { $set: { requestKey, uniqueRequestId } },
  );
  Object.assign(execution, { requestKey, uniqueRequestId });
}

/** The path begins with the trigger's key and `results`, as a reference does, or with a field of its payload. */
function requestIdOf(
  { trigger }: PlanFlow,
  path: readonly string[],
  { value }: FinishedStep,
): string | undefined {
  const isReference = path[0] === trigger.key && path[1] === 'results';
  return idText(readPath(value.data, isReference ? path.slice(2) : path));
}
