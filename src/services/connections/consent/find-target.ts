import type { PlanConfigVar, PlanConnection } from '../../../engine/plan';
import { notFound } from '../../../errors';
import type { Instance } from '../../../store/models/instance.model';
import type { Deps } from '../../context';
import { emptyFields } from '../../instances/config/find-missing';
import { type OpenVariable, openVariables } from '../../instances/config/open-variables';
import { draftPlanOf } from '../../instances/instance-plan';
import { findSharedVariable } from '../../shared-connections/find-shared-variable';
import { findUserVariables } from '../../user-configs/find-user-variables';
import { type ConnectionSubject, connectionSubject } from '../connection-subject';
import { type OauthSettings, settingsFaults } from '../oauth-settings';
import type { ConsentTarget } from './ticket';

/** A connection that access is to be granted to, as it is configured now: with an instance's draft configuration. */
export interface FoundTarget {
  /** What it is, for the person who decides: a label and a text each. */
  about: [label: string, text: string][];
  connection: PlanConnection;
  subject: ConnectionSubject;
  settings: OauthSettings;
  /** What keeps a consent from being begun: one sentence each. */
  faults: string[];
}

type TargetDeps = Pick<Deps, 'store' | 'sealer' | 'env'>;

/** Throws `not_found` when the instance, the shared connection or its connection is no longer there. */
export async function findTarget(deps: TargetDeps, target: ConsentTarget): Promise<FoundTarget> {
  const { owner, stableKey } = target;
  const { about, configVar, open } =
    'sharedId' in owner
      ? await findSharedVariable(deps, owner.sharedId)
      : await variableOfInstance(deps, owner, stableKey);
  const subject = connectionSubject(deps, owner, configVar, open);
  const { connection } = configVar;
  if (!connection || subject?.settings?.type !== 'authorization_code') throw notFound('The connection');
  const { settings } = subject;
  const empty = emptyFields(configVar, open).map((field) => `The field "${field}" needs a value.`);
  const faults = [...new Set([...empty, ...settingsFaults(settings)])];
  return { about, connection, subject, settings, faults };
}

/** With a user's values where the owner is one. */
async function variableOfInstance(
  deps: TargetDeps,
  { instanceId, userConfigId }: { instanceId: string; userConfigId?: string },
  stableKey: string,
) {
  const instance = await deps.store.instances.findById(instanceId).lean<Instance>();
  if (!instance) throw notFound('The instance');
  const plan = await draftPlanOf(deps, instance);
  const configVar = plan.configVars.find((one) => one.stableKey === stableKey);
  if (!configVar) throw notFound('The connection');
  const user = userConfigId === undefined ? undefined : await findUserVariables(deps, userConfigId, plan);
  const set = user?.open ?? openVariables(deps.sealer, instance.configVariables);
  const about: FoundTarget['about'] = [
    ['Integration', plan.integrationName],
    ['Instance', instance.name],
    ...(user ? [['User', user.name] as [string, string]] : []),
    ['Connection', configVar.key],
  ];
  return { about, configVar, open: set.get(configVar.key) } satisfies AskedFor;
}

interface AskedFor {
  about: FoundTarget['about'];
  configVar: PlanConfigVar;
  open: OpenVariable | undefined;
}
