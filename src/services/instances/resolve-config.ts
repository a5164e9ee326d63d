import type { Plan } from '../../engine/plan';
import { notFound } from '../../errors';
import type { ConfigRevision } from '../../store/models/config-revision.model';
import type { Instance, StoredConfigVariable } from '../../store/models/instance.model';
import { connectionSubject } from '../connections/connection-subject';
import { bringToLife, type ConnectionValue } from '../connections/live-connections';
import type { RefreshDeps } from '../connections/refresh';
import { placeShared } from '../shared-connections/place-shared';
import type { UserOfRun } from '../user-configs/read-run-user';
import { openUserVariables } from '../user-configs/user-variables';
import { type OpenVariable, openVariables } from './config/open-variables';
import { runTimeValue } from './config/run-time-value';
import { draftPlanOf, planOfRevision } from './instance-plan';

/**
 * The config variables as a run sees them, by key: those of a deployed revision (its id), or an instance's draft
 * configuration. With a user, the pages that users fill in have that user's values and no others. OAuth connections
 * have fresh tokens, or the last one when no other can be had. Shared connections have the values that they have now,
 * presets those of the deploy. They hold secrets: for the runner's memory only.
 */
export async function resolveConfig(
  deps: RefreshDeps,
  source: string | Instance,
  user?: UserOfRun,
): Promise<Record<string, unknown>> {
  if (typeof source !== 'string') {
    return resolve(deps, source._id, await draftPlanOf(deps, source), source.configVariables, user);
  }
  const revision = await deps.store.configRevisions.findById(source).lean<ConfigRevision>();
  if (!revision) throw notFound(`Configuration revision ${source}`);
  const plan = await planOfRevision(deps, revision);
  return resolve(deps, revision.instanceId, plan, revision.configVariables, user);
}

async function resolve(
  deps: RefreshDeps,
  instanceId: string,
  named: Pick<Plan, 'configVars'>,
  stored: StoredConfigVariable[],
  user: UserOfRun | undefined,
): Promise<Record<string, unknown>> {
  const { plan, open } = await placeShared(deps, instanceId, named, openValues(deps, named, stored, user));
  const { configVars } = plan;
  const entries = configVars.map((configVar): [string, unknown] => [
    configVar.key,
    runTimeValue(configVar, open.get(configVar.key)),
  ]);
  const values = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  const connections = configVars.flatMap((configVar) => {
    const owner =
      user && configVar.isUserLevel ? { instanceId, userConfigId: user.userConfigId } : { instanceId };
    const subject = connectionSubject(deps, owner, configVar, open.get(configVar.key));
    return subject ? [{ subject, value: values[configVar.key] as ConnectionValue }] : [];
  });
  await bringToLife(deps, values, connections);
  return values;
}

/** What was set by hand; where users have values of their own, nothing of the instance's stands in for a user's. */
function openValues(
  { sealer }: Pick<RefreshDeps, 'sealer'>,
  plan: Pick<Plan, 'configVars'>,
  stored: StoredConfigVariable[],
  user: UserOfRun | undefined,
): Map<string, OpenVariable> {
  const open = openVariables(sealer, stored);
  if (!user) return open;
  for (const { key, isUserLevel } of plan.configVars) if (isUserLevel) open.delete(key);
  for (const [key, variable] of openUserVariables(sealer, plan, user.configVariables))
    open.set(key, variable);
  return open;
}
