import { deployInstance } from '../../src/services/instances/deploy-instance';
import { getInstance } from '../../src/services/instances/get-instance';
import { listConfigVariables } from '../../src/services/instances/list-config-variables';
import { resolveConfig } from '../../src/services/instances/resolve-config';
import { updateInstance } from '../../src/services/instances/update-instance';
import { createSealer } from '../../src/store/sealer';
import { aConfigurableInstance, COMPLETE, fields, secret } from '../support/configurable-instance';
import { aKey, errorOf, type Services, startServices } from '../support/services';

describe('the configuration of an instance', () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services.stop());

  const anInstance = (extra: Parameters<typeof aConfigurableInstance>[1] = {}) =>
    aConfigurableInstance(services, extra);

  it('keeps every one of several changes that are made at the same moment', async () => {
    const { deps, ctx } = services;
    const { id } = await anInstance();
    const keys = ['Bucket', 'Region', 'Batch size', 'Mapping', 'Tags'];
    for (const value of ['[1]', '[2]']) {
      const set = (key: string) =>
        updateInstance(deps, ctx, {
          id,
          configVariablePatch: [{ key, value: key === 'Batch size' ? '7' : value }],
        });
      await Promise.all([...keys.map(set), updateInstance(deps, ctx, { id, labels: [value] })]);
      const after = await getInstance(deps, ctx, { id });
      expect(after.labels).toEqual([value]);
      const shown = (await listConfigVariables(deps, ctx, { instanceId: id })).filter(({ key }) =>
        keys.includes(key),
      );
      expect(shown.map((variable) => variable.value)).toEqual([value, value, '7', value, value]);
    }
  });

  it('names every bad config variable at once and stores none of them', async () => {
    const { deps, ctx } = services;
    const { id } = await anInstance();
    const bad = [
      { key: 'Nonsense', value: '1' },
      { key: 'Batch size', value: 'many' },
      { key: 'Dry run', value: 'perhaps' },
      { key: 'Size', value: 'medium' },
      { key: 'Mapping', value: '{' },
      { key: 'Tags', value: '"x"' },
      { key: 'Nightly', value: 'each night', timeZone: 'Mars/Olympus' },
      { key: 'Warehouse', values: fields({ pin: '1' }) },
    ];
    const error = await errorOf(updateInstance(deps, ctx, { id, name: 'Renamed', configVariables: bad }));
    expect(error.code).toBe('invalid_input');
    expect([...new Set(error.faults.map(({ field }) => field))]).toEqual(
      ['Nonsense', 'Batch size', 'Dry run', 'Size', 'Mapping', 'Tags', 'Nightly', 'Warehouse.pin'].map(
        (key) => `configVariables.${key}`,
      ),
    );
    expect(error.faults.filter(({ field }) => field === 'configVariables.Nightly')).toHaveLength(2);
    const after = await getInstance(deps, ctx, { id });
    expect([after.name, after.configVariables]).toEqual(['An instance', []]);
  });

  it('gives steps values of the promised types: text, parsed JSON, lists, schedules and connection objects', async () => {
    const { deps, ctx } = services;
    const { id } = await anInstance({
      configVariables: [
        ...COMPLETE,
        { key: 'Mapping', value: '{"b":[2]}' },
        { key: 'Batch size', value: '25' },
      ],
    });
    const { deployment } = await deployInstance(deps, ctx, { id });
    expect(await resolveConfig(deps, deployment?.configRevisionId ?? '')).toEqual({
      Bucket: 'old-bucket',
      Region: 'eu',
      'Batch size': '25',
      'Dry run': 'false',
      Size: 'small',
      Mapping: { b: [2] },
      Tags: ['x'],
      Nightly: { value: '0 2 * * *', schedule_type: 'custom', time_zone: 'Europe/Berlin' },
      Warehouse: {
        key: 'basic',
        configVarKey: 'Warehouse',
        fields: expect.objectContaining({ username: 'old-user', password: secret }),
      },
    });
  });

  it('replaces the whole set with configVariables, and only what is named with configVariablePatch', async () => {
    const { deps, ctx } = services;
    const { id } = await anInstance({ configVariables: [...COMPLETE, { key: 'Region', value: 'us' }] });
    const setKeys = async () =>
      (await listConfigVariables(deps, ctx, { instanceId: id }))
        .filter(({ isSet }) => isSet)
        .map(({ key }) => key);
    await updateInstance(deps, ctx, { id, configVariablePatch: [{ key: 'Bucket', value: 'b2' }] });
    expect(await setKeys()).toEqual(['Bucket', 'Region', 'Size', 'Warehouse']);
    await updateInstance(deps, ctx, { id, configVariables: [{ key: 'Bucket', value: 'b3' }] });
    expect(await setKeys()).toEqual(['Bucket']);
    expect((await resolveConfig(deps, await getInstance(deps, ctx, { id })))['Region']).toBe('eu');
  });

  it('shows passwords masked only, and a mask that comes back leaves the secret as it is', async () => {
    const { deps, ctx } = services;
    const { id } = await anInstance({ configVariables: COMPLETE });
    const shown = (await listConfigVariables(deps, ctx, { instanceId: id })).find(
      ({ key }) => key === 'Warehouse',
    );
    expect(shown?.inputs).toEqual([
      { name: 'username', value: 'old-user' },
      { name: 'password', value: '••••••••' },
    ]);
    const written = Object.fromEntries((shown?.inputs ?? []).map(({ name, value }) => [name, value]));
    await updateInstance(deps, ctx, {
      id,
      configVariables: [{ key: 'Warehouse', values: fields({ ...written, username: 'u2' }) }],
    });
    const config = await resolveConfig(deps, await getInstance(deps, ctx, { id }));
    expect((config['Warehouse'] as { fields: unknown }).fields).toMatchObject({
      username: 'u2',
      password: secret,
    });
  });

  it('stores no config value readably anywhere', async () => {
    const { deps, ctx } = services;
    const { id } = await anInstance({ configVariables: COMPLETE });
    await deployInstance(deps, ctx, { id });
    const { db } = deps.store.connection;
    const texts: string[] = [];
    for (const { name } of (await db?.listCollections().toArray()) ?? []) {
      for await (const document of db?.collection(name).find() ?? []) texts.push(JSON.stringify(document));
    }
    expect(texts.some((text) => text.includes(id))).toBe(true);
    for (const plain of [secret, Buffer.from(secret).toString('base64'), 'old-bucket', 'old-user']) {
      expect(texts.filter((text) => text.includes(plain))).toEqual([]);
    }
  });

  it('opens old secrets after the encryption key is rotated, and a deploy moves them to the new key', async () => {
    const { deps, ctx, env } = services;
    const { id } = await anInstance({ configVariables: COMPLETE });
    await deployInstance(deps, ctx, { id });
    const newKey = aKey('k2');
    const rotated = { ...deps, sealer: createSealer(`${newKey},${env.TENON_ENCRYPTION_KEYS.reveal()}`) };
    const opened = await resolveConfig(rotated, await getInstance(deps, ctx, { id }));
    expect(opened['Bucket']).toBe('old-bucket');
    const { deployment } = await deployInstance(rotated, ctx, { id });
    const newOnly = { ...deps, sealer: createSealer(newKey) };
    expect((await resolveConfig(newOnly, deployment?.configRevisionId ?? ''))['Bucket']).toBe('old-bucket');
    // Without the old key the old seals stay shut, and say which key they want.
    await expect(resolveConfig(newOnly, await getInstance(deps, ctx, { id }))).rejects.toThrow("'k1'");
  });
});
