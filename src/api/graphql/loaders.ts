import DataLoader from 'dataloader';
import type { ComponentPin } from '../../components/manifest';
import { notFound } from '../../errors';
import { listComponents } from '../../services/components/list-components';
import type { ConnectionTemplateView } from '../../services/connection-templates/view-connection-templates';
import type { Deps, RequestContext } from '../../services/context';
import { defaultProfile } from '../../services/instance-profiles/default-profile';
import type { ConfigVariableView } from '../../services/instances/config/view-variables';
import { listConfigVariables } from '../../services/instances/list-config-variables';
import { type FlowConfigView, listFlowConfigs } from '../../services/instances/list-flow-configs';
import type { IntegrationView } from '../../services/integrations/integration-view';
import { getOrganization } from '../../services/organizations/get-organization';
import type { ComponentVersion } from '../../store/models/component-version.model';
import type { Customer } from '../../store/models/customer.model';
import type { Instance } from '../../store/models/instance.model';
import type { InstanceProfile } from '../../store/models/instance-profile.model';
import type { OnPremiseResource } from '../../store/models/on-premise-resource.model';
import type { Organization } from '../../store/models/organization.model';
import type { User } from '../../store/models/user.model';
import { createBatches } from './batches';
import type { ActionSource, ConnectionSource, ExecutionSource, FlowSource } from './sources';

/** What the fields of one request look up; each object is read once, and those of a list together. */
export interface Loaders {
  organization(): Promise<Organization>;
  customer(id: string): Promise<Customer | null>;
  user(id: string): Promise<User | null>;
  instance(id: string): Promise<Instance | null>;
  /** The test instance of an integration. */
  systemInstance(integrationId: string): Promise<Instance | null>;
  /** Null for the default one; null to whoever may see none. */
  instanceProfile(id: string | null): Promise<InstanceProfile | null>;
  onPremiseResource(id: string): Promise<OnPremiseResource | null>;
  execution(id: string): Promise<ExecutionSource | null>;
  /** By the id of an integration or of a version; without its definition. */
  integration(id: string): Promise<IntegrationView | null>;
  configVariables(instanceId: string): Promise<ConfigVariableView[]>;
  flowConfigs(instanceId: string): Promise<FlowConfigView[]>;
  flowConfig(instanceId: string, flowConfigId: string): Promise<FlowConfigView | null>;
  /** The address of a flow on the test instance of its integration. */
  testUrl(flow: FlowSource): Promise<string>;
  /** The trigger that a flow begins with. */
  trigger(flow: FlowSource): Promise<ActionSource>;
  /** A kind of connection, of the pinned version or else the newest one that has it; null where none is to be seen. */
  connectionType(pin: ComponentPin, key: string): Promise<ConnectionSource | null>;
  /** A preset of a connection. */
  connectionTemplate(id: string): Promise<ConnectionTemplateView | null>;
}

export function createLoaders(deps: Deps, ctx: RequestContext): Loaders {
  const read = createBatches(deps, ctx);
  const organization = once(() => getOrganization(deps, ctx));
  const customers = batched(read.customers, (customer) => customer._id);
  const users = batched(read.users, (user) => user._id);
  const instances = batched(read.instances, (instance) => instance._id);
  const systemInstances = batched(read.systemInstances, (instance) => instance.integrationId);
  const instanceProfiles = batched(read.instanceProfiles, (profile) => profile._id);
  const standard = once(() => defaultProfile(deps, ctx.actor.organizationId));
  const onPremiseResources = batched(read.onPremiseResources, (resource) => resource._id);
  const executions = batched(read.executions, (execution) => execution._id);
  const integrations = batched(read.integrations, (view) => view.id);
  const connectionTemplates = batched(read.connectionTemplates, (template) => template._id);
  const configVariables = single((instanceId) => listConfigVariables(deps, ctx, { instanceId }));
  const flowConfigs = single((instanceId) => listFlowConfigs(deps, ctx, { instanceId }));
  const components = single((key) =>
    listComponents(deps, ctx, { key, allVersions: true, includeCodeNative: true, first: 100 }),
  );
  return {
    organization,
    customer: (id) => customers.load(id),
    user: (id) => users.load(id),
    instance: (id) => instances.load(id),
    systemInstance: (id) => systemInstances.load(id),
    instanceProfile: async (id) => {
      if (ctx.actor.customerId !== null) return null;
      return (id !== null && (await instanceProfiles.load(id))) || standard();
    },
    onPremiseResource: (id) => onPremiseResources.load(id),
    execution: (id) => executions.load(id),
    integration: (id) => integrations.load(id),
    configVariables: (id) => configVariables.load(id),
    flowConfigs: (id) => flowConfigs.load(id),
    flowConfig: async (instanceId, flowConfigId) => {
      const all = await flowConfigs.load(instanceId);
      return all.find(({ _id }) => _id === flowConfigId) ?? null;
    },
    testUrl: async (flow) => {
      const instance = await systemInstances.load(flow.integrationId);
      const all = instance ? await flowConfigs.load(instance._id) : [];
      const found = all.find(({ flowId }) => flowId === flow.id);
      if (!found) throw notFound(`A test address of flow '${flow.name}'`);
      return found.webhookUrl;
    },
    ...ofComponents((key) => components.load(key)),
    connectionTemplate: (id) => connectionTemplates.load(id),
  };
}

/** What is looked up in the versions of a component, newest first. */
function ofComponents(
  load: (key: string) => Promise<{ nodes: ComponentVersion[] }>,
): Pick<Loaders, 'trigger' | 'connectionType'> {
  return {
    trigger: async ({ triggerComponentKey, triggerActionKey }) => {
      const { nodes } = await load(triggerComponentKey);
      const component = nodes.find(
        ({ status, manifest }) => status === 'ready' && manifest.triggers?.[triggerActionKey],
      );
      const action = component?.manifest.triggers[triggerActionKey];
      if (!component || !action) throw notFound(`Trigger '${triggerActionKey}' of '${triggerComponentKey}'`);
      return { component, kind: 'trigger', action };
    },
    connectionType: async ({ key: componentKey, isPublic, signature }, key) => {
      const { nodes } = await load(componentKey);
      const having = nodes.flatMap((component) => {
        const connection = component.manifest.connections.find((one) => one.key === key);
        return connection && component.isPublic === isPublic ? [{ component, connection }] : [];
      });
      return having.find(({ component }) => component.signature === signature) ?? having[0] ?? null;
    },
  };
}

/** Collects the ids asked for in one tick and reads them together; what is not found is null. */
function batched<T>(read: (ids: readonly string[]) => Promise<T[]>, keyOf: (found: T) => string) {
  return new DataLoader<string, T | null>(async (ids) => {
    const found = new Map((await read(ids)).map((one) => [keyOf(one), one]));
    return ids.map((id) => found.get(id) ?? null);
  });
}

/** Reads one at a time, each once. */
function single<T>(read: (id: string) => Promise<T>) {
  return new DataLoader<string, T>((ids) => settle(ids.map(read)), { batch: false });
}

async function settle<T>(reads: Promise<T>[]): Promise<(T | Error)[]> {
  const settled = await Promise.allSettled(reads);
  return settled.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as Error)));
}

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= read();
    return result;
  };
}
