import { randomUUID } from 'node:crypto';
import { code, definition } from '../support/definition-builder';
import { graphqlClient } from '../support/graphql-client';
import { type System, startSystem } from '../support/system';

let system: System;
beforeAll(async () => {
  system = await startSystem({ worker: false });
});
afterAll(() => system?.stop());

/** As the prism command line asks: always with `replace`. */
async function imported(text: string, rest: { integrationId?: string; replace?: boolean } = {}) {
  const { body } = await graphqlClient(system, system.accessToken)(
    `mutation($definition: String!, $integrationId: ID, $replace: Boolean) {
      importIntegration(input: { definition: $definition, integrationId: $integrationId, replace: $replace }) {
        integration { id name isCodeNative flows { nodes { name } } } errors { field messages } } }`,
    { definition: text, replace: false, ...rest },
  );
  if (!body.data) throw new Error(JSON.stringify(body.errors));
  return body.data['importIntegration'] as unknown as {
    integration: { id: string; name: string; isCodeNative: boolean; flows: object } | null;
    errors: { field: string; messages: string[] }[];
  };
}

const FLOWS = [{ name: 'Main', steps: [code('Run', 'module.exports = async () => ({ data: 1 });')] }];
const plain = (name: string) => definition(name, FLOWS);
const native = (name: string) => definition(name, FLOWS, { isCodeNative: true });

test('an import makes code of a plain definition, or the other way round, only with `replace`', async () => {
  const name = `Kind ${randomUUID()}`;
  const { integration } = await imported(plain(name));
  for (const target of [{}, { integrationId: integration?.id ?? '' }]) {
    expect(await imported(native(name), target)).toEqual({
      integration: null,
      errors: [
        {
          field: 'replace',
          messages: [
            'The draft of this integration is a plain definition, and this import makes it code. Import it with `replace` if that is meant.',
          ],
        },
      ],
    });
  }
  const stored = await system.deps.store.integrations.findOne({ name }).lean();
  expect(stored).toMatchObject({ isCodeNative: false, definition: plain(name) });
  expect((await imported(native(name), { replace: true })).integration).toMatchObject({ isCodeNative: true });
  expect((await imported(native(name))).errors).toEqual([]);
  expect((await imported(plain(name))).errors).toMatchObject([{ field: 'replace' }]);
});

test('an import by id under the name of another integration is refused, and both stay as they are', async () => {
  const [one, other] = [`One ${randomUUID()}`, `Other ${randomUUID()}`];
  const first = await imported(plain(one));
  await imported(plain(other));
  const refused = await imported(plain(other), {
    integrationId: first.integration?.id ?? '',
    replace: true,
  });
  expect(refused).toMatchObject({ integration: null, errors: [{ field: 'name' }] });
  const names = await system.deps.store.integrations.find({ name: { $in: [one, other] } }).lean();
  expect(names.map(({ definition: text }) => text).sort()).toEqual([plain(one), plain(other)].sort());
});

test('an import under another name renames the integration of that id', async () => {
  const [one, other] = [`Before ${randomUUID()}`, `After ${randomUUID()}`];
  const first = await imported(plain(one));
  const second = await imported(plain(other), { integrationId: first.integration?.id ?? '' });
  expect(second.integration).toMatchObject({ id: first.integration?.id, name: other });
});
