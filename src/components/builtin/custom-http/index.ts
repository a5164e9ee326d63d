import { component } from '@prismatic-io/spectral';
import { httpActions, httpConnections } from '../http';

/** The HTTP component under the key that some definitions name. */
export default component({
  key: 'customHttp',
  display: { label: 'Custom HTTP', description: 'Calls HTTP services.', category: 'Helpers', iconPath: '' },
  actions: httpActions,
  connections: httpConnections,
});
