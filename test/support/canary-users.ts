import { deployInstance } from '../../src/services/instances/deploy-instance';
import { updateInstance } from '../../src/services/instances/update-instance';
import { createCustomerConnection } from '../../src/services/shared-connections/create-customer-connection';
import { createUserConfig } from '../../src/services/user-configs/create-user-config';
import { spilling } from './canary-scripts';
import type { Secrets } from './canary-slots';
import { code, definition, step, stringVar } from './definition-builder';
import { valuesOf } from './oauth-provider/crm';
import type { Services } from './services';
import { anInstanceOf, aShared, inputsOf } from './shared-connection';
import { apiKey, field, page } from './user-config-instance';

const welcome = { ...step('Moment', 'management-triggers.userLevelConfigDeploy'), isTrigger: true };

/** Flows of an integration whose end users have values of their own. */
const DEFINITION = definition(
  'Canary of users',
  [
    { name: 'User', steps: [code('Spill', spilling('user'))] },
    { name: 'User fails', steps: [code('Spill', spilling('user fails', 'throw'))] },
    { name: 'Welcome', trigger: welcome, steps: [code('Spill', spilling('welcome'))] },
  ],
  {
    endpointType: 'instance_specific',
    flowNameField: field('flow'),
    externalCustomerUserIdField: field('user'),
    requiredConfigVars: [
      stringVar('Target'),
      stringVar('User Secret'),
      apiKey('Door'),
      { key: 'Customer', dataType: 'connection', useScopedConfigVar: 'canary-of-customers' },
    ],
    configPages: [
      page('All', ['Target', 'Customer']),
      page('You', ['User Secret', 'Door'], { userLevelConfigured: true }),
    ],
  },
);

/** A deployed instance of it with one user, and a connection whose values are the customer's. Its id. */
export async function anInstanceWithUser(
  services: Services,
  target: string,
  secrets: Secrets,
): Promise<string> {
  const { deps, ctx } = services;
  const shared = await aShared(services, { stableKey: 'canary-of-customers', variableScope: 'customer' });
  const { id, customerId } = await anInstanceOf(services, DEFINITION);
  const inputs = inputsOf({ apiKey: secrets.customerShared });
  await createCustomerConnection(deps, ctx, { sharedConnectionId: shared._id, customerId, inputs });
  await updateInstance(deps, ctx, { id, configVariablePatch: [{ key: 'Target', value: target }] });
  await deployInstance(deps, ctx, { id });
  await createUserConfig(deps, ctx, {
    instanceId: id,
    externalId: 'ann',
    name: 'Ann',
    email: 'ann@example.com',
    configVariables: [
      { key: 'User Secret', value: secrets.userVar },
      { key: 'Door', values: valuesOf({ apiKey: secrets.userConnection }) },
    ],
  });
  return id;
}
