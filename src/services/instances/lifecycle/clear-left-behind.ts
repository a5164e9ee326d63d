import type { Instance, LeftBehind } from '../../../store/models/instance.model';
import type { Deps } from '../../context';
import { requireTemporal } from '../../require-temporal';
import { inTransaction } from '../../transaction';
import type { NextRevision } from '../switch-revision';
import { callForFlows } from './call-for-flows';
import { leftBehindBy, leftBehindNow, only, setUpBy, some, storing, without } from './left-behind';
import { lifecycleCalls } from './lifecycle-calls';

/** How long a deploy or a removal waits for them, ms. */
const WAIT_MS = 60_000;

/**
 * Lets the triggers that flows of the next revision have no longer clear away what they set up elsewhere, before the
 * new ones set up theirs: third parties often know one webhook of an address, and components one of a flow. Answers
 * what was cleared. Throws `conflict` while another deploy or removal of the instance is under way.
 */
export async function clearReplaced(deps: Deps, { instance, plan }: NextRevision): Promise<LeftBehind[]> {
  const { left, serving } = await leftBehindNow(deps, instance);
  const present = instance.deployment && serving ? [setUpBy(instance.deployment, serving)] : [];
  const settingUp = keysOfSettingUp(plan);
  const replaced = (await leftBehindBy(deps, [...left, ...present], plan)).map((one) =>
    only(one, (key) => settingUp.has(key)),
  );
  const cleared: LeftBehind[] = [];
  for (const one of some(replaced)) cleared.push(...(await clear(deps, instance, one)));
  return cleared;
}

/**
 * Lets an instance that was deployed clear away what it left behind elsewhere. Not what a present trigger has set up
 * anew since: that waits for the next deploy, which calls both in order. Never throws: what fails is in the
 * instance's log and stays noted, so that the next deploy and the removal try it again.
 */
export async function clearDropped(deps: Deps, instance: Instance): Promise<void> {
  const { left, serving } = await leftBehindNow(deps, instance);
  const { revision = 0 } = instance.deployment ?? {};
  const settingUp = keysOfSettingUp(serving ?? { flows: [] });
  const due = left
    // A later deploy may be at it just now.
    .filter((one) => one.revision < revision)
    .map((one) => only(one, (key) => !settingUp.has(key)));
  await clearAll(deps, instance, some(due));
}

/**
 * Lets an instance that is being removed clear away what it left behind elsewhere. Throws `dependency_unavailable`
 * while nobody could be told; what fails else keeps no instance.
 */
export async function clearAtRemoval(deps: Deps, instance: Instance): Promise<void> {
  const { left } = await leftBehindNow(deps, instance);
  if (left.length === 0) return;
  const message = `What "${instance.name}" set up elsewhere could not be cleared away, so nothing was removed: repeat it, or force it.`;
  await requireTemporal(deps, message);
  await clearAll(deps, instance, left);
}

/** Flows whose triggers set something up at a deploy. */
function keysOfSettingUp(plan: Parameters<typeof lifecycleCalls>[0]): Set<string> {
  return new Set(lifecycleCalls(plan, 'deploy').map(({ flow }) => flow.stableKey));
}

async function clearAll(deps: Deps, instance: Instance, due: LeftBehind[]): Promise<void> {
  const cleared: LeftBehind[] = [];
  for (const one of due) {
    // Another deploy has begun; it knows of it.
    cleared.push(...(await clear(deps, instance, one, WAIT_MS).catch(() => [])));
  }
  if (cleared.length === 0) return;
  await inTransaction(deps, async (session) => {
    const { instances } = deps.store;
    const { _id } = instance;
    const present = await instances.findById(_id, { leftBehind: 1 }, { session }).lean<Instance>();
    if (present) {
      const left = without(present.leftBehind ?? [], cleared);
      await instances.updateOne({ _id }, storing(left), { session });
    }
  });
}

/** Answers what of it was cleared. */
async function clear(
  deps: Deps,
  instance: Instance,
  one: LeftBehind,
  waitMs?: number,
): Promise<LeftBehind[]> {
  const options = waitMs === undefined ? {} : { waitMs };
  const failed = await callForFlows(deps, instance, 'remove', one, options);
  return some([only(one, (key) => !failed.includes(key))]);
}
