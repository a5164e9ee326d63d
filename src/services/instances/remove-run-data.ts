import type { Deps } from '../context';
import { removeInstanceStates } from '../state/remove-states';

/** Removes everything that runs of an instance left behind, its tokens, and the values of its users. */
export async function removeRunData({ store }: Pick<Deps, 'store'>, instanceId: string): Promise<void> {
  const { executions, stepResults, logs, blobs, connections, consents, userConfigs, formerUserValues } =
    store;
  await executions.deleteMany({ instanceId });
  await stepResults.deleteMany({ instanceId });
  await logs.deleteMany({ instanceId });
  await connections.deleteMany({ instanceId });
  await consents.deleteMany({ instanceId });
  await userConfigs.deleteMany({ instanceId });
  await formerUserValues.deleteMany({ instanceId });
  await removeInstanceStates({ store }, instanceId);
  await blobs.deleteOfInstance(instanceId);
}
