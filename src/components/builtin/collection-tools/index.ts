import { component } from '@prismatic-io/spectral';
import { functionActions } from './function-actions';
import { validateJsonSchema } from './json-schema';
import { listActions } from './list-actions';
import { objectActions } from './object-actions';
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
