import type { TriggerManifest } from '../../components/manifest';
import type { PlanFlow } from '../../engine/plan';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Deps } from '../context';
import { flowIdOf } from '../ids';

/** A flow as lists show it. */
export interface FlowView {
  id: string;
  name: string;
  stableKey: string;
  description: string;
  triggerComponentKey: string;
  triggerActionKey: string;
  isPollingTrigger: boolean;
  scheduleSupport: TriggerManifest['scheduleSupport'];
}

/** Describes flows of a plan, with what their triggers' components say of themselves. */
export async function viewFlows(
  deps: Pick<Deps, 'store'>,
  integration: { id: string; organizationId: string },
  flows: PlanFlow[],
): Promise<FlowView[]> {
  const components = await deps.store.componentVersions
    .find({
      organizationId: { $in: [null, integration.organizationId] },
      key: { $in: flows.map((flow) => flow.trigger.component.key) },
    })
    .lean<ComponentVersion[]>();
  return flows.map(({ name, stableKey, description, trigger }) => {
    const { key, signature } = trigger.component;
    const manifest = components.find((one) => one.key === key && one.signature === signature)?.manifest;
    const declared = manifest?.triggers[trigger.action];
    return {
      id: flowIdOf(integration.id, stableKey),
      name,
      stableKey,
      description,
      triggerComponentKey: key,
      triggerActionKey: trigger.action,
      isPollingTrigger: declared?.isPollingTrigger ?? false,
      scheduleSupport: declared?.scheduleSupport ?? 'invalid',
    };
  });
}
