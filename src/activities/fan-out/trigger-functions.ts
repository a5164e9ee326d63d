import type { CallKind } from '../../components/runner/contract';
import type { PlanFlow } from '../../engine/plan';
import type { Execution } from '../../store/models/execution.model';

/** The functions of a batch trigger that a run calls; undefined for one that the trigger lacks. */
export interface TriggerFunctions {
  perform: CallKind;
  resolveItems: CallKind;
  nextCursor: CallKind | undefined;
}

/** Those of the first sync after a deploy, or of any other run; undefined when they give no items. */
export function triggerFunctions(
  { batch, triggerTraits: traits }: PlanFlow,
  { invokeType }: Execution,
): TriggerFunctions | undefined {
  if (!batch || !traits) return undefined;
  const isFirstSync = invokeType === 'DEPLOY_FLOW' && batch.runInitialSyncOnDeploy;
  if (isFirstSync && traits.hasOnDeployPerform) {
    if (!traits.hasResolveOnDeployItems) return undefined;
    return {
      perform: 'onDeployPerform',
      resolveItems: 'resolveOnDeployItems',
      nextCursor: traits.hasOnDeployNextPagination ? 'getOnDeployNextPaginationState' : undefined,
    };
  }
  if (!traits.hasResolveTriggerItems) return undefined;
  return {
    perform: 'trigger',
    resolveItems: 'resolveTriggerItems',
    nextCursor: traits.hasNextPagination ? 'getNextPaginationState' : undefined,
  };
}
