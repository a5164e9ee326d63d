import type { PlanConfigVar } from '../../../engine/plan';
import { notFound } from '../../../errors';
import type { Instance } from '../../../store/models/instance.model';
import type { Deps } from '../../context';
import { emptyFields } from '../../instances/config/find-missing';
import { openVariables } from '../../instances/config/open-variables';
import { draftPlanOf } from '../../instances/instance-plan';
import { type ConnectionSubject, connectionSubject } from '../connection-subject';
import { type OauthSettings, settingsFaults } from '../oauth-settings';
import type { ConsentTarget } from './ticket';

/** A connection that access is to be granted to, with the instance's draft configuration. */
export interface FoundTarget {
  instance: Instance;
  integrationName: string;
  configVar: PlanConfigVar;
  subject: ConnectionSubject;
  settings: OauthSettings;
  /** What keeps a consent from being begun: one sentence each. */
  faults: string[];
}

/** Throws `not_found` when the instance or its connection is no longer there. */
export async function findTarget(
  deps: Pick<Deps, 'store' | 'sealer' | 'env'>,
  { instanceId, stableKey }: ConsentTarget,
): Promise<FoundTarget> {
  const instance = await deps.store.instances.findById(instanceId).lean<Instance>();
  if (!instance) throw notFound('The instance');
  const plan = await draftPlanOf(deps, instance);
  const configVar = plan.configVars.find((one) => one.stableKey === stableKey);
  const open = configVar && openVariables(deps.sealer, instance.configVariables).get(configVar.key);
  const subject = configVar && connectionSubject(deps, instanceId, configVar, open);
  if (!configVar || !subject?.settings || subject.settings.type !== 'authorization_code')
    throw notFound('The connection');
  const { settings } = subject;
  const empty = emptyFields(configVar, open).map((field) => `The field "${field}" needs a value.`);
  const faults = [...new Set([...empty, ...settingsFaults(settings)])];
  return { instance, integrationName: plan.integrationName, configVar, subject, settings, faults };
}
