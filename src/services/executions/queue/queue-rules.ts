import type { PlanFlow } from '../../../engine/plan';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { loadPlan } from '../../plans/load-plan';

/** How a queue admits what waits. */
export interface QueueRules {
  /** Runs that may be under way at once; with 1 in order of their arrival. */
  limit: number;
}

/** As many at once where nothing limits them: others of the stack must have room too. */
const UNLIMITED = 20;

/** What rules are read by. */
export type QueueMember = Pick<
  Execution,
  '_id' | 'instanceId' | 'flowConfigId' | 'flowStableKey' | 'planId' | 'queue' | 'fanOutOf'
>;

/**
 * The rules of the queue that the run waits in, as they are now: those of the deployed version for a flow's queue, so
 * that a deploy changes them for what waits already. A flow whose queue was removed admits everything.
 */
export async function queueRules(deps: Pick<Deps, 'store'>, member: QueueMember): Promise<QueueRules> {
  const isOfFlow = member.queue?.key === member.flowConfigId;
  const flow = isOfFlow ? await deployedFlow(deps, member) : await flowOf(deps, member.planId, member);
  return { limit: limitOf(flow, isOfFlow) };
}

/** Runs at once that a flow allows; undefined for no limit. */
export function flowLimit(flow: PlanFlow): number | undefined {
  return flow.queue?.limit;
}

function limitOf(flow: PlanFlow | undefined, isOfFlow: boolean): number {
  const limits = [
    isOfFlow ? flow && flowLimit(flow) : undefined,
    flow?.batch?.concurrentBatchLimit,
    UNLIMITED,
  ].filter((limit): limit is number => limit !== undefined && limit > 0);
  return Math.min(...limits);
}

async function deployedFlow(deps: Pick<Deps, 'store'>, member: QueueMember): Promise<PlanFlow | undefined> {
  const instance = await deps.store.instances
    .findById(member.instanceId, { isSystem: 1, deployment: 1, draftDeployment: 1 })
    .lean();
  const planId = (instance?.isSystem ? instance.draftDeployment : instance?.deployment)?.planId;
  return flowOf(deps, planId ?? member.planId, member);
}

async function flowOf(
  deps: Pick<Deps, 'store'>,
  planId: string,
  { flowStableKey }: QueueMember,
): Promise<PlanFlow | undefined> {
  const { flows } = await loadPlan(deps, planId);
  return flows.find(({ stableKey }) => stableKey === flowStableKey);
}
