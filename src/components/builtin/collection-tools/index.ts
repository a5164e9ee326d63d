import { component } from '@prismatic-io/spectral';
import * as listActions from './list-actions';

export default component({
  key: 'collection-tools',
  display: {
    label: 'Collection Tools',
    description: 'Works on lists and objects.',
    category: 'Helpers',
    iconPath: '',
  },
  actions: { ...listActions },
});
