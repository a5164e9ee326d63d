import { component } from '@prismatic-io/spectral';
import { selectExecutedStepResult } from './executed-step';
import { branchOnExpression } from './expression';
import { branchOnValue } from './value';

export default component({
  key: 'branch',
  display: {
    label: 'Branch',
    description: 'Decides which steps of a flow run next.',
    category: 'Logic',
    iconPath: '',
  },
  actions: { branchOnExpression, branchOnValue, selectExecutedStepResult },
});
