import { AppError, isAppError } from '../../../errors';
import type { LeftBehind } from '../../../store/models/instance.model';
import type { LifecycleResult } from '../../../temporal/contract';
import type { Deps } from '../../context';
import { requireTemporal } from '../../require-temporal';
import { inTransaction } from '../../transaction';
import {
  type NextRevision,
  putInService,
  type Switch,
  type Switched,
  storeNextRevision,
} from '../switch-revision';
import { callLifecycleFunctions } from './call-lifecycle-functions';
import { clearReplaced } from './clear-left-behind';
import { setUpByNext, some, storing } from './left-behind';
import { setUpAgain, takeBack } from './take-back';

/**
 * Lets the triggers of the next revision set up what they need, and puts it into service when all have. Until then
 * the old one serves, but triggers that it loses clear away what they set up first. A first deploy has none, so the
 * new one does: who is told of a webhook often tries it at once. Throws `component_failed` when a function fails; then
 * the revision is taken back. Throws `conflict` when a later one was put into service meanwhile.
 */
export async function switchWithFunctions(deps: Deps, wanted: Switch): Promise<Switched> {
  await requireTemporal(deps, 'Its triggers could not be told, so nothing was deployed.');
  const next = await begin(deps, wanted);
  const { revision, plan, instance } = next;
  const cleared: LeftBehind[] = [];
  const undo = async (begun?: string[]): Promise<string> => {
    const notAgain = await setUpAgain(deps, next, cleared);
    await takeBack(deps, next, { cleared, begun });
    return notAgain;
  };
  let result: LifecycleResult;
  try {
    cleared.push(...(await clearReplaced(deps, next)));
    result = await callLifecycleFunctions(deps, instance, { configRevisionId: revision._id, plan }, 'deploy');
  } catch (error) {
    // While another deploy is at it, no function of this one was called.
    await undo(isAppError(error) && error.code === 'conflict' ? [] : undefined);
    throw error;
  }
  if (!result.isDone) throw new AppError('component_failed', `${result.message}${await undo(result.begun)}`);
  return inTransaction(deps, async (session) => ({
    next,
    instance: await putInService(deps, next, session, cleared),
  }));
}

/** What its triggers set up is noted before they do: whatever ends this deploy, somebody knows of it. */
async function begin(deps: Deps, wanted: Switch): Promise<NextRevision> {
  return inTransaction(deps, async (session) => {
    const next = await storeNextRevision(deps, wanted, session);
    const { instance } = next;
    if (instance.deployment === null) await putInService(deps, next, session);
    const leftBehind = some([...(instance.leftBehind ?? []), setUpByNext(next)]);
    await deps.store.instances.updateOne({ _id: instance._id }, storing(leftBehind), { session });
    return next;
  });
}
