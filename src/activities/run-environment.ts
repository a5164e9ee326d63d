import type { Plan } from '../engine/plan';
import { findRunSubjects, type RunSubjects } from '../services/executions/run/find-run-subjects';
import { resolveConfig } from '../services/instances/resolve-config';
import { loadPlan } from '../services/plans/load-plan';
import type { Execution } from '../store/models/execution.model';
import type { RunDeps } from './run-deps';

/** What all runs of an instance's deployed revision share. */
export interface RunEnvironment extends RunSubjects {
  plan: Plan;
  /** Run-time values, secrets included: in memory only, and only for a short while. */
  configVars: Record<string, unknown>;
}

const KEEP_MS = 5000;
const MAX_KEPT = 500;
const kept = new Map<string, { untilMs: number; environment: Promise<RunEnvironment> }>();

/** Reads it, or takes what another run read within the last seconds. */
export function runEnvironment(deps: RunDeps, execution: Execution): Promise<RunEnvironment> {
  const key = `${execution.instanceId}/${execution.configRevisionId}`;
  const known = kept.get(key);
  if (known && known.untilMs > Date.now()) return known.environment;
  const environment = readEnvironment(deps, execution);
  kept.delete(key);
  kept.set(key, { untilMs: Date.now() + KEEP_MS, environment });
  const oldest = kept.keys().next().value;
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  environment.catch(() => kept.delete(key));
  return environment;
}

async function readEnvironment(deps: RunDeps, execution: Execution): Promise<RunEnvironment> {
  const [plan, subjects, configVars] = await Promise.all([
    loadPlan(deps, execution.planId),
    findRunSubjects(deps, execution),
    resolveConfig(deps, execution.configRevisionId),
  ]);
  return { plan, configVars, ...subjects };
}
