import { component } from '@prismatic-io/spectral';
import { webhook } from './webhook';

export default component({
  key: 'webhook-triggers',
  display: {
    label: 'Webhook',
    description: 'Starts a flow by an HTTP call to its URL.',
    category: 'Triggers',
    iconPath: '',
  },
  triggers: { webhook },
});
