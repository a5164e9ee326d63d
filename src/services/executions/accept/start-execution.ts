import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';

/** What a start needs beyond the record. */
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
>;

/** Starts the driver of a stored execution. Doing it twice is harmless. */
export async function startExecution(
  deps: Deps,
  execution: Startable,
  options: { stepsPerActivity: number | null; instanceName: string; integrationName?: string },
): Promise<void> {
  const parts = [options.instanceName, options.integrationName, execution.flowName].filter(Boolean);
  await deps.temporal.startDriver({
    workflowId: execution.workflowId,
    executionId: execution._id,
    instanceId: execution.instanceId,
    customerId: execution.customerId,
    integrationId: execution.integrationId,
    flowId: execution.flowId,
    versionId: execution.versionId,
    invokeType: execution.invokeType,
    summary: parts.join(' · '),
    stepsPerActivity: options.stepsPerActivity,
  });
}
