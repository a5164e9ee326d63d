import { component } from '@prismatic-io/spectral';
import { webhook } from '../webhook-triggers/webhook';
import { httpHead, httpPostFormData, httpRequest, withBody, withoutBody } from './actions';
import { apiKey, authorizationCode, basic, bearerToken, clientCredentials } from './connections';

/** What both components that call HTTP services offer. */
export const httpActions = {
  httpGet: withoutBody('GET'),
  httpHead,
  httpDelete: withoutBody('DELETE'),
  httpPost: withBody('POST'),
  httpPut: withBody('PUT'),
  httpPatch: withBody('PATCH'),
  httpPostFormData,
  httpRequest,
};
export const httpConnections = [basic, apiKey, bearerToken, authorizationCode, clientCredentials];

export default component({
  key: 'http',
  display: {
    label: 'HTTP',
    description: 'Calls HTTP services.',
    category: 'Helpers',
    iconPath: '',
  },
  actions: httpActions,
  // Definitions written before the webhook had a component of its own name it here.
  triggers: { webhook },
  connections: httpConnections,
});
