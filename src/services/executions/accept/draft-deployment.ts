import { createHash, randomUUID } from 'node:crypto';
import { notFound } from '../../../errors';
import type { ConfigRevision } from '../../../store/models/config-revision.model';
import type { DraftDeployment, Instance } from '../../../store/models/instance.model';
import type { Deps } from '../../context';
import { draftPlanOf } from '../../instances/instance-plan';
import { storePlan } from '../../plans/load-plan';

/**
 * What a test instance runs: the draft as it stands now, with the components that are newest now and the test
 * configuration. A revision is stored when one of them has changed since the last test.
 */
export async function draftDeployment(
  deps: Pick<Deps, 'store'>,
  instanceId: string,
): Promise<DraftDeployment> {
  const { instances, configRevisions } = deps.store;
  const instance = await instances.findById(instanceId).lean<Instance>();
  if (!instance) throw notFound('The test instance');
  const planId = await storePlan(deps, await draftPlanOf(deps, instance));
  const hash = createHash('sha256').update(JSON.stringify(instance.configVariables)).digest('hex');
  const last = instance.draftDeployment;
  if (last && last.planId === planId && last.configHash === hash) return last;
  const revision = (last?.revision ?? 0) + 1;
  const next = { configRevisionId: randomUUID(), revision, planId, configHash: hash };
  const stored: ConfigRevision = {
    _id: next.configRevisionId,
    instanceId,
    revision,
    versionId: null,
    planId,
    configVariables: instance.configVariables,
    createdAt: new Date(),
    createdBy: '',
  };
  try {
    await configRevisions.create([stored]);
  } catch (error) {
    // Another test made this revision at the same moment.
    if ((error as { code?: unknown }).code !== 11_000) throw error;
    return draftDeployment(deps, instanceId);
  }
  await instances.updateOne({ _id: instanceId }, { $set: { draftDeployment: next } });
  return next;
}
