import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { createUserConfig } from '../../src/services/user-configs/create-user-config';
import { deleteUserConfig } from '../../src/services/user-configs/delete-user-config';
import { viewUserConfig } from '../../src/services/user-configs/view-user-config';
import { definition, step, value } from '../support/definition-builder';
import { Browser, grantAccess } from '../support/oauth-provider/browser';
import { crmConnection, valuesOf } from '../support/oauth-provider/crm';
import { type OauthSystem, startOauthSystem } from '../support/oauth-provider/oauth-system';
import type { OauthProvider } from '../support/oauth-provider/start';
import type { System } from '../support/system';
import { endOf, field, page, postShared } from '../support/user-config-instance';

let subject: OauthSystem;
let system: System;
let provider: OauthProvider;
/** The third party: what it was sent as authorization. */
let server: Server;
let url: string;
const bearers: string[] = [];

beforeAll(async () => {
  server = createServer((req, res) => {
    bearers.push(req.headers.authorization ?? '');
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  subject = await startOauthSystem();
  ({ system, provider } = subject);
});
afterAll(async () => {
  await subject?.stop();
  server?.closeAllConnections();
  server?.close();
});

describe('an OAuth connection of each user', () => {
  it('waits for the consent of that user, and its token goes with their runs alone', async () => {
    const { deps, ctx } = system;
    const call = step('Ask', 'http.httpGet', {
      url: value(url),
      connection: { type: 'configVar', value: 'CRM' },
    });
    const { _id: integrationId } = await importIntegration(deps, ctx, {
      definition: definition(`Consents ${randomUUID()}`, [{ name: 'Main', steps: [call] }], {
        endpointType: 'instance_specific',
        externalCustomerUserIdField: field('user'),
        requiredConfigVars: [crmConnection('CRM', 'pkce')],
        configPages: [page('You', ['CRM'], { userLevelConfigured: true })],
      }),
    });
    await publishIntegration(deps, ctx, { id: integrationId });
    const customer = await createCustomer(deps, ctx, { name: `Customer ${randomUUID()}` });
    const { _id: instanceId } = await createInstance(deps, ctx, {
      name: 'With consents',
      integrationId,
      customerId: customer._id,
    });
    await deployInstance(deps, ctx, { id: instanceId });
    expect(await listFlowConfigs(deps, ctx, { instanceId })).toHaveLength(1);
    for (const externalId of ['ann', 'bob']) {
      const config = await createUserConfig(deps, ctx, {
        instanceId,
        externalId,
        configVariables: [{ key: 'CRM', values: valuesOf(provider.fieldsOf('post')) }],
      });
      const before = await postShared(system, instanceId, { user: externalId });
      expect([before.status, before.body['detail']]).toEqual([
        404,
        expect.stringContaining('consent to "CRM"'),
      ]);
      const { configVariables } = await viewUserConfig(deps, ctx, config);
      const end = await grantAccess(new Browser(), configVariables[0]?.authorizeUrl ?? '');
      expect(end.status).toBe(200);
      expect(await viewUserConfig(deps, ctx, config)).toMatchObject({
        missing: [],
        configVariables: [{ status: 'ACTIVE' }],
      });
    }
    bearers.length = 0;
    for (const user of ['ann', 'bob', 'ann']) {
      expect((await endOf(system, (await postShared(system, instanceId, { user })).id)).status).toBe(
        'SUCCESS',
      );
    }
    expect(bearers).toEqual([bearers[0], bearers[1], bearers[0]]);
    expect(bearers[0]).toMatch(/^Bearer ./);
    expect(bearers[1]).not.toBe(bearers[0]);
    const ann = await deps.store.userConfigs.findOne({ instanceId, externalId: 'ann' }).lean();
    await deleteUserConfig(deps, ctx, { id: ann!._id });
    const left = await deps.store.connections.find({ instanceId }).lean();
    expect(left.map(({ userConfigId }) => userConfigId === ann!._id)).toEqual([false]);
  });
});
