import { getConfigState } from '../../../services/instances/get-config-state';
import type { FlowConfigView } from '../../../services/instances/list-flow-configs';
import type { Instance } from '../../../store/models/instance.model';
import { listConnection, type PageArgs, wholeList } from '../connection';
import { type FieldsOf, same } from '../fields';
import { toGlobalId } from '../global-id';
import type { FlowSource } from '../sources';
import { type StatusArgs, withStatus } from './config-variable';
import { type ExecutionArgs, executionConnection } from './execution';
import { type LogArgs, logConnection } from './log';
import { instanceUserFields } from './user-config';

export const instanceFields: FieldsOf<Instance> = {
  ...same<Instance>('name', 'description', 'labels', 'isSystem', 'enabled', 'needsDeploy'),
  ...instanceUserFields,
  ...same<Instance>('globalDebug', 'stepsPerActivity', 'createdAt', 'updatedAt'),
  id: (instance) => toGlobalId('Instance', instance._id),
  profile: (instance, _args, { load }) => load.instanceProfile(instance.profileId ?? null),
  logsDisabled: (instance) => instance.logsDisabled ?? false,
  stepResultsDisabled: (instance) => instance.stepResultsDisabled ?? false,
  customer: (instance, _args, { load }) =>
    instance.customerId === null ? null : load.customer(instance.customerId),
  integration: ({ versionId, integrationId }, _args, { load }) =>
    load.integration(versionId ?? integrationId),
  deployedVersion: async ({ deployment }, _args, { load }) =>
    deployment && (await load.integration(deployment.versionId))?.versionNumber,
  lastDeployedAt: (instance) => instance.deployment?.deployedAt,
  configState: (instance, _args, { deps, ctx }) => getConfigState(deps, ctx, { instanceId: instance._id }),
  configVariables: async (instance, args: StatusArgs, { load }) =>
    wholeList(withStatus(await load.configVariables(instance._id), args)),
  flowConfigs: async (instance, args: PageArgs, { load }) =>
    listConnection(await load.flowConfigs(instance._id), args),
  executionResults: (instance, args: ExecutionArgs, request) =>
    executionConnection({ instanceId: instance._id }, args, request),
  logs: (instance, args: LogArgs, request) => logConnection({ instanceId: instance._id }, args, request),
};

export const flowConfigFields: FieldsOf<FlowConfigView> = {
  ...same<FlowConfigView>('webhookUrl', 'apiKeys', 'testPayload', 'testContentType', 'testHeaders'),
  id: (flowConfig) => toGlobalId('InstanceFlowConfig', flowConfig._id),
  flow: ({ flow, integrationId }): FlowSource => ({ ...flow, integrationId }),
  instance: (flowConfig, _args, { load }) => load.instance(flowConfig.instanceId),
};
