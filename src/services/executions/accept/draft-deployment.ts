import { createHash, randomUUID } from 'node:crypto';
import { AppError, notFound } from '../../../errors';
import type { ConfigRevision } from '../../../store/models/config-revision.model';
import type { Instance, TestDeployment } from '../../../store/models/instance.model';
import type { Deps } from '../../context';
import { compiledDraftPlan } from '../../instances/instance-plan';
import { storePlan } from '../../plans/load-plan';

/** Tests of one integration that store a revision at the same moment. */
const TRIES = 20;

/** What a test instance runs: the draft as it stands now, with the components that are newest now. */
export async function draftDeployment(
  deps: Pick<Deps, 'store'>,
  instanceId: string,
): Promise<TestDeployment> {
  const instance = await readInstance(deps, instanceId);
  const planId = await storePlan(deps, await compiledDraftPlan(deps, instance.integrationId));
  return testDeployment(deps, instance, planId, 'draftDeployment');
}

/** What the preprocess flow of an address runs that all customers share: a published plan, whatever the draft is. */
export async function sharedDeployment(
  deps: Pick<Deps, 'store'>,
  instanceId: string,
  planId: string,
): Promise<TestDeployment> {
  return testDeployment(deps, await readInstance(deps, instanceId), planId, 'sharedDeployment');
}

async function readInstance(deps: Pick<Deps, 'store'>, id: string): Promise<Instance> {
  const instance = await deps.store.instances.findById(id).lean<Instance>();
  if (!instance) throw notFound('The test instance');
  return instance;
}

/** A plan with the test configuration. A revision is stored when one of them is another than the last time. */
async function testDeployment(
  deps: Pick<Deps, 'store'>,
  instance: Instance,
  planId: string,
  field: 'draftDeployment' | 'sharedDeployment',
): Promise<TestDeployment> {
  const configHash = createHash('sha256').update(JSON.stringify(instance.configVariables)).digest('hex');
  const last = instance[field];
  if (last && last.planId === planId && last.configHash === configHash) return last;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const stored = await storeRevision(deps, instance, planId);
    if (!stored) continue;
    const next = { configRevisionId: stored._id, revision: stored.revision, planId, configHash };
    await deps.store.instances.updateOne({ _id: instance._id }, { $set: { [field]: next } });
    return next;
  }
  throw new AppError('conflict', 'Too many tests of this integration began at the same moment.');
}

/** Null when another one took the number at the same moment. */
async function storeRevision(
  { store }: Pick<Deps, 'store'>,
  { _id: instanceId, configVariables }: Instance,
  planId: string,
): Promise<ConfigRevision | null> {
  // What was stored last counts, not what the instance knows of: a process may have died in between.
  const [newest] = await store.configRevisions
    .find({ instanceId }, { revision: 1 })
    .sort({ revision: -1 })
    .limit(1)
    .lean<Pick<ConfigRevision, 'revision'>[]>();
  const revision: ConfigRevision = {
    _id: randomUUID(),
    instanceId,
    revision: (newest?.revision ?? 0) + 1,
    versionId: null,
    planId,
    configVariables,
    createdAt: new Date(),
    createdBy: '',
  };
  try {
    await store.configRevisions.create([revision]);
    return revision;
  } catch (error) {
    if ((error as { code?: unknown }).code === 11_000) return null;
    throw error;
  }
}
