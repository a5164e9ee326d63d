import type { Plan } from '../../../engine/plan';
import type { ConfigRevision } from '../../../store/models/config-revision.model';
import type { Instance, LeftBehind } from '../../../store/models/instance.model';
import type { Deps } from '../../context';
import { loadPlan } from '../../plans/load-plan';
import { lifecycleCalls } from './lifecycle-calls';
import { hasSameTrigger } from './same-trigger';

/** What the triggers of a revision set up elsewhere, as far as they have functions that clear it away. */
export function setUpBy(of: Omit<LeftBehind, 'flowStableKeys'>, plan: Plan): LeftBehind {
  const { configRevisionId, revision, planId } = of;
  const flowStableKeys = new Set(lifecycleCalls(plan, 'remove').map(({ flow }) => flow.stableKey));
  return { configRevisionId, revision, planId, flowStableKeys: [...flowStableKeys] };
}

interface Next {
  revision: Pick<ConfigRevision, '_id' | 'revision' | 'planId'>;
  plan: Plan;
}

/** The same for one that is about to be deployed. */
export function setUpByNext({ revision: { _id, revision, planId }, plan }: Next): LeftBehind {
  return setUpBy({ configRevisionId: _id, revision, planId }, plan);
}

/** What is left of it once a plan serves: a flow that has the same trigger there is not left behind. */
export async function leftBehindBy(
  deps: Pick<Deps, 'store'>,
  all: readonly LeftBehind[],
  serving: Plan | null,
): Promise<LeftBehind[]> {
  if (serving === null) return some(all);
  const left: LeftBehind[] = [];
  for (const one of all) {
    const plan = await loadPlan(deps, one.planId);
    left.push(only(one, (key) => !hasSameTrigger(plan, serving, key)));
  }
  return some(left);
}

/** What an instance has left behind as things stand, with what serves. */
export async function leftBehindNow(
  deps: Pick<Deps, 'store'>,
  { leftBehind = [], deployment }: Pick<Instance, 'leftBehind' | 'deployment'>,
): Promise<{ left: LeftBehind[]; serving: Plan | null }> {
  const serving = deployment && (await loadPlan(deps, deployment.planId));
  return { left: await leftBehindBy(deps, leftBehind, serving), serving };
}

/** The first list without what the second one names. */
export function without(all: readonly LeftBehind[], gone: readonly LeftBehind[]): LeftBehind[] {
  return some(
    all.map((one) => {
      const same = gone.filter(({ configRevisionId }) => configRevisionId === one.configRevisionId);
      return only(one, (key) => !same.some(({ flowStableKeys }) => flowStableKeys.includes(key)));
    }),
  );
}

/** Those flows alone. */
export function only(one: LeftBehind, isMeant: (stableKey: string) => boolean): LeftBehind {
  return { ...one, flowStableKeys: one.flowStableKeys.filter(isMeant) };
}

/** Those that name a flow. */
export function some(all: readonly LeftBehind[]): LeftBehind[] {
  return all.filter(({ flowStableKeys }) => flowStableKeys.length > 0);
}

/** The change that stores them. */
export function storing(leftBehind: LeftBehind[]): Record<'$set' | '$unset', object> {
  const isEmpty = leftBehind.length === 0;
  return { $set: isEmpty ? {} : { leftBehind }, $unset: isEmpty ? { leftBehind: 1 } : {} };
}
