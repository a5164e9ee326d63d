import type { Execution } from '../../../store/models/execution.model';
import type { Deps, RequestContext } from '../../context';
import { changeOpen, findControllable, wake } from './open-execution';

/** Lets a held execution go on with its next step. */
export async function resumeExecution(deps: Deps, ctx: RequestContext, id: string): Promise<Execution> {
  await findControllable(deps, ctx, id);
  const execution = await changeOpen(deps, ctx, id, {
    condition: { control: 'hold' },
    update: { $unset: { control: 1 } },
    refusal: 'The execution is not held.',
  });
  try {
    await wake(deps, execution);
  } catch (error) {
    // Held as before, so that it can be asked again.
    await deps.store.executions.updateOne(
      { _id: id, phase: { $ne: 'ended' }, control: null },
      { $set: { control: 'hold' } },
    );
    throw error;
  }
  return execution;
}
