import { component } from '@prismatic-io/spectral';
import { apiKey } from './connection';
import { listComponents, listCustomers, listFlows, listInstances, listIntegrations } from './lists';
import {
  deployInstance,
  disableInstance,
  importIntegration,
  publishIntegration,
  testFlow,
  updateInstance,
  updateIntegration,
} from './mutations';
import { rawRequest } from './raw-request';
import { getCurrentUser, getCustomer, getExecution, getInstance, getIntegration } from './single-objects';

export default component({
  key: 'prismatic',
  display: {
    label: 'Prismatic',
    description: 'Calls the API of this server, or of another one that speaks the same.',
    category: 'Helpers',
    iconPath: '',
  },
  actions: {
    deployInstance,
    // As definitions spell it.
    disableInstnce: disableInstance,
    getCurrentUser,
    getCustomer,
    getExecution,
    getInstance,
    getIntegration,
    importIntegration,
    listComponents,
    listCustomers,
    listFlows,
    listInstances,
    listIntegrations,
    publishIntegration,
    rawRequest,
    testFlow,
    updateInstance,
    updateIntegration,
  },
  connections: [apiKey],
});
