import { component } from '@prismatic-io/spectral';
import { webhook } from '../webhook-triggers/webhook';
import { httpHead, httpPostFormData, httpRequest, withBody, withoutBody } from './actions';
import { apiKey, basic, bearerToken } from './connections';

export default component({
  key: 'http',
  display: {
    label: 'HTTP',
    description: 'Calls HTTP services.',
    category: 'Helpers',
    iconPath: '',
  },
  actions: {
    httpGet: withoutBody('GET'),
    httpHead,
    httpDelete: withoutBody('DELETE'),
    httpPost: withBody('POST'),
    httpPut: withBody('PUT'),
    httpPatch: withBody('PATCH'),
    httpPostFormData,
    httpRequest,
  },
  // Definitions written before the webhook had a component of its own name it here.
  triggers: { webhook },
  connections: [basic, apiKey, bearerToken],
});
