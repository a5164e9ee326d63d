import { createInstance } from '../../../services/instances/create-instance';
import { endpoint } from '../endpoint';
import { createInstanceBody } from './instance-bodies';
import { instanceView, presentInstance } from './instance-view';

export const createInstanceEndpoint = endpoint({
  operationId: 'createInstance',
  method: 'post',
  path: '/instances',
  tag: 'Instances',
  summary: 'Create an instance of an integration for a customer',
  description: 'The id of an integration chooses its newest available version, that of a version exactly it.',
  body: createInstanceBody,
  response: instanceView,
  status: 201,
  codes: ['forbidden', 'not_found', 'conflict'],
  async handler(deps, ctx, { body }) {
    return presentInstance(ctx, await createInstance(deps, ctx, body));
  },
});
