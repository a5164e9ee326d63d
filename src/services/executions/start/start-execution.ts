import { notFound } from '../../../errors';
import type { Execution } from '../../../store/models/execution.model';
import { executionWorkflowId } from '../../../temporal/names';
import type { Deps } from '../../context';
import { labelLine, runLabelOf } from './run-label';

/** What a start needs of the record. */
export type Startable = Pick<
  Execution,
  | '_id'
  | 'workflowId'
  | 'instanceId'
  | 'customerId'
  | 'integrationId'
  | 'flowId'
  | 'flowName'
  | 'versionId'
  | 'invokeType'
> &
  Partial<Pick<Execution, 'retryOf' | 'acceptedAt'>>;

/** That part of it alone: what waits for its start holds neither its request nor the rest. */
export function startableOf(execution: Startable): Startable {
  const { _id, workflowId, instanceId, customerId, integrationId, flowId, flowName, versionId } = execution;
  const { invokeType, retryOf, acceptedAt } = execution;
  return {
    _id,
    workflowId,
    instanceId,
    customerId,
    integrationId,
    flowId,
    flowName,
    versionId,
    invokeType,
    ...(acceptedAt && { acceptedAt }),
    ...(retryOf && { retryOf }),
  };
}

/**
 * Starts the driver of a stored execution; false when it was started before, which is harmless. Throws
 * `not_found` when its instance is gone, `dependency_unavailable` while Temporal is away.
 */
export async function startExecution(deps: Deps, execution: Startable): Promise<boolean> {
  const label = await runLabelOf(deps, execution);
  if (!label) throw notFound(`Instance ${execution.instanceId}`);
  return deps.temporal.startDriver({
    ...execution,
    executionId: execution._id,
    workflowId: execution.workflowId ?? executionWorkflowId(execution._id),
    summary: labelLine(label, execution.flowName),
    stepsPerActivity: label.stepsPerActivity,
    startDelayMs: startDelayMs(execution),
  });
}

/** A run anew after a failure begins when it is due. */
function startDelayMs({ retryOf, acceptedAt, workflowId, _id }: Startable): number {
  if (!retryOf || !acceptedAt || workflowId !== executionWorkflowId(_id)) return 0;
  return Math.max(0, acceptedAt.getTime() - Date.now());
}
