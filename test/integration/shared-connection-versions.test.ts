import { randomUUID } from 'node:crypto';
import { extractManifest } from '../../src/components/extract-manifest';
import { createCustomer } from '../../src/services/customers/create-customer';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { getInstance } from '../../src/services/instances/get-instance';
import { resolveConfig } from '../../src/services/instances/resolve-config';
import { createCustomerConnection } from '../../src/services/shared-connections/create-customer-connection';
import { getSharedConnection } from '../../src/services/shared-connections/get-shared-connection';
import { updateSharedConnection } from '../../src/services/shared-connections/update-shared-connection';
import {
  viewCustomerConnections,
  viewSharedConnections,
} from '../../src/services/shared-connections/view-shared-connections';
import { graphqlClient } from '../support/graphql-client';
import { errorOf } from '../support/services';
import { anInstanceOf, aShared, inputsOf, sharingDefinition } from '../support/shared-connection';
import { type System, startSystem } from '../support/system';

let system: System;

const text = (key: string, rest: object = {}) => ({
  key,
  label: key,
  type: 'string',
  required: true,
  ...rest,
});
const FIELDS: Record<number, object[]> = {
  1: [text('host'), text('region', { required: false }), text('path', { default: '/v1' })],
  2: [text('host'), text('path', { default: '/v2' }), text('tenant', { required: false })],
  3: [text('host'), text('tenant')],
};

/** Versions 1 to 3 of a component with one kind of connection; the fourth has none. */
async function publishVersions(key: string): Promise<void> {
  const { deps, ctx } = system;
  for (const versionNumber of [1, 2, 3, 4]) {
    const inputs = FIELDS[versionNumber];
    const component = {
      key,
      display: { label: key, description: 'Sells' },
      actions: {},
      triggers: {},
      dataSources: {},
      connections: inputs ? [{ key: 'login', label: 'Login', inputs }] : [],
    };
    await deps.store.componentVersions.create({
      _id: randomUUID(),
      organizationId: ctx.actor.organizationId,
      key,
      isPublic: false,
      versionNumber,
      isLatest: versionNumber === 4,
      status: 'ready',
      signature: String(versionNumber).repeat(40),
      manifest: extractManifest(component, { isPublic: false }),
      createdAt: new Date(),
    });
  }
}

beforeAll(async () => {
  system = await startSystem({ worker: false });
  await publishVersions('seller');
});
afterAll(() => system?.stop());

const ofVersion = (version: number, wanted: Parameters<typeof aShared>[1] = {}) =>
  aShared(system as never, {
    component: { key: 'seller', isPublic: false, version },
    connection: 'login',
    ...wanted,
  });
const change = (id: string, rest: Partial<Parameters<typeof updateSharedConnection>[2]>) =>
  updateSharedConnection(system.deps, system.ctx, { id, ...rest });
const faultsOf = async (call: Promise<unknown>) => (await errorOf(call)).faults;
const valuesOf = async (id: string) => {
  const shared = await getSharedConnection(system.deps, system.ctx, { id });
  const [view] = await viewSharedConnections(system.deps, system.ctx, [shared]);
  return {
    version: view!.connection.component.version,
    inputs: Object.fromEntries(view!.inputs.map(({ name, value }) => [name, value])),
  };
};

describe('a shared connection that moves to another version of its component', () => {
  it('has its fields and defaults, in what is deployed already, and keeps the values that it has fields for', async () => {
    const { deps, ctx } = system;
    const shared = await ofVersion(1, { fields: { host: 'shop.example' } });
    const { id } = await anInstanceOf(system as never, sharingDefinition(shared.stableKey));
    await deployInstance(deps, ctx, { id });
    const given = async () => {
      const { deployment, needsDeploy } = await getInstance(deps, ctx, { id });
      expect(needsDeploy).toBe(false);
      return (await resolveConfig(deps, deployment!.configRevisionId))['Shop'];
    };
    expect(await given()).toMatchObject({ fields: { host: 'shop.example', path: '/v1' } });
    await change(shared._id, { component: { version: 2 }, inputs: inputsOf({ tenant: 't-1' }) });
    expect(await given()).toMatchObject({ fields: { host: 'shop.example', path: '/v2', tenant: 't-1' } });
    await change(shared._id, { component: { version: 1 }, inputs: inputsOf({ tenant: '' }) });
    expect(await valuesOf(shared._id)).toEqual({
      version: 1,
      inputs: { host: 'shop.example', region: '', path: '/v1' },
    });
  });

  it('refuses at once all that would be lost or missing; emptied in the same change, it is dropped', async () => {
    const shared = await ofVersion(1, { fields: { host: 'shop.example', region: 'north' } });
    const before = await valuesOf(shared._id);
    const faults = await faultsOf(
      change(shared._id, { name: 'Other', component: { version: 3 }, inputs: inputsOf({ nothing: 'x' }) }),
    );
    expect(faults).toEqual([
      {
        field: 'inputs.region',
        messages: [expect.stringMatching(/Version 3 has no field "region".*it has/)],
      },
      { field: 'inputs.tenant', messages: [expect.stringContaining('requires a value for "tenant"')] },
      { field: 'inputs.nothing', messages: [expect.stringContaining('no field "nothing"')] },
    ]);
    expect(await valuesOf(shared._id)).toEqual(before);
    await change(shared._id, { component: { version: 3 }, inputs: inputsOf({ region: '', tenant: 't' }) });
    expect(await valuesOf(shared._id)).toEqual({ version: 3, inputs: { host: 'shop.example', tenant: 't' } });
    await change(shared._id, { component: { version: 1 }, inputs: inputsOf({ tenant: '' }) });
    expect((await valuesOf(shared._id)).inputs['region']).toBe('');
  });

  it('counts the values of customers among those that would be lost, and drops them with its own', async () => {
    const { deps, ctx } = system;
    const shared = await ofVersion(1, { variableScope: 'customer', fields: { host: 'shop.example' } });
    const own = [];
    for (const region of ['north', 'south']) {
      const { _id: customerId } = await createCustomer(deps, ctx, { name: `C ${randomUUID()}` });
      const inputs = inputsOf({ region, path: '/own' });
      own.push(
        await createCustomerConnection(deps, ctx, { sharedConnectionId: shared._id, customerId, inputs }),
      );
    }
    expect(await faultsOf(change(shared._id, { component: { version: 2 } }))).toEqual([
      { field: 'inputs.region', messages: [expect.stringContaining('2 customers have a value')] },
    ]);
    await change(shared._id, { component: { version: 2 }, inputs: inputsOf({ region: '' }) });
    const stored = await deps.store.customerConnections
      .find({ _id: { $in: own.map(({ _id }) => _id) } })
      .lean();
    for (const view of await viewCustomerConnections(deps, ctx, stored)) {
      expect(view.inputs).toContainEqual({ name: 'path', value: '/own' });
      expect(view.inputs.map(({ name }) => name)).toEqual(['host', 'path', 'tenant']);
    }
    expect(stored.flatMap(({ sealedInputs }) => sealedInputs.map(({ name }) => name))).toEqual([
      'path',
      'path',
    ]);
  });

  it('stays the kind of connection that it is, of the component that it is of', async () => {
    const shared = await ofVersion(1);
    const other = { component: { key: 'http', isPublic: true }, connection: 'apiKey' };
    expect((await faultsOf(change(shared._id, other))).map(({ field }) => field)).toEqual([
      'component',
      'connection',
    ]);
    expect(await faultsOf(change(shared._id, { component: { version: 9 } }))).toMatchObject([
      { field: 'component' },
    ]);
    // The newest one has no such connection any more.
    expect(await faultsOf(change(shared._id, { component: {} }))).toMatchObject([{ field: 'connection' }]);
  });

  it('is moved by the public names of GraphQL, and by REST', async () => {
    const shared = await ofVersion(1, { fields: { host: 'shop.example' } });
    const ask = graphqlClient(system, system.accessToken);
    const found = await ask(
      '{ components(key: "seller", allVersions: true) { nodes { versionNumber connections(first: 5) { nodes { id key } } } } }',
    );
    expect(found.body.errors).toBeUndefined();
    const nodes = found.body.data!['components']!['nodes'] as unknown as {
      versionNumber: number;
      connections: { nodes: { id: string }[] };
    }[];
    const second = nodes.find(({ versionNumber }) => versionNumber === 2)!.connections.nodes[0]!.id;
    const id = Buffer.from(`ScopedConfigVariable:${shared._id}`).toString('base64');
    const moved = await ask(
      `mutation ($input: UpdateScopedConfigVariableInput!) { updateScopedConfigVariable(input: $input) {
        scopedConfigVariable { connection { component { versionNumber } } } errors { field messages } } }`,
      { input: { id, connection: second } },
    );
    expect(moved.body).toMatchObject({
      data: {
        updateScopedConfigVariable: {
          errors: [],
          scopedConfigVariable: { connection: { component: { versionNumber: 2 } } },
        },
      },
    });
    const response = await fetch(`${system.apiUrl}/api/v1/shared-connections/${shared._id}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${system.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ component: { version: 1 } }),
    });
    expect(await response.json()).toMatchObject({
      component: { key: 'seller', isPublic: false, version: 1 },
      connection: 'login',
    });
  });
});
