import type { Execution } from '../../../store/models/execution.model';
import type { Deps, RequestContext } from '../../context';
import { endAbandoned } from '../repair/end-abandoned';
import { endDriver } from '../retry/cancel-older-retries';
import { forgetRetry } from '../retry/forget-retry';
import { changeOpen, findControllable, isAhead, wake } from './open-execution';

/**
 * Asks an execution to end before its next step, as an error `cancelled`. One that nobody holds, since it waits for
 * its start or in a queue, ends at once.
 */
export async function cancelExecution(deps: Deps, ctx: RequestContext, id: string): Promise<Execution> {
  await findControllable(deps, ctx, id);
  const execution = await changeOpen(deps, ctx, id, {
    update: { $set: { control: 'cancel' } },
    refusal: 'The execution is being cancelled.',
  });
  const isAttempt = isAhead(execution);
  if (isHeldByNobody(execution) || isAttempt) {
    const fault = { code: 'cancelled', message: 'The execution was cancelled.' };
    // One that has begun meanwhile reads what was asked of it with its next step.
    await endAbandoned(deps, id, { ...fault, where: { phase: execution.phase } });
    if (isAttempt) await forgetRetry(deps, execution);
    if (isAttempt) await endDriver(deps, execution);
    return findControllable(deps, ctx, id);
  }
  await wake(deps, execution);
  return execution;
}

const isHeldByNobody = ({ phase, workflowId }: Execution): boolean =>
  phase === 'queued' || (phase === 'accepted' && workflowId === null);
