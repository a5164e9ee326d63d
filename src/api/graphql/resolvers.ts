import type { FieldsOf } from './fields';
import { componentMutations, componentQueries } from './roots/components';
import { connectionTemplateMutations, connectionTemplateQueries } from './roots/connection-templates';
import { customerConnectionMutations, customerConnectionQueries } from './roots/customer-connections';
import { customerMutations, customerQueries } from './roots/customers';
import { dataSourceMutations } from './roots/data-sources';
import { executionQueries } from './roots/executions';
import { flowTestMutations } from './roots/flow-tests';
import { instanceProfileMutations, instanceProfileQueries } from './roots/instance-profiles';
import { instanceMutations, instanceQueries } from './roots/instances';
import { integrationMutations, integrationQueries } from './roots/integrations';
import { mediaQueries } from './roots/media';
import { onPremiseFields, onPremiseMutations, onPremiseQueries } from './roots/on-premise';
import { sharedConnectionMutations, sharedConnectionQueries } from './roots/shared-connections';
import { userConfigMutations } from './roots/user-configs';
import { actionFields, componentFields, connectionFields, inputFields } from './types/component';
import { configVariableFields, requiredConfigVariableFields } from './types/config-variable';
import { connectionTemplateFields, inputFieldTemplateFields } from './types/connection-template';
import { customerFields } from './types/customer';
import { executionFields, executionFrameFields, stepResultFields } from './types/execution';
import { flowConfigFields, instanceFields } from './types/instance';
import { instanceProfileFields } from './types/instance-profile';
import { flowFields, integrationFields } from './types/integration';
import { logFields } from './types/log-line';
import { customerConfigVariableFields, scopedConfigVariableFields } from './types/shared-connection';
import { organizationFields, userFields } from './types/user';
import { userConfigFields, userConfigVariableFields } from './types/user-config';

/** How each type's fields are read. Types that are not here have the shape that they are handed out in. */
export const resolvers: Record<string, FieldsOf<never>> = {
  RootQuery: {
    ...customerQueries,
    ...componentQueries,
    ...mediaQueries,
    ...integrationQueries,
    ...instanceQueries,
    ...instanceProfileQueries,
    ...connectionTemplateQueries,
    ...sharedConnectionQueries,
    ...customerConnectionQueries,
    ...onPremiseQueries,
    ...executionQueries,
  },
  RootMutation: {
    ...customerMutations,
    ...componentMutations,
    ...integrationMutations,
    ...instanceMutations,
    ...instanceProfileMutations,
    ...dataSourceMutations,
    ...connectionTemplateMutations,
    ...sharedConnectionMutations,
    ...customerConnectionMutations,
    ...onPremiseMutations,
    ...flowTestMutations,
    ...userConfigMutations,
  },
  Action: actionFields,
  Component: componentFields,
  Connection: connectionFields,
  ConnectionTemplate: connectionTemplateFields,
  Customer: customerFields,
  CustomerConfigVariable: customerConfigVariableFields,
  InputField: inputFields,
  InputFieldTemplate: inputFieldTemplateFields,
  Instance: instanceFields,
  InstanceConfigVariable: configVariableFields,
  InstanceExecutionFrame: executionFrameFields,
  InstanceExecutionResult: executionFields,
  InstanceFlowConfig: flowConfigFields,
  InstanceProfile: instanceProfileFields,
  InstanceStepResult: stepResultFields,
  Integration: integrationFields,
  IntegrationFlow: flowFields,
  Log: logFields,
  OnPremiseResource: onPremiseFields,
  Organization: organizationFields,
  RequiredConfigVariable: requiredConfigVariableFields,
  ScopedConfigVariable: scopedConfigVariableFields,
  User: userFields,
  UserLevelConfig: userConfigFields,
  UserLevelConfigVariable: userConfigVariableFields,
};
