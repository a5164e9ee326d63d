import { deleteComponentEndpoint } from './components/delete-component';
import { getComponentEndpoint } from './components/get-component';
import { listComponentsEndpoint } from './components/list-components';
import { createConnectionTemplateEndpoint } from './connection-templates/create-connection-template';
import { deleteConnectionTemplateEndpoint } from './connection-templates/delete-connection-template';
import { getConnectionTemplateEndpoint } from './connection-templates/get-connection-template';
import { listConnectionTemplatesEndpoint } from './connection-templates/list-connection-templates';
import { updateConnectionTemplateEndpoint } from './connection-templates/update-connection-template';
import { createCustomerConnectionEndpoint } from './customer-connections/create-customer-connection';
import { deleteCustomerConnectionEndpoint } from './customer-connections/delete-customer-connection';
import { getCustomerConnectionEndpoint } from './customer-connections/get-customer-connection';
import { listCustomerConnectionsEndpoint } from './customer-connections/list-customer-connections';
import { updateCustomerConnectionEndpoint } from './customer-connections/update-customer-connection';
import { createCustomerEndpoint } from './customers/create-customer';
import { deleteCustomerEndpoint } from './customers/delete-customer';
import { getCustomerEndpoint } from './customers/get-customer';
import { listCustomersEndpoint } from './customers/list-customers';
import { updateCustomerEndpoint } from './customers/update-customer';
import type { Endpoint } from './endpoint';
import { cancelExecutionEndpoint } from './executions/cancel-execution';
import { getExecutionEndpoint } from './executions/get-execution';
import { getStepOutputEndpoint } from './executions/get-step-output';
import { holdExecutionEndpoint } from './executions/hold-execution';
import { listExecutionsEndpoint } from './executions/list-executions';
import { listLogsEndpoint } from './executions/list-logs';
import { listStepsEndpoint } from './executions/list-steps';
import { resumeExecutionEndpoint } from './executions/resume-execution';
import { listInstanceFlowsEndpoint } from './flows/list-instance-flows';
import { testFlowEndpoint } from './flows/test-flow';
import { getLiveEndpoint } from './health/get-live';
import { getReadyEndpoint } from './health/get-ready';
import { createInstanceProfileEndpoint } from './instance-profiles/create-instance-profile';
import { deleteInstanceProfileEndpoint } from './instance-profiles/delete-instance-profile';
import { getInstanceProfileEndpoint } from './instance-profiles/get-instance-profile';
import { listInstanceProfilesEndpoint } from './instance-profiles/list-instance-profiles';
import { updateInstanceProfileEndpoint } from './instance-profiles/update-instance-profile';
import { createInstanceEndpoint } from './instances/create-instance';
import { deleteInstanceEndpoint } from './instances/delete-instance';
import { deployInstanceEndpoint } from './instances/deploy-instance';
import { disableInstanceEndpoint } from './instances/disable-instance';
import { enableInstanceEndpoint } from './instances/enable-instance';
import { fetchConfigVariableContentEndpoint } from './instances/fetch-config-variable-content';
import { getConfigVariablesEndpoint } from './instances/get-config-variables';
import { getInstanceEndpoint } from './instances/get-instance';
import { listInstancesEndpoint } from './instances/list-instances';
import { putConfigVariablesEndpoint } from './instances/put-config-variables';
import { updateInstanceEndpoint } from './instances/update-instance';
import { deleteIntegrationEndpoint } from './integrations/delete-integration';
import { exportIntegrationEndpoint } from './integrations/export-integration';
import { getIntegrationEndpoint } from './integrations/get-integration';
import { importIntegrationEndpoint } from './integrations/import-integration';
import { listIntegrationFlowsEndpoint } from './integrations/list-integration-flows';
import { listIntegrationsEndpoint } from './integrations/list-integrations';
import { listVersionsEndpoint } from './integrations/list-versions';
import { publishIntegrationEndpoint } from './integrations/publish-integration';
import { validateIntegrationEndpoint } from './integrations/validate-integration';
import { getMeEndpoint } from './me/get-me';
import { createOnPremiseResourceEndpoint } from './on-premise/create-on-premise-resource';
import { deleteOnPremiseResourceEndpoint } from './on-premise/delete-on-premise-resource';
import { getOnPremiseResourceEndpoint } from './on-premise/get-on-premise-resource';
import { listOnPremiseResourcesEndpoint } from './on-premise/list-on-premise-resources';
import { rotateOnPremiseTokenEndpoint } from './on-premise/rotate-on-premise-token';
import { createSharedConnectionEndpoint } from './shared-connections/create-shared-connection';
import { deleteSharedConnectionEndpoint } from './shared-connections/delete-shared-connection';
import { getSharedConnectionEndpoint } from './shared-connections/get-shared-connection';
import { listSharedConnectionsEndpoint } from './shared-connections/list-shared-connections';
import { updateSharedConnectionEndpoint } from './shared-connections/update-shared-connection';
import { createUserConfigEndpoint } from './user-configs/create-user-config';
import { deleteUserConfigEndpoint } from './user-configs/delete-user-config';
import { getUserConfigEndpoint } from './user-configs/get-user-config';
import { listUserConfigsEndpoint } from './user-configs/list-user-configs';
import { updateUserConfigEndpoint } from './user-configs/update-user-config';

/** Every operation of the REST API: what is mounted, and what OpenAPI describes. */
export const ENDPOINTS: readonly Endpoint[] = [
  deleteComponentEndpoint,
  getComponentEndpoint,
  listComponentsEndpoint,
  createConnectionTemplateEndpoint,
  deleteConnectionTemplateEndpoint,
  getConnectionTemplateEndpoint,
  listConnectionTemplatesEndpoint,
  updateConnectionTemplateEndpoint,
  createCustomerConnectionEndpoint,
  deleteCustomerConnectionEndpoint,
  getCustomerConnectionEndpoint,
  listCustomerConnectionsEndpoint,
  updateCustomerConnectionEndpoint,
  createCustomerEndpoint,
  deleteCustomerEndpoint,
  getCustomerEndpoint,
  listCustomersEndpoint,
  updateCustomerEndpoint,
  cancelExecutionEndpoint,
  getExecutionEndpoint,
  getStepOutputEndpoint,
  holdExecutionEndpoint,
  listExecutionsEndpoint,
  listLogsEndpoint,
  listStepsEndpoint,
  resumeExecutionEndpoint,
  listInstanceFlowsEndpoint,
  testFlowEndpoint,
  getLiveEndpoint,
  getReadyEndpoint,
  createInstanceEndpoint,
  deleteInstanceEndpoint,
  deployInstanceEndpoint,
  disableInstanceEndpoint,
  enableInstanceEndpoint,
  fetchConfigVariableContentEndpoint,
  getConfigVariablesEndpoint,
  getInstanceEndpoint,
  listInstancesEndpoint,
  putConfigVariablesEndpoint,
  updateInstanceEndpoint,
  deleteIntegrationEndpoint,
  exportIntegrationEndpoint,
  getIntegrationEndpoint,
  importIntegrationEndpoint,
  listIntegrationFlowsEndpoint,
  listIntegrationsEndpoint,
  listVersionsEndpoint,
  publishIntegrationEndpoint,
  validateIntegrationEndpoint,
  getMeEndpoint,
  createInstanceProfileEndpoint,
  deleteInstanceProfileEndpoint,
  getInstanceProfileEndpoint,
  listInstanceProfilesEndpoint,
  updateInstanceProfileEndpoint,
  createOnPremiseResourceEndpoint,
  deleteOnPremiseResourceEndpoint,
  getOnPremiseResourceEndpoint,
  listOnPremiseResourcesEndpoint,
  rotateOnPremiseTokenEndpoint,
  createSharedConnectionEndpoint,
  deleteSharedConnectionEndpoint,
  getSharedConnectionEndpoint,
  listSharedConnectionsEndpoint,
  updateSharedConnectionEndpoint,
  createUserConfigEndpoint,
  deleteUserConfigEndpoint,
  getUserConfigEndpoint,
  listUserConfigsEndpoint,
  updateUserConfigEndpoint,
];
