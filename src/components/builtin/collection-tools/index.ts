import { component } from '@prismatic-io/spectral';
import * as functionActions from './function-actions';
import { validateJsonSchema } from './json-schema';
import * as listActions from './list-actions';
import * as objectActions from './object-actions';
import { processInOrder } from './process-in-order';
import { validateXmlSchema } from './xml-schema';

export default component({
  key: 'collection-tools',
  display: {
    label: 'Collection Tools',
    description: 'Works on lists and objects.',
    category: 'Helpers',
    iconPath: '',
  },
  actions: {
    ...listActions,
    ...objectActions,
    ...functionActions,
    processInOrder,
    validateJsonSchema,
    validateXmlSchema,
  },
});
