import { createInstance } from '../../../services/instances/create-instance';
import { deleteInstance } from '../../../services/instances/delete-instance';
import { deployInstance } from '../../../services/instances/deploy-instance';
import { getInstance } from '../../../services/instances/get-instance';
import { listInstances } from '../../../services/instances/list-instances';
import { updateInstance } from '../../../services/instances/update-instance';
import { connectionOf, type PageArgs } from '../connection';
import { type DescribedArgs, type DescribedOrder, describedInput } from '../described-args';
import type { FieldsOf } from '../fields';
import { fromGlobalId, fromOptionalId } from '../global-id';
import { mutation } from '../mutation';
import { withoutNulls } from '../without-nulls';

interface InstancesArgs extends PageArgs, DescribedArgs<DescribedOrder> {
  id_In?: (string | null)[] | null;
  customer?: string | null;
  customer_ExternalId?: string | null;
  integration?: string | null;
  isSystem?: boolean | null;
  enabled?: boolean | null;
  needsDeploy?: boolean | null;
  globalDebug?: boolean | null;
}

export const instanceQueries: FieldsOf<unknown> = {
  instance: (_, { id }: { id: string }, { deps, ctx }) =>
    getInstance(deps, ctx, { id: fromGlobalId('Instance', id) }),
  instances: async (_, args: InstancesArgs, { deps, ctx }) =>
    connectionOf(
      await listInstances(deps, ctx, {
        first: args.first,
        after: args.after,
        customerId: fromOptionalId('Customer', args.customer, 'customer'),
        integrationId: fromOptionalId('Integration', args.integration, 'integration'),
        ids: withoutNulls(args.id_In)?.map((id) => fromGlobalId('Instance', id, 'id_In')),
        customerExternalId: args.customer_ExternalId,
        isSystem: args.isSystem,
        enabled: args.enabled,
        needsDeploy: args.needsDeploy,
        globalDebug: args.globalDebug,
        ...describedInput(args),
      }),
    ),
};

interface IdInput {
  id?: string | null;
}

interface VariableInput {
  key: string;
  value?: string | null;
  values?: string | null;
  scheduleType?: string | null;
  timeZone?: string | null;
  onPremiseResourceId?: string | null;
}

interface FlowConfigInput {
  flowId: string;
  apiKeys?: (string | null)[] | null;
  testPayload?: string | null;
  testContentType?: string | null;
  testHeaders?: string | null;
}

interface CreateInput {
  name: string;
  description?: string | null;
  integration: string;
  customer: string;
  configVariables?: (VariableInput | null)[] | null;
  labels?: (string | null)[] | null;
  stepsPerActivity?: number | null;
  profile?: string | null;
  logsDisabled?: boolean | null;
  stepResultsDisabled?: boolean | null;
}

interface UpdateInput extends IdInput, Partial<Omit<CreateInput, 'customer'>> {
  enabled?: boolean | null;
  globalDebug?: boolean | null;
  flowConfigs?: (FlowConfigInput | null)[] | null;
}

const NAMES = {
  integrationId: 'integration',
  versionId: 'integration',
  customerId: 'customer',
  profileId: 'profile',
};
const instanceIdOf = ({ id }: IdInput) => fromGlobalId('Instance', id ?? '');

export const instanceMutations: FieldsOf<unknown> = {
  createInstance: mutation(
    'instance',
    ({ name, description, stepsPerActivity, ...input }: CreateInput, { deps, ctx }) =>
      createInstance(deps, ctx, {
        name,
        description,
        stepsPerActivity,
        integrationId: fromGlobalId('Integration', input.integration, 'integration'),
        customerId: fromGlobalId('Customer', input.customer, 'customer'),
        ...profileOf(input),
        configVariables: withoutNulls(input.configVariables)?.map(variableOf),
        labels: withoutNulls(input.labels),
      }),
    NAMES,
  ),
  updateInstance: mutation(
    'instance',
    ({ name, description, enabled, globalDebug, stepsPerActivity, ...input }: UpdateInput, { deps, ctx }) =>
      updateInstance(deps, ctx, {
        id: instanceIdOf(input),
        name,
        description,
        enabled,
        globalDebug,
        stepsPerActivity,
        versionId: fromOptionalId('Integration', input.integration, 'integration'),
        ...profileOf(input),
        labels: withoutNulls(input.labels),
        configVariables: withoutNulls(input.configVariables)?.map(variableOf),
        flowConfigs: withoutNulls(input.flowConfigs)?.map(flowConfigOf),
      }),
    NAMES,
  ),
  updateInstanceConfigVariables: mutation(
    'instance',
    (input: IdInput & { configVariables?: (VariableInput | null)[] | null }, { deps, ctx }) => {
      const id = instanceIdOf(input);
      return updateInstance(deps, ctx, {
        id,
        configVariablePatch: withoutNulls(input.configVariables)?.map(variableOf),
      });
    },
    { configVariablePatch: 'configVariables' },
  ),
  deployInstance: mutation('instance', (input: IdInput & { force?: boolean | null }, { deps, ctx }) =>
    deployInstance(deps, ctx, { id: instanceIdOf(input), force: input.force }),
  ),
  deleteInstance: mutation('instance', (input: IdInput & { force?: boolean | null }, { deps, ctx }) =>
    deleteInstance(deps, ctx, { id: instanceIdOf(input), force: input.force }),
  ),
};

function profileOf({ profile, logsDisabled, stepResultsDisabled }: Partial<CreateInput>) {
  const profileId = fromOptionalId('InstanceProfile', profile, 'profile');
  return { profileId, logsDisabled, stepResultsDisabled };
}

function variableOf({ onPremiseResourceId: id, ...rest }: VariableInput): VariableInput {
  if (id === undefined) return rest;
  return { ...rest, onPremiseResourceId: id && fromGlobalId('OnPremiseResource', id, 'configVariables') };
}

function flowConfigOf({ flowId, apiKeys, ...rest }: FlowConfigInput) {
  return {
    ...rest,
    flowId: fromGlobalId('IntegrationFlow', flowId, 'flowId'),
    apiKeys: withoutNulls(apiKeys),
  };
}
