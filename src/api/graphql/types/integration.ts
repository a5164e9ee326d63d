import { invalidField, notFound } from '../../../errors';
import { getDefinitionProfile } from '../../../services/instance-profiles/profile-of-definition';
import { listInstances } from '../../../services/instances/list-instances';
import { exportIntegration } from '../../../services/integrations/export-integration';
import { type IntegrationView, viewOfVersion } from '../../../services/integrations/integration-view';
import { listFlows } from '../../../services/integrations/list-flows';
import { listVersions } from '../../../services/integrations/list-versions';
import { connectionOf, listConnection, type PageArgs, wholeList } from '../connection';
import { type FieldsOf, same } from '../fields';
import { toGlobalId } from '../global-id';
import type { FlowSource } from '../sources';
import { type StatusArgs, withStatus } from './config-variable';

interface DefinitionArgs {
  version?: number | null;
  useLatestComponentVersions?: boolean | null;
}

interface VersionArgs extends PageArgs {
  versionIsAvailable?: boolean | null;
  sortBy?: ({ field: string; direction: 'ASC' | 'DESC' } | null)[] | null;
}

/** The version of the definition's format that the export writes. */
const FORMAT_VERSION = 7;

export const integrationFields: FieldsOf<IntegrationView> = {
  ...same<IntegrationView>('name', 'description', 'category', 'labels', 'versionNumber', 'versionCreatedAt'),
  ...same<IntegrationView>('versionComment', 'isCodeNative', 'avatarUrl'),
  id: (view) => toGlobalId('Integration', view.id),
  versionIsAvailable: (view) => view.isAvailable,
  customer: (view, _args, { load }) => (view.customerId === null ? null : load.customer(view.customerId)),
  versionCreatedBy: (view, _args, { load }) =>
    view.versionCreatedBy === null ? null : load.user(view.versionCreatedBy),
  definition: (view, args: DefinitionArgs, { deps, ctx }) => {
    if (args.version != null && args.version !== FORMAT_VERSION) {
      throw invalidField('version', `Definitions are written in format version ${FORMAT_VERSION} only.`);
    }
    return exportIntegration(deps, ctx, { id: view.id, latestComponents: args.useLatestComponentVersions });
  },
  versionSequence: async (view, args: VersionArgs, { deps, ctx }) => {
    const order = args.sortBy?.[0];
    if (order && order.field !== 'VERSION_NUMBER')
      throw invalidField('sortBy', 'Versions are ordered by VERSION_NUMBER only.');
    const versions = await listVersions(deps, ctx, {
      integrationId: view.integrationId,
      isAvailable: args.versionIsAvailable,
      newestFirst: order?.direction === 'DESC',
    });
    return listConnection(versions.map(viewOfVersion), args);
  },
  flows: async (view, args: PageArgs, { deps, ctx }) => {
    const flows = await listFlows(deps, ctx, { id: view.id });
    return listConnection(
      flows.map((flow): FlowSource => ({ ...flow, integrationId: view.integrationId })),
      args,
    );
  },
  defaultInstanceProfile: (view, _args, { deps, ctx }) => getDefinitionProfile(deps, ctx, { id: view.id }),
  systemInstance: async (view, _args, { load }) => {
    const instance = await load.systemInstance(view.integrationId);
    if (!instance) throw notFound(`The test instance of "${view.name}"`);
    return instance;
  },
  testConfigVariables: async (view, args: StatusArgs, { load }) => {
    const instance = await load.systemInstance(view.integrationId);
    return wholeList(instance ? withStatus(await load.configVariables(instance._id), args) : []);
  },
  instances: async (view, args: PageArgs & { isSystem?: boolean | null }, { deps, ctx }) =>
    connectionOf(
      await listInstances(deps, ctx, {
        first: args.first,
        after: args.after,
        integrationId: view.integrationId,
        isSystem: args.isSystem,
      }),
    ),
};

export const flowFields: FieldsOf<FlowSource> = {
  ...same<FlowSource>('name', 'stableKey', 'description'),
  id: (flow) => toGlobalId('IntegrationFlow', flow.id),
  testUrl: (flow, _args, { load }) => load.testUrl(flow),
  trigger: async (flow, _args, { load }) => ({ action: await load.trigger(flow) }),
};
