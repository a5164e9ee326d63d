import type { Deps } from '../context';

/** Removes everything that runs of an instance left behind. */
export async function removeRunData(deps: Pick<Deps, 'store'>, instanceId: string): Promise<void> {
  const { executions, stepResults, logs, blobs } = deps.store;
  await executions.deleteMany({ instanceId });
  await stepResults.deleteMany({ instanceId });
  await logs.deleteMany({ instanceId });
  await blobs.deleteOfInstance(instanceId);
}
