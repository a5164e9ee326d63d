import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { deleteInstance } from '../../src/services/instances/delete-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { updateInstance } from '../../src/services/instances/update-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { definition } from '../support/definition-builder';
import { publish, put, zipOf } from '../support/published-packages';
import { type System, startSystem } from '../support/system';

const display = (label: string) => ({ label, description: `Does ${label}.` });
const flags = { hasOnInstanceDelete: true, hasWebhookCreateFunction: true, hasWebhookDeleteFunction: true };
const input = { key: 'service', label: 'service', type: 'string', default: '' };

/** Registers its webhook with a service over HTTP, and tells it when it is to be forgotten. */
const SOURCE = `
const http = require('node:http');
const tell = (method, path) => async (context, params) => {
  const target = new URL(params.service + path + '/' + encodeURIComponent(context.flow.name));
  const status = await new Promise((resolve, reject) => {
    const request = http.request(target, { method, agent: false }, (response) => { response.resume(); resolve(response.statusCode); });
    request.on('error', reject);
    request.end(context.webhookUrls[context.flow.name]);
  });
  if (status !== 200) throw new Error('The service answers ' + status + '.');
  context.crossFlowState.told = [...(context.crossFlowState.told ?? []), method + ' ' + context.flow.name];
};
exports.default = {
  key: 'registrar', public: false, display: { ...${JSON.stringify(display('registrar'))}, iconPath: 'icon.png' },
  actions: {}, dataSources: {}, connections: [],
  triggers: { hook: {
    key: 'hook', display: ${JSON.stringify(display('hook'))}, inputs: [${JSON.stringify(input)}],
    scheduleSupport: 'invalid', synchronousResponseSupport: 'valid',
    perform: async (context, payload) => ({ payload }),
    ...${JSON.stringify(flags)},
    webhookCreate: tell('PUT', '/hooks'), webhookDelete: tell('DELETE', '/hooks'),
    onInstanceDelete: tell('DELETE', '/traces'),
  } },
};`;

async function publishRegistrar(system: System): Promise<void> {
  const { result, errors } = await publish(system, {
    definition: { key: 'registrar', public: false, display: display('registrar') },
    actions: [],
    triggers: [
      {
        key: 'hook',
        display: display('hook'),
        inputs: [input],
        examplePayload: '{}',
        scheduleSupport: 'invalid',
        synchronousResponseSupport: 'valid',
        ...flags,
      },
    ],
    dataSources: [],
    connections: [],
  });
  if (!result) throw new Error(`It was refused: ${JSON.stringify(errors)}`);
  const upload = await put(result.packageUploadUrl, zipOf({ 'index.js': SOURCE }));
  if (upload.status !== 200) throw new Error(`Its package was refused: ${upload.body}`);
}

describe('flows that a new version has no longer', () => {
  let system: System;
  let service: Server;
  let serviceUrl: string;
  let calls: string[] = [];
  /** Requests that the service refuses, each once for each time that it stands here. */
  let refused: string[] = [];

  beforeAll(async () => {
    service = createServer((request, response) => {
      const call = `${request.method} ${request.url}`;
      const at = refused.indexOf(call);
      if (at >= 0) refused.splice(at, 1);
      calls.push(at >= 0 ? `${call} refused` : call);
      response.writeHead(at >= 0 ? 503 : 200).end();
    });
    await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
    serviceUrl = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    system = await startSystem();
    await publishRegistrar(system);
  });
  afterAll(async () => {
    await system?.stop();
    service.closeAllConnections();
    service.close();
  });
  beforeEach(() => {
    calls = [];
    refused = [];
  });

  const registering = (name: string) => ({
    name,
    trigger: {
      name: 'Hook',
      description: '',
      isTrigger: true,
      action: { key: 'hook', component: { key: 'registrar', isPublic: false, version: 'LATEST' } },
      inputs: { service: { type: 'value', value: serviceUrl } },
    },
    steps: [],
  });
  const plain = { name: 'Plain', steps: [] };
  const version = async (name: string, flows: Parameters<typeof definition>[1]) => {
    const { deps, ctx } = system;
    const { _id: id } = await importIntegration(deps, ctx, { definition: definition(name, flows) });
    return (await publishIntegration(deps, ctx, { id }))._id;
  };
  const anInstance = async (name: string, flows: Parameters<typeof definition>[1]) => {
    const { deps, ctx } = system;
    const integrationId = await version(name, flows);
    const { _id: customerId } = await createCustomer(deps, ctx, { name: `C ${randomUUID()}` });
    const { _id: id } = await createInstance(deps, ctx, { name: 'I', integrationId, customerId });
    await deployInstance(deps, ctx, { id });
    return id;
  };
  const move = async (id: string, versionId: string) => {
    await updateInstance(system.deps, system.ctx, { id, versionId });
    return deployInstance(system.deps, system.ctx, { id });
  };
  const droppedOf = async (id: string) =>
    (await system.deps.store.instances.findById(id).lean())?.deployment?.dropped;

  test('are told to clear away what they set up, once the new version serves; the others are left alone', async () => {
    const name = `Dropped ${randomUUID()}`;
    const id = await anInstance(name, [registering('Gone'), registering('Stays'), plain]);
    expect(calls).toEqual(['PUT /hooks/Gone', 'PUT /hooks/Stays']);
    calls = [];
    const deployed = await move(id, await version(name, [registering('Stays'), plain]));
    expect(deployed).toMatchObject({ needsDeploy: false, deployment: { revision: 2 } });
    expect(calls).toEqual(['PUT /hooks/Stays', 'DELETE /hooks/Gone', 'DELETE /traces/Gone']);
    expect(await droppedOf(id)).toBeUndefined();
    calls = [];
    await deployInstance(system.deps, system.ctx, { id });
    expect(calls).toEqual(['PUT /hooks/Stays']);
  });

  test('a new version without any such function calls those of the old one', async () => {
    const name = `None left ${randomUUID()}`;
    const id = await anInstance(name, [registering('Gone'), plain]);
    calls = [];
    await move(id, await version(name, [plain]));
    expect(calls).toEqual(['DELETE /hooks/Gone', 'DELETE /traces/Gone']);
  });

  test('a refusal is tried again, keeps no other from being called, and does not undo the deploy', async () => {
    const name = `Refused ${randomUUID()}`;
    const id = await anInstance(name, [registering('One'), registering('Two'), plain]);
    calls = [];
    refused = ['DELETE /hooks/One', 'DELETE /hooks/Two', 'DELETE /hooks/Two', 'DELETE /hooks/Two'];
    const deployed = await move(id, await version(name, [plain]));
    expect(deployed).toMatchObject({ needsDeploy: false, deployment: { revision: 2 } });
    expect(calls).toEqual([
      'DELETE /hooks/One refused',
      'DELETE /hooks/One',
      ...Array.from({ length: 3 }, () => 'DELETE /hooks/Two refused'),
      'DELETE /traces/One',
      'DELETE /traces/Two',
    ]);
    const lines = await system.deps.store.logs.find({ instanceId: id, severity: 'ERROR' }).lean();
    expect(lines.map(({ message }) => message)).toEqual([
      'webhookDelete of the trigger of flow "Two" failed: The service answers 503.',
    ]);
    expect(await droppedOf(id)).toMatchObject([{ flowStableKeys: ['Two'] }]);

    calls = [];
    await deployInstance(system.deps, system.ctx, { id });
    expect(calls).toEqual(['DELETE /hooks/Two', 'DELETE /traces/Two']);
    expect(await droppedOf(id)).toBeUndefined();
  });

  test('one that comes back is not told, and one that is still left is told when the instance is removed', async () => {
    const name = `Back ${randomUUID()}`;
    const flows = [registering('Back'), registering('Left'), plain];
    const id = await anInstance(name, flows);
    refused = Array.from({ length: 3 }, () => ['DELETE /hooks/Back', 'DELETE /hooks/Left']).flat();
    await move(id, await version(name, [plain]));
    expect(await droppedOf(id)).toMatchObject([{ flowStableKeys: ['Back', 'Left'] }]);
    calls = [];
    refused = Array.from({ length: 3 }, () => 'DELETE /hooks/Left');
    await move(id, await version(name, [registering('Back'), plain]));
    expect(calls).not.toContain('DELETE /hooks/Back');
    expect(await droppedOf(id)).toMatchObject([{ flowStableKeys: ['Left'] }]);
    calls = [];
    await deleteInstance(system.deps, system.ctx, { id });
    expect(calls).toEqual([
      'DELETE /hooks/Back',
      'DELETE /traces/Back',
      'DELETE /hooks/Left',
      'DELETE /traces/Left',
    ]);
  });
});
