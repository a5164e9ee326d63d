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
export function labelLine({ customer, instance, integration, version }: RunLabel, flowName: string): string {
  return [customer, instance, integration, flowName, version].filter(Boolean).join(' · ');
}

/** Names change seldom, and a label may be this old. */
const KEEP_MS = 5000;
const MAX_KEPT = 5000;
const kept = new Map<string, { untilMs: number; label: Promise<RunLabel | null> }>();

/** The label of an execution's run; null when its instance is gone. */
export function runLabelOf(
  deps: Pick<Deps, 'store'>,
  { instanceId, versionId }: Pick<Execution, 'instanceId' | 'versionId'>,
): Promise<RunLabel | null> {
  const key = `${instanceId}/${versionId ?? ''}`;
  const known = kept.get(key);
  if (known && known.untilMs > Date.now()) return known.label;
  const label = readLabel(deps, instanceId, versionId);
  kept.delete(key);
  kept.set(key, { untilMs: Date.now() + KEEP_MS, label });
  label.catch(() => kept.delete(key));
  const oldest = kept.keys().next().value;
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
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
