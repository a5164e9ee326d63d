import type { Deps } from '../../context';
import { inTransaction } from '../../transaction';
import {
  type NextRevision,
  putInService,
  type Switch,
  type Switched,
  storeNextRevision,
} from '../switch-revision';
import { callLifecycleFunctions } from './call-lifecycle-functions';

/**
 * Lets the triggers of the next revision set up what they need, and puts it into service when all have. Until then
 * the old one serves. A first deploy has none, so the new one does: who is told of a webhook often tries it at once.
 * Throws `component_failed` when a function fails; then the revision is taken back. Throws `conflict` when a later
 * one was put into service meanwhile.
 */
export async function switchWithFunctions(deps: Deps, wanted: Switch): Promise<Switched> {
  const next = await inTransaction(deps, async (session) => {
    const stored = await storeNextRevision(deps, wanted, session);
    if (stored.instance.deployment === null) await putInService(deps, stored, session);
    return stored;
  });
  try {
    const { revision, plan, instance } = next;
    await callLifecycleFunctions(deps, instance, { configRevisionId: revision._id, plan }, 'deploy');
  } catch (error) {
    await takeBack(deps, next);
    throw error;
  }
  return inTransaction(deps, async (session) => ({
    next,
    instance: await putInService(deps, next, session),
  }));
}

async function takeBack(deps: Deps, { revision, instance }: NextRevision): Promise<void> {
  const { configRevisions, instances } = deps.store;
  if (instance.deployment !== null) {
    // It was never in service: no run has begun with it.
    await configRevisions.deleteOne({ _id: revision._id });
    return;
  }
  // It served, and stays for the runs that began with it, whatever serves now.
  await instances.updateOne(
    { _id: instance._id, 'deployment.configRevisionId': revision._id },
    { $set: { deployment: null, enabled: false, needsDeploy: true } },
  );
}
