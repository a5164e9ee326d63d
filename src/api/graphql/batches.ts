import { visibleTo } from '../../services/authorize';
import { visibleTemplates } from '../../services/connection-templates/find-connection-template';
import {
  type ConnectionTemplateView,
  viewConnectionTemplates,
} from '../../services/connection-templates/view-connection-templates';
import type { Deps, RequestContext } from '../../services/context';
import {
  type IntegrationView,
  viewOfDraft,
  viewOfVersion,
} from '../../services/integrations/integration-view';
import type { ConnectionTemplate } from '../../store/models/connection-template.model';
import type { Customer } from '../../store/models/customer.model';
import type { Instance } from '../../store/models/instance.model';
import type { InstanceProfile } from '../../store/models/instance-profile.model';
import type { Integration } from '../../store/models/integration.model';
import type { IntegrationVersion } from '../../store/models/integration-version.model';
import type { OnPremiseResource } from '../../store/models/on-premise-resource.model';
import type { User } from '../../store/models/user.model';
import type { ExecutionSource } from './sources';

/**
 * Reads of many objects at once, for the loaders of a request. Each gives only what the actor may know of;
 * the order of its answer does not matter.
 */
export interface Batches {
  customers: (ids: readonly string[]) => Promise<Customer[]>;
  users: (ids: readonly string[]) => Promise<User[]>;
  instances: (ids: readonly string[]) => Promise<Instance[]>;
  systemInstances: (integrationIds: readonly string[]) => Promise<Instance[]>;
  instanceProfiles: (ids: readonly string[]) => Promise<InstanceProfile[]>;
  onPremiseResources: (ids: readonly string[]) => Promise<OnPremiseResource[]>;
  executions: (ids: readonly string[]) => Promise<ExecutionSource[]>;
  integrations: (ids: readonly string[]) => Promise<IntegrationView[]>;
  connectionTemplates: (ids: readonly string[]) => Promise<ConnectionTemplateView[]>;
}

export function createBatches(deps: Deps, ctx: RequestContext): Batches {
  const { store } = deps;
  const { organizationId, customerId } = ctx.actor;
  const visible = (ids: readonly string[]) => ({ $and: [among(ids), visibleTo(ctx)] });
  return {
    customers: (ids) => {
      const own = ids.filter((id) => customerId === null || id === customerId);
      return store.customers.find({ ...among(own), organizationId }).lean<Customer[]>();
    },
    users: (ids) => store.users.find(visible(ids)).lean<User[]>(),
    instances: (ids) => store.instances.find(visible(ids)).lean<Instance[]>(),
    systemInstances: (ids) =>
      store.instances
        .find({ ...visibleTo(ctx), integrationId: { $in: [...ids] }, isSystem: true })
        .lean<Instance[]>(),
    instanceProfiles: (ids) =>
      store.instanceProfiles.find({ ...among(ids), organizationId }).lean<InstanceProfile[]>(),
    onPremiseResources: (ids) => store.onPremiseResources.find(visible(ids)).lean<OnPremiseResource[]>(),
    executions: (ids) =>
      store.executions.find(visible(ids), { request: 0, answer: 0 }).lean<ExecutionSource[]>(),
    // Whoever sees an instance sees what it is called and which version it has. The definition, which tells
    // more, is not read here: its field asks the service, and that checks.
    integrations: async (ids) => {
      const filter = { ...among(ids), organizationId };
      const [versions, drafts] = await Promise.all([
        store.integrationVersions.find(filter, { definition: 0 }).lean<IntegrationVersion[]>(),
        store.integrations.find(filter, { definition: 0 }).lean<Integration[]>(),
      ]);
      return [...versions.map(viewOfVersion), ...drafts.map(viewOfDraft)];
    },
    connectionTemplates: async (ids) => {
      const filter = { $and: [among(ids), visibleTemplates(ctx)] };
      const found = await store.connectionTemplates.find(filter).lean<ConnectionTemplate[]>();
      return viewConnectionTemplates(deps, ctx, found);
    },
  };
}

function among(ids: readonly string[]) {
  return { _id: { $in: [...ids] } };
}
