import type { ConfigRevision } from '../../../store/models/config-revision.model';
import type { ConnectionState } from '../../../store/models/connection.model';
import type { Consent } from '../../../store/models/consent.model';
import type { Instance } from '../../../store/models/instance.model';
import type { UserConfig } from '../../../store/models/user-config.model';
import { openVariables } from '../../instances/config/open-variables';
import { draftPlanOf, planOfRevision } from '../../instances/instance-plan';
import { findSharedVariable } from '../../shared-connections/find-shared-variable';
import { openUserVariables } from '../../user-configs/user-variables';
import { type ConnectionOwner, ownerFields, ownerOf } from '../connection-owner';
import { type ConnectionSubject, connectionSubject } from '../connection-subject';
import type { ConsentDeps } from './begin-consent';

type Taken = Pick<Consent, 'connectionId' | 'instanceId' | 'userConfigId' | 'sharedId' | 'stableKey'>;

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
  deps: ConsentDeps,
  consent: Taken,
  { $set, $inc }: { $set: Partial<ConnectionState>; $inc?: { version: number } },
): Promise<void> {
  const owner = ownerOf(consent);
  // It may have been deleted meanwhile; what is written for an instance after that the sweeper clears.
  if (!(await isThere(deps, owner))) return;
  const now = new Date();
  await deps.store.connections.updateOne(
    { _id: consent.connectionId },
    {
      $set: { ...$set, updatedAt: now },
      ...($inc && { $inc }),
      $setOnInsert: { ...ownerFields(owner), configVarStableKey: consent.stableKey, createdAt: now },
    },
    { upsert: true },
  );
}

async function isThere({ store }: ConsentDeps, owner: ConnectionOwner): Promise<boolean> {
  const { instances, userConfigs, sharedConnections, customerConnections } = store;
  if ('userConfigId' in owner) return (await userConfigs.exists({ _id: owner.userConfigId })) !== null;
  if (!('sharedId' in owner)) return (await instances.exists({ _id: owner.instanceId })) !== null;
  const { sharedId: _id } = owner;
  return ((await customerConnections.exists({ _id })) ?? (await sharedConnections.exists({ _id }))) !== null;
}

/** Removes tokens of the variable that its owner does not ask for any more: neither the draft nor what is deployed. */
async function forgetUnused(deps: ConsentDeps, consent: Taken): Promise<void> {
  const { connectionId, stableKey } = consent;
  const owner = ownerOf(consent);
  const used =
    'sharedId' in owner
      ? await subjectsOfShared(deps, owner.sharedId)
      : await subjectsOfInstance(deps, owner, stableKey);
  if (!used) return;
  await deps.store.connections.deleteMany({
    ...ownerFields(owner),
    configVarStableKey: stableKey,
    _id: { $nin: [connectionId, ...used.map(({ id }) => id)] },
  });
}

async function subjectsOfShared(deps: ConsentDeps, sharedId: string): Promise<ConnectionSubject[]> {
  const { configVar, open } = await findSharedVariable(deps, sharedId);
  const subject = connectionSubject(deps, { sharedId }, configVar, open);
  return subject ? [subject] : [];
}

/** Those of an instance, or of one of its users. Nothing when it is gone. */
async function subjectsOfInstance(
  deps: ConsentDeps,
  owner: { instanceId: string; userConfigId?: string },
  stableKey: string,
): Promise<ConnectionSubject[] | undefined> {
  const { instances, configRevisions, userConfigs } = deps.store;
  const { userConfigId } = owner;
  const instance = await instances.findById(owner.instanceId).lean<Instance>();
  const user =
    userConfigId === undefined ? undefined : await userConfigs.findById(userConfigId).lean<UserConfig>();
  if (!instance || user === null) return undefined;
  const revision =
    instance.deployment &&
    (await configRevisions.findById(instance.deployment.configRevisionId).lean<ConfigRevision>());
  const sources = [
    { plan: await draftPlanOf(deps, instance), stored: instance.configVariables },
    ...(revision ? [{ plan: await planOfRevision(deps, revision), stored: revision.configVariables }] : []),
  ];
  return sources.flatMap(({ plan, stored }) => {
    const configVar = plan.configVars.find((one) => one.stableKey === stableKey);
    const open = user
      ? openUserVariables(deps.sealer, plan, user.configVariables)
      : openVariables(deps.sealer, stored);
    const subject = configVar && connectionSubject(deps, owner, configVar, open.get(configVar.key));
    return subject ? [subject] : [];
  });
}
