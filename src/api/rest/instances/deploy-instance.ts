import { deployInstance, deployInstanceInput } from '../../../services/instances/deploy-instance';
import { endpoint } from '../endpoint';
import { idParams } from '../fields';
import { instanceView, presentInstance } from './instance-view';

export const deployInstanceEndpoint = endpoint({
  operationId: 'deployInstance',
  method: 'post',
  path: '/instances/{id}/deploy',
  tag: 'Instances',
  summary: 'Put the chosen version and configuration into service',
  description:
    'The first deploy also enables the instance. Running executions keep what they began with. When a function of a trigger fails, what was in service stays.',
  params: idParams,
  body: deployInstanceInput.omit({ id: true }).strict(),
  response: instanceView,
  codes: ['forbidden', 'not_found', 'conflict', 'invalid_state', 'component_failed'],
  async handler(deps, ctx, { params, body }) {
    return presentInstance(ctx, await deployInstance(deps, ctx, { ...body, id: params.id }));
  },
});
