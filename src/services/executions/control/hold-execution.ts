import type { Execution } from '../../../store/models/execution.model';
import type { Deps, RequestContext } from '../../context';
import { changeOpen, findControllable } from './open-execution';

/** Asks an execution to stop before its next step. It costs no worker while it is held. Twice is harmless. */
export async function holdExecution(deps: Deps, ctx: RequestContext, id: string): Promise<Execution> {
  await findControllable(deps, ctx, id);
  return changeOpen(deps, ctx, id, {
    condition: { control: { $ne: 'cancel' } },
    update: { $set: { control: 'hold' } },
    refusal: 'The execution is being cancelled.',
  });
}
