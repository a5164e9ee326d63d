import { randomBytes } from 'node:crypto';
import { findRunSubjects } from '../../src/services/executions/run/find-run-subjects';
import { resealApiKeys } from '../../src/services/instances/flow-configs/api-keys';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { updateInstance } from '../../src/services/instances/update-instance';
import { loadPlan } from '../../src/services/plans/load-plan';
import { createSealer } from '../../src/store/sealer';
import { definition, step, value } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type System, startSystem } from '../support/system';

const note = step('Note', 'log.writeLog', { level: value('info'), message: value('x') });
const FLOWS = ['One', 'Two'].map((name) => ({ name, steps: [note] }));
const KEYS = ['first-key-4711', 'second-key-4712'];

describe('API keys of an instance’s flows', () => {
  let system: System;
  let subject: DeployedInstance;
  beforeAll(async () => {
    system = await startSystem({ worker: false });
    const text = definition('Keyed', FLOWS as never);
    subject = await aDeployedInstance(system.deps, system.ctx, { definition: text });
    const flows = await listFlowConfigs(system.deps, system.ctx, { instanceId: subject.instanceId });
    await updateInstance(system.deps, system.ctx, {
      id: subject.instanceId,
      flowConfigs: flows.map(({ flowId }) => ({ flowId, apiKeys: KEYS })),
    });
  });
  afterAll(() => system?.stop());

  const stored = () => system.deps.store.flowConfigs.collection.find({}).toArray();
  const shown = async () =>
    (await listFlowConfigs(system.deps, system.ctx, { instanceId: subject.instanceId })).map(
      ({ apiKeys }) => apiKeys,
    );
  const statusOf = async (apiKey: string | undefined, flow = 'One') => {
    const headers = apiKey === undefined ? {} : { 'api-key': apiKey };
    return (await fetch(subject.webhooks[flow]!, { method: 'POST', body: '{}', headers })).status;
  };

  test('admit their callers, and lie in the database neither readable nor as a hash that can be tried out', async () => {
    expect(await Promise.all([...KEYS, `${KEYS[0]}x`, '', undefined].map((key) => statusOf(key)))).toEqual([
      200, 200, 401, 401, 401,
    ]);
    const text = JSON.stringify(await stored());
    for (const key of KEYS) expect(text).not.toContain(key);
    const digests = (await stored()).flatMap(({ apiKeyDigests }) => apiKeyDigests as string[]);
    expect(digests).toHaveLength(4);
    // Nor is seen that two flows have the same.
    expect(new Set(digests).size).toBe(4);
  });

  test('count at once when they are set, and no more when they are taken away', async () => {
    const { instanceId } = subject;
    const [flow] = await listFlowConfigs(system.deps, system.ctx, { instanceId });
    const set = (apiKeys: string[]) =>
      updateInstance(system.deps, system.ctx, {
        id: instanceId,
        flowConfigs: [{ flowId: flow!.flowId, apiKeys }],
      });
    const name = flow!.flowName;
    for (const key of ['third-key-4713', 'fourth-key-4714']) {
      const before = await statusOf(key, name);
      await set([...KEYS, key]);
      expect([before, await statusOf(key, name), await statusOf(KEYS[0], name)]).toEqual([401, 200, 200]);
      await set(KEYS);
      expect([await statusOf(key, name), await statusOf(KEYS[0], name)]).toEqual([401, 200]);
    }
  });

  test('are shown to whoever manages the instance, and given to components', async () => {
    expect(await shown()).toEqual([KEYS, KEYS]);
    const instance = await system.deps.store.instances.findById(subject.instanceId).orFail().lean();
    const plan = await loadPlan(system.deps, instance.deployment!.planId);
    const owner = { ...instance, instanceId: instance._id, versionId: null };
    expect((await findRunSubjects(system.deps, owner, plan)).webhookApiKeys).toEqual({
      One: KEYS,
      Two: KEYS,
    });
  });

  test('that a former release stored readable are sealed when an API process starts, and go on working', async () => {
    const { collection } = system.deps.store.flowConfigs;
    await collection.updateOne(
      { instanceId: subject.instanceId, flowName: 'Two' },
      { $set: { apiKeys: ['of-old-times'] }, $unset: { sealedApiKeys: 1, apiKeyDigests: 1 } },
    );
    await resealApiKeys(system.deps);
    await resealApiKeys(system.deps);
    expect(JSON.stringify(await stored())).not.toContain('of-old-times');
    expect([await statusOf('of-old-times', 'Two'), await statusOf(KEYS[0], 'Two')]).toEqual([200, 401]);
    expect(await statusOf(KEYS[0])).toBe(200);
  });

  test('are sealed anew with a rotated key, so that the former one can go', async () => {
    const newKey = `new:${randomBytes(32).toString('base64')}`;
    const both = createSealer(`${newKey},${system.env.TENON_ENCRYPTION_KEYS.reveal()}`);
    const before = await shown();
    await resealApiKeys({ ...system.deps, sealer: both });
    system.deps.sealer = createSealer(newKey);
    expect(await shown()).toEqual(before);
    expect([await statusOf(KEYS[1]), await statusOf('wrong')]).toEqual([200, 401]);
    // What no key opens any more does not hinder a start.
    const other = createSealer(`third:${randomBytes(32).toString('base64')}`);
    await resealApiKeys({ ...system.deps, sealer: other });
    expect(await shown()).toEqual(before);
  });
});
