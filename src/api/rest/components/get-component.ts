import { getComponent } from '../../../services/components/get-component';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { componentView, presentComponent } from './component-view';

export const getComponentEndpoint = endpoint({
  operationId: 'getComponent',
  method: 'get',
  path: '/components/{id}',
  tag: 'Components',
  summary: 'Get a version of a component with its actions, triggers and connections',
  params: idParams,
  response: componentView,
  codes: ['not_found'],
  async handler(deps, ctx, { params }) {
    return presentComponent(await getComponent(deps, ctx, params));
  },
});
