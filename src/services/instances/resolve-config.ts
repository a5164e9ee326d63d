import type { Plan } from '../../engine/plan';
import { notFound } from '../../errors';
import type { ConfigRevision } from '../../store/models/config-revision.model';
import type { Instance, StoredConfigVariable } from '../../store/models/instance.model';
import { connectionSubject } from '../connections/connection-subject';
import { bringToLife, type ConnectionValue } from '../connections/live-connections';
import type { RefreshDeps } from '../connections/refresh';
import { loadPlan } from '../plans/load-plan';
import { openVariables } from './config/open-variables';
import { runTimeValue } from './config/run-time-value';
import { draftPlanOf } from './instance-plan';

/**
 * The config variables as a run sees them, by key: those of a deployed revision (its id), or an instance's draft
 * configuration. OAuth connections have fresh tokens, or the last one when no other can be had. They hold secrets:
 * for the runner's memory only.
 */
export async function resolveConfig(
  deps: RefreshDeps,
  source: string | Instance,
): Promise<Record<string, unknown>> {
  if (typeof source !== 'string') {
    return resolve(deps, source._id, await draftPlanOf(deps, source), source.configVariables);
  }
  const revision = await deps.store.configRevisions.findById(source).lean<ConfigRevision>();
  if (!revision) throw notFound(`Configuration revision ${source}`);
  const plan = await loadPlan(deps, revision.planId);
  return resolve(deps, revision.instanceId, plan, revision.configVariables);
}

async function resolve(
  deps: RefreshDeps,
  instanceId: string,
  { configVars }: Pick<Plan, 'configVars'>,
  stored: StoredConfigVariable[],
): Promise<Record<string, unknown>> {
  const open = openVariables(deps.sealer, stored);
  const entries = configVars.map((configVar): [string, unknown] => [
    configVar.key,
    runTimeValue(configVar, open.get(configVar.key)),
  ]);
  const values = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  const connections = configVars.flatMap((configVar) => {
    const subject = connectionSubject(deps, instanceId, configVar, open.get(configVar.key));
    return subject ? [{ subject, value: values[configVar.key] as ConnectionValue }] : [];
  });
  await bringToLife(deps, values, instanceId, connections);
  return values;
}
