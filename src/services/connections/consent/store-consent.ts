import type { ConfigRevision } from '../../../store/models/config-revision.model';
import type { ConnectionState } from '../../../store/models/connection.model';
import type { Consent } from '../../../store/models/consent.model';
import type { Instance } from '../../../store/models/instance.model';
import { openVariables } from '../../instances/config/open-variables';
import { draftPlanOf } from '../../instances/instance-plan';
import { loadPlan } from '../../plans/load-plan';
import { connectionSubject } from '../connection-subject';
import type { ConsentDeps } from './begin-consent';

type Taken = Pick<Consent, 'connectionId' | 'instanceId' | 'stableKey'>;

/** Stores what somebody granted: the connection is active, whatever was wrong before. */
export async function storeConsentGrant(
  deps: ConsentDeps,
  consent: Taken,
  fields: Partial<ConnectionState>,
): Promise<void> {
  const none = { lease: null, retryAt: null, tokenFault: null, useFault: null, consentFault: null };
  // Raising the version makes a refresh that is under way with the former token lose.
  await put(deps, consent, { $set: { ...fields, ...none, refreshedAt: null }, $inc: { version: 1 } });
  await forgetUnused(deps, consent);
}

/** Notes why nothing was granted; it is shown while there is no token. */
export async function storeConsentFault(deps: ConsentDeps, consent: Taken, reason: string): Promise<void> {
  await put(deps, consent, { $set: { consentFault: reason } });
}

async function put(
  { store }: ConsentDeps,
  { connectionId, instanceId, stableKey }: Taken,
  { $set, $inc }: { $set: Partial<ConnectionState>; $inc?: { version: number } },
): Promise<void> {
  // The instance may have been deleted meanwhile; what is written after that the sweeper clears.
  if (!(await store.instances.exists({ _id: instanceId }))) return;
  const now = new Date();
  await store.connections.updateOne(
    { _id: connectionId },
    {
      $set: { ...$set, updatedAt: now },
      ...($inc && { $inc }),
      $setOnInsert: { instanceId, configVarStableKey: stableKey, createdAt: now },
    },
    { upsert: true },
  );
}

/** Removes tokens of the variable that neither the draft nor what is deployed asks for any more. */
async function forgetUnused(
  deps: ConsentDeps,
  { connectionId, instanceId, stableKey }: Taken,
): Promise<void> {
  const { instances, configRevisions, connections } = deps.store;
  const instance = await instances.findById(instanceId).lean<Instance>();
  if (!instance) return;
  const revision =
    instance.deployment &&
    (await configRevisions.findById(instance.deployment.configRevisionId).lean<ConfigRevision>());
  const sources = [
    { plan: await draftPlanOf(deps, instance), stored: instance.configVariables },
    ...(revision ? [{ plan: await loadPlan(deps, revision.planId), stored: revision.configVariables }] : []),
  ];
  const used = sources.flatMap(({ plan, stored }) => {
    const configVar = plan.configVars.find((one) => one.stableKey === stableKey);
    const open = openVariables(deps.sealer, stored);
    const subject = configVar && connectionSubject(deps, instanceId, configVar, open.get(configVar.key));
    return subject ? [subject.id] : [];
  });
  await connections.deleteMany({
    instanceId,
    configVarStableKey: stableKey,
    _id: { $nin: [connectionId, ...used] },
  });
}
