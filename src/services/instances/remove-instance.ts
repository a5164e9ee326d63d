import type { Execution } from '../../store/models/execution.model';
import type { Instance } from '../../store/models/instance.model';
import { isBatchId } from '../../temporal/names';
import type { Deps } from '../context';
import { requireTemporal } from '../require-temporal';
import { inTransaction } from '../transaction';
import { tearDown } from './lifecycle/tear-down';
import { removeRunData } from './remove-run-data';
import { deleteSchedules } from './schedules/apply-schedules';

/** Drivers that are ended at once. */
const BATCH = 20;

/**
 * Removes an instance with everything that it has: schedules, running drivers, executions, step results, logs,
 * states, blobs, flows and revisions. The instance itself goes last, so that after a failure it can be repeated.
 * Before that it clears away what it set up elsewhere, and stays when it cannot, unless it is forced.
 */
export async function removeInstance(
  deps: Deps,
  instance: Instance,
  { force = false }: { force?: boolean } = {},
): Promise<void> {
  if (!force) await tearDown(deps, instance);
  const { _id: instanceId } = instance;
  const { instances, flowConfigs, configRevisions, removedInstances } = deps.store;
  // From here on nothing new is accepted.
  await flowConfigs.updateMany({ instanceId }, { $set: { isActive: false } });
  await instances.updateOne({ _id: instanceId }, { $set: { enabled: false } });
  await deleteSchedules(deps, instanceId);
  await endRunningDrivers(deps, instanceId);
  await removeRunData(deps, instanceId);
  await inTransaction(deps, async (session) => {
    await configRevisions.deleteMany({ instanceId }, { session });
    await flowConfigs.deleteMany({ instanceId }, { session });
    await instances.deleteOne({ _id: instanceId }, { session });
    await removedInstances.updateOne(
      { _id: instanceId },
      { $set: { removedAt: new Date() } },
      { upsert: true, session },
    );
  });
  // What a segment wrote that was still at work; the sweeper clears what comes even later.
  await removeRunData(deps, instanceId);
}

async function endRunningDrivers(deps: Deps, instanceId: string): Promise<void> {
  const { executions } = deps.store;
  for (;;) {
    const running = await executions
      .find({ instanceId, phase: { $ne: 'ended' } }, { workflowId: 1 })
      .limit(BATCH)
      .lean<Pick<Execution, '_id' | 'workflowId'>[]>();
    if (running.length === 0) return;
    await requireTemporal(deps, 'The running executions of the instance could not be ended: repeat it.');
    await Promise.all(
      // A batch runs others beside: it stops for this one by itself when the record is gone.
      running
        .filter(({ workflowId }) => workflowId !== null && !isBatchId(workflowId))
        .map(({ workflowId }) => deps.temporal.terminate(String(workflowId), 'The instance was deleted.')),
    );
    await executions.deleteMany({ _id: { $in: running.map(({ _id }) => _id) } });
  }
}
