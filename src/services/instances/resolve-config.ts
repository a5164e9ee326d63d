import type { Plan } from '../../engine/plan';
import { notFound } from '../../errors';
import type { ConfigRevision } from '../../store/models/config-revision.model';
import type { Instance, StoredConfigVariable } from '../../store/models/instance.model';
import type { Deps } from '../context';
import { loadPlan } from '../plans/load-plan';
import { openVariables } from './config/open-variables';
import { runTimeValue } from './config/run-time-value';
import { draftPlanOf } from './instance-plan';

type ConfigDeps = Pick<Deps, 'store' | 'sealer'>;

/**
 * The config variables as a run sees them, by key: those of a deployed revision (its id), or an instance's draft
 * configuration. They hold secrets: for the runner's memory only.
 */
export async function resolveConfig(
  deps: ConfigDeps,
  source: string | Instance,
): Promise<Record<string, unknown>> {
  if (typeof source !== 'string') {
    return resolveVariables(deps, await draftPlanOf(deps, source), source.configVariables);
  }
  const revision = await deps.store.configRevisions.findById(source).lean<ConfigRevision>();
  if (!revision) throw notFound(`Configuration revision ${source}`);
  return resolveVariables(deps, await loadPlan(deps, revision.planId), revision.configVariables);
}

/** The same for stored variables of a plan that is at hand. */
export function resolveVariables(
  deps: Pick<Deps, 'sealer'>,
  plan: Pick<Plan, 'configVars'>,
  stored: StoredConfigVariable[],
): Record<string, unknown> {
  const open = openVariables(deps.sealer, stored);
  const entries = plan.configVars.map((configVar): [string, unknown] => [
    configVar.key,
    runTimeValue(configVar, open.get(configVar.key)),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
