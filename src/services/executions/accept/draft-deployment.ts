import { createHash, randomUUID } from 'node:crypto';
import { AppError, notFound } from '../../../errors';
import type { ConfigRevision } from '../../../store/models/config-revision.model';
import type { ConnectionTemplate } from '../../../store/models/connection-template.model';
import type { Instance, TestDeployment } from '../../../store/models/instance.model';
import { readTemplates, templatesOfRevision } from '../../connection-templates/read-templates';
import type { Deps } from '../../context';
import { compiledDraftPlan } from '../../instances/instance-plan';
import { loadPlan, storePlan } from '../../plans/load-plan';

/** Tests of one integration that store a revision at the same moment. */
const TRIES = 20;

type TestDeps = Pick<Deps, 'store' | 'sealer'>;

/** What a test instance runs: the draft as it stands now, with the components that are newest now. */
export async function draftDeployment(deps: TestDeps, instanceId: string): Promise<TestDeployment> {
  const instance = await readInstance(deps, instanceId);
  const planId = await storePlan(deps, await compiledDraftPlan(deps, instance.integrationId));
  return testDeployment(deps, instance, planId, 'draftDeployment');
}

/** What the preprocess flow of an address runs that all customers share: a published plan, whatever the draft is. */
export async function sharedDeployment(
  deps: TestDeps,
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
  deps: TestDeps,
  instance: Instance,
  planId: string,
  field: 'draftDeployment' | 'sharedDeployment',
): Promise<TestDeployment> {
  const templates = await readTemplates(deps, instance.organizationId, await loadPlan(deps, planId));
  const configHash = hashOf(instance, templates);
  const last = instance[field];
  if (last && last.planId === planId && last.configHash === configHash) return last;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const stored = await storeRevision(deps, { instance, planId, templates });
    if (!stored) continue;
    const next = { configRevisionId: stored._id, revision: stored.revision, planId, configHash };
    await deps.store.instances.updateOne({ _id: instance._id }, { $set: { [field]: next } });
    return next;
  }
  throw new AppError('conflict', 'Too many tests of this integration began at the same moment.');
}

/** Of the test configuration and the presets that the plan names. */
function hashOf({ configVariables }: Instance, templates: ConnectionTemplate[]): string {
  const ofTemplates = templates.map(({ _id, updatedAt }) => `${_id} ${updatedAt.getTime()}`).sort();
  const parts = templates.length === 0 ? configVariables : [configVariables, ofTemplates];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

interface TestConfiguration {
  instance: Instance;
  planId: string;
  templates: ConnectionTemplate[];
}

/** Null when another one took the number at the same moment. */
async function storeRevision(
  { store, sealer }: TestDeps,
  { instance: { _id: instanceId, configVariables }, planId, templates }: TestConfiguration,
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
    ...(templates.length > 0 && { templates: templatesOfRevision(sealer, templates) }),
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
