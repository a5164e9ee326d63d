import { LRUCache } from 'lru-cache';
import type { Execution } from '../../../store/models/execution.model';
import type { Deps } from '../../context';

/** What people call a run by, and the instance's setting for it. */
export interface RunLabel {
  customer: string;
  instance: string;
  integration: string;
  version: string;
  stepsPerActivity: number | null;
}

/** The line that Temporal's Web UI shows of a run. */
export function labelLine(
  { customer, instance, integration, version }: Omit<RunLabel, 'stepsPerActivity'>,
  flowName: string,
): string {
  return [customer, instance, integration, flowName, version].filter(Boolean).join(' · ');
}

/** Names change seldom, and a label may be this old. */
const kept = new LRUCache<string, Promise<RunLabel | null>>({ max: 5000, ttl: 5000 });

/** The label of an execution's run; null when its instance is gone. */
export function runLabelOf(
  deps: Pick<Deps, 'store'>,
  { instanceId, versionId }: Pick<Execution, 'instanceId' | 'versionId'>,
): Promise<RunLabel | null> {
  const key = `${instanceId}/${versionId ?? ''}`;
  const known = kept.get(key);
  if (known) return known;
  const label = readLabel(deps, instanceId, versionId);
  kept.set(key, label);
  label.catch(() => kept.delete(key));
  return label;
}

async function readLabel(
  { store }: Pick<Deps, 'store'>,
  instanceId: string,
  versionId: string | null,
): Promise<RunLabel | null> {
  const instance = await store.instances
    .findById(instanceId, { name: 1, customerId: 1, integrationId: 1, stepsPerActivity: 1 })
    .lean();
  if (!instance) return null;
  const [customer, version] = await Promise.all([
    instance.customerId ? store.customers.findById(instance.customerId, { name: 1 }).lean() : null,
    versionId ? store.integrationVersions.findById(versionId, { name: 1, versionNumber: 1 }).lean() : null,
  ]);
  return {
    customer: customer?.name ?? '',
    instance: instance.name,
    integration: version?.name ?? '',
    version: version ? `v${version.versionNumber}` : '',
    stepsPerActivity: instance.stepsPerActivity,
  };
}
