import { publicUrl } from '../../../config/env';
import { AppError } from '../../../errors';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';

/** Who and what a run is about, as components are told. */
export interface RunSubjects {
  customer: { id: string; externalId: string; name: string };
  instance: { id: string; name: string };
  integration: { id: string; name: string; versionSequenceId: string; externalVersion: string };
  globalDebug: boolean;
  /** By flow name: every flow of the instance. */
  webhookUrls: Record<string, string>;
  webhookApiKeys: Record<string, string[]>;
}

export async function findRunSubjects(deps: Deps, execution: Execution): Promise<RunSubjects> {
  const { store, env } = deps;
  const [instance, customer, version, flowConfigs] = await Promise.all([
    store.instances.findById(execution.instanceId, { name: 1, globalDebug: 1 }).lean(),
    execution.customerId ? store.customers.findById(execution.customerId).lean() : null,
    execution.versionId
      ? store.integrationVersions.findById(execution.versionId, { name: 1, versionNumber: 1 }).lean()
      : null,
    store.flowConfigs.find({ instanceId: execution.instanceId, isActive: true }).lean(),
  ]);
  if (!instance) throw new AppError('not_found', 'The instance was deleted.');
  return {
    customer: { id: customer?._id ?? '', externalId: customer?.externalId ?? '', name: customer?.name ?? '' },
    instance: { id: instance._id, name: instance.name },
    integration: {
      id: execution.integrationId,
      name: version?.name ?? '',
      versionSequenceId: execution.versionId ?? '',
      externalVersion: version ? String(version.versionNumber) : '',
    },
    globalDebug: instance.globalDebug,
    webhookUrls: Object.fromEntries(
      flowConfigs.map((flow) => [flow.flowName, `${publicUrl(env)}/trigger/${flow._id}`]),
    ),
    webhookApiKeys: Object.fromEntries(flowConfigs.map((flow) => [flow.flowName, flow.apiKeys])),
  };
}
