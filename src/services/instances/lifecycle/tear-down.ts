import { setTimeout as sleep } from 'node:timers/promises';
import type { PlanFlow } from '../../../engine/plan';
import { AppError } from '../../../errors';
import type { Execution, RunUser } from '../../../store/models/execution.model';
import type { Deployment, Instance } from '../../../store/models/instance.model';
import type { Deps } from '../../context';
import { loadPlan } from '../../plans/load-plan';
import { requireTemporal } from '../../require-temporal';
import { callLifecycleFunctions } from './call-lifecycle-functions';
import { clearAtRemoval } from './clear-left-behind';
import { isManaged, startFlows } from './deploy-flows';

/** How long a removal waits for its flows, ms, each; they may go on, and a repeated removal waits again. */
const FLOW_LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 250;

/**
 * Lets an instance clear away what it set up elsewhere: its flows for that moment run to their ends, then the
 * functions of its triggers are called, then those of triggers that it has no longer or never had in service. Throws `component_failed` with the reason why one did not; what fails is marked at the
 * instance, and repeating all of it is harmless.
 */
export async function tearDown(deps: Deps, instance: Instance): Promise<void> {
  const { deployment, _id } = instance;
  try {
    if (deployment) await tearDownDeployment(deps, instance, deployment);
    await clearAtRemoval(deps, instance);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const removalFailure = { message, failedAt: new Date() };
    await deps.store.instances.updateOne({ _id }, { $set: { removalFailure } });
    throw error;
  }
}

async function tearDownDeployment(
  deps: Deps,
  instance: Instance,
  { planId, configRevisionId }: Deployment,
): Promise<void> {
  const plan = await loadPlan(deps, planId);
  const flows = plan.flows.filter((flow) => isManaged(flow, 'instanceRemove'));
  await runTearDownFlows(deps, instance, flows);
  const result = await callLifecycleFunctions(deps, instance, { configRevisionId, plan }, 'remove');
  if (!result.isDone) throw new AppError('component_failed', result.message);
}

/**
 * Runs flows that clear away what was set up elsewhere, for the instance or one of its users, and waits for their ends.
 * Throws `component_failed` when one fails or takes too long.
 */
export async function runTearDownFlows(
  deps: Deps,
  instance: Instance,
  flows: PlanFlow[],
  user?: RunUser,
): Promise<void> {
  if (flows.length === 0) return;
  await requireTemporal(
    deps,
    'The flows that run before the removal could not be started: repeat it, or force it.',
  );
  // One of an earlier attempt that is still under way is not begun again.
  const underway = await deps.store.executions
    .find(
      {
        instanceId: instance._id,
        invokeType: 'TEAR_DOWN_FLOW',
        phase: { $ne: 'ended' },
        ...(user && { 'user.id': user.id }),
      },
      { flowStableKey: 1 },
    )
    .lean<Pick<Execution, '_id' | 'flowStableKey'>[]>();
  const missing = flows.filter(
    (flow) => !underway.some(({ flowStableKey }) => flowStableKey === flow.stableKey),
  );
  const started = await startFlows(deps, instance, missing, 'TEAR_DOWN_FLOW', user);
  await untilEnded(deps, [...underway.map(({ _id }) => _id), ...started]);
}

async function untilEnded(deps: Deps, ids: string[]): Promise<void> {
  const deadline = Date.now() + ids.length * FLOW_LIMIT_MS;
  for (;;) {
    const runs = await deps.store.executions
      .find({ _id: { $in: ids } }, { phase: 1, flowName: 1, error: 1 })
      .lean<Pick<Execution, 'phase' | 'flowName' | 'error'>[]>();
    const open = runs.filter(({ phase }) => phase !== 'ended');
    const failed = runs.find(({ error }) => error !== null);
    if (failed && open.length === 0)
      throw notTornDown(`The flow "${failed.flowName}" failed: ${failed.error?.message ?? ''}`);
    if (open.length === 0) return;
    if (Date.now() > deadline)
      throw notTornDown(`The flow "${open[0]?.flowName}" has not ended within ${FLOW_LIMIT_MS / 1000} s.`);
    await sleep(LOOK_EVERY_MS);
  }
}

const notTornDown = (reason: string): AppError =>
  new AppError('component_failed', `${reason} Nothing was removed: repeat it, or force the removal.`);
