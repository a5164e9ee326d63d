import { randomUUID } from 'node:crypto';
import { extractManifest } from '../../../src/components/extract-manifest';
import type { RequestContext } from '../../../src/services/context';
import type { Store } from '../../../src/store/store';

const text = (key: string, rest: object = {}) => ({
  key,
  label: key,
  type: 'string',
  required: true,
  ...rest,
});
const hidden = (key: string, value: string) => ({
  key,
  label: key,
  type: 'template',
  shown: false,
  default: value,
});
const credentials = [
  text('host'),
  text('clientId'),
  text('clientSecret', { type: 'password', required: false }),
];

/**
 * A published component that has OAuth connections and nothing else; steps hand them to built-in actions. Its
 * addresses are made from a host, as those of many vendors are.
 */
export async function publishCrm(store: Store, { actor }: RequestContext): Promise<void> {
  const connection = (key: string, oauth2Type: string, pkce: object, inputs: object[]) => ({
    key,
    label: key,
    oauth2Type,
    ...pkce,
    inputs: [...credentials, ...inputs],
  });
  const urls = [
    hidden('authorizeUrl', 'http://{{#host}}/auth?prompt=consent'),
    hidden('tokenUrl', 'http://{{#host}}/token'),
    text('scopes', { default: 'openid offline_access', required: false }),
  ];
  const component = {
    key: 'crm',
    display: { label: 'CRM', description: 'Keeps customers' },
    actions: {},
    triggers: {},
    dataSources: {},
    connections: [
      connection('code', 'authorization_code', {}, urls),
      connection('pkce', 'authorization_code', { oauth2PkceMethod: 'S256' }, urls),
      connection('machine', 'client_credentials', {}, [hidden('tokenUrl', 'http://{{#host}}/token')]),
    ],
  };
  await store.componentVersions.create({
    _id: randomUUID(),
    organizationId: actor.organizationId,
    key: 'crm',
    isPublic: false,
    versionNumber: 1,
    isLatest: true,
    status: 'ready',
    signature: 'c'.repeat(40),
    manifest: extractManifest(component, { isPublic: false }),
    createdAt: new Date(),
  });
}

/** A config variable of one of its connection types. */
export const crmConnection = (key: string, type: 'code' | 'pkce' | 'machine', rest: object = {}) => ({
  key,
  dataType: 'connection',
  connection: { key: type, component: { key: 'crm', isPublic: false, version: 'LATEST' } },
  inputs: {},
  ...rest,
});

/** `values` of a connection, as its fields are given. */
export const valuesOf = (fields: Record<string, string>): string =>
  JSON.stringify(Object.entries(fields).map(([name, value]) => ({ name, type: 'value', value })));
