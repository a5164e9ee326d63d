import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';
import { storeEnd } from '../run/store-end';
import { tellEnds } from '../run/tell-ends';

/**
 * Ends an execution that waits, in a queue or for its time, since another one took its place. False when it has begun
 * meanwhile.
 */
export async function endAsDuplicate(deps: Deps, execution: Execution, by: string): Promise<boolean> {
  const { phase, stepCount } = execution;
  const ended = await storeEnd(
    deps,
    execution,
    { error: null, stepCount, resultType: 'CANCELED_AS_DUPLICATE', canceledByExecutionId: by },
    { where: { phase }, isUntold: true },
  );
  if (ended?.canceledByExecutionId !== by) return false;
  await tellEnds(deps, [execution._id]);
  return true;
}
