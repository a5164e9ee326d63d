import type { Plan } from '../../../engine/plan';
import type { Instance, LeftBehind } from '../../../store/models/instance.model';
import type { Deps } from '../../context';
import { loadPlan } from '../../plans/load-plan';
import { inTransaction } from '../../transaction';
import type { NextRevision } from '../switch-revision';
import { callForFlows } from './call-for-flows';
import { leftBehindBy, only, setUpByNext, storing, without } from './left-behind';

interface Undone {
  /** What was cleared away for its sake. */
  cleared: LeftBehind[];
  /** Stable keys of the flows whose functions were called; absent for any. */
  begun: string[] | undefined;
}

/**
 * Takes back a revision whose triggers could not set up what they need. What those of them did that were called stays
 * noted, with the revision, unless the one that serves has the same trigger.
 */
export async function takeBack(deps: Deps, next: NextRevision, { cleared, begun }: Undone): Promise<void> {
  const { configRevisions, instances } = deps.store;
  const { revision, plan, instance: before } = next;
  const { _id } = before;
  const mine = setUpByNext(next);
  await inTransaction(deps, async (session) => {
    const instance = await instances.findById(_id, null, { session }).lean<Instance>();
    if (!instance) return;
    const isServing = instance.deployment?.configRevisionId === revision._id;
    const serving = isServing || instance.deployment === null ? null : instance.deployment;
    const done = only(mine, (key) => begun === undefined || begun.includes(key));
    const others = without(instance.leftBehind ?? [], [...cleared, mine]);
    const all = [...(await leftBehindBy(deps, others, partOf(plan, done))), done];
    const left = await leftBehindBy(deps, all, serving && (await loadPlan(deps, serving.planId)));
    const { $set, $unset } = storing(left);
    const undeployed = isServing ? { deployment: null, enabled: false, needsDeploy: true } : {};
    await instances.updateOne({ _id }, { $set: { ...$set, ...undeployed }, $unset }, { session });
    // One that served stays for the runs that began with it, whatever serves now.
    const isNoted = left.some(({ configRevisionId }) => configRevisionId === revision._id);
    if (before.deployment !== null && !isNoted)
      await configRevisions.deleteOne({ _id: revision._id }, { session });
  });
}

/** The flows alone that it names: what they set up takes the place of what earlier tries did. */
const partOf = ({ flows, ...plan }: Plan, { flowStableKeys }: LeftBehind): Plan => ({
  ...plan,
  flows: flows.filter(({ stableKey }) => flowStableKeys.includes(stableKey)),
});

/**
 * Lets the triggers that serve on set up again what they cleared away for a revision that is taken back. Answers words
 * for an error's message: none when they could.
 */
export async function setUpAgain(
  deps: Deps,
  { instance }: NextRevision,
  cleared: LeftBehind[],
): Promise<string> {
  const served = cleared.find(
    ({ configRevisionId }) => configRevisionId === instance.deployment?.configRevisionId,
  );
  if (!served) return '';
  const failed = await callForFlows(deps, instance, 'deploy', served).catch(() => served.flowStableKeys);
  if (failed.length === 0) return '';
  const { flows } = await loadPlan(deps, served.planId);
  const names = flows.filter(({ stableKey }) => failed.includes(stableKey)).map(({ name }) => `"${name}"`);
  return ` The former triggers of ${names.join(', ')}, which serve on, could not set up again what they had cleared away; the instance's log says why. Deploy again.`;
}
