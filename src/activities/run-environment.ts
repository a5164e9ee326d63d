import { LRUCache } from 'lru-cache';
import type { Plan } from '../engine/plan';
import type { Deps } from '../services/context';
import { findRunSubjects, type RunSubjects } from '../services/executions/run/find-run-subjects';
import { resolveConfig } from '../services/instances/resolve-config';
import { loadPlan } from '../services/plans/load-plan';
import { NO_USER, readRunUser, type UserSubject } from '../services/user-configs/read-run-user';
import type { Execution } from '../store/models/execution.model';

/** What all runs of an instance's deployed revision share, those of one end user where users have values. */
export interface RunEnvironment extends RunSubjects {
  plan: Plan;
  /** Run-time values, secrets included: in memory only, and only for a short while. */
  configVars: Record<string, unknown>;
  user: UserSubject;
}

const kept = new LRUCache<string, Promise<RunEnvironment>>({ max: 500, ttl: 5000 });

/** Reads it, or takes what another run read within the last seconds. */
export function runEnvironment(deps: Deps, owner: RunOwner): Promise<RunEnvironment> {
  const { instanceId, configRevisionId, user } = owner;
  const key = `${instanceId}/${configRevisionId}${user ? `/${user.id}/${user.revision}` : ''}`;
  const known = kept.get(key);
  if (known) return known;
  const environment = readEnvironment(deps, owner);
  kept.set(key, environment);
  environment.catch(() => kept.delete(key));
  return environment;
}

/** Whose run it is, and by which revision. */
export type RunOwner = Pick<
  Execution,
  'instanceId' | 'customerId' | 'integrationId' | 'versionId' | 'planId' | 'configRevisionId' | 'user'
>;

/** Reads it anew. */
export async function readEnvironment(deps: Deps, owner: RunOwner): Promise<RunEnvironment> {
  const plan = await loadPlan(deps, owner.planId);
  const user = owner.user && (await readRunUser(deps, owner.user));
  const [subjects, configVars] = await Promise.all([
    findRunSubjects(deps, owner, plan),
    resolveConfig(deps, owner.configRevisionId, user),
  ]);
  return { plan, configVars, user: user?.subject ?? NO_USER, ...subjects };
}
