import { randomUUID } from 'node:crypto';
import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { deleteInstance } from '../../src/services/instances/delete-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { updateInstance } from '../../src/services/instances/update-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { loadStates } from '../../src/services/state/load-states';
import type { Execution } from '../../src/store/models/execution.model';
import { code, definition, step, webhook } from '../support/definition-builder';
import { type HookService, publishRegistrar, startHookService } from '../support/registrar-package';
import { errorOf } from '../support/services';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

let system: System;
let service: HookService;

beforeAll(async () => {
  service = await startHookService();
  system = await startSystem();
  await publishRegistrar(system);
});
afterAll(async () => {
  await system?.stop();
  service.close();
});
beforeEach(() => {
  service.calls = [];
  service.refused = [];
  service.meanwhile = async () => undefined;
});

type Flows = Parameters<typeof definition>[1];

/** A flow whose trigger has a webhook elsewhere. */
const registering = (name: string, key: 'hook' | 'other' = 'hook') => ({
  name,
  trigger: {
    name: 'Hook',
    description: '',
    isTrigger: true,
    action: { key, component: { key: 'registrar', isPublic: false, version: 'LATEST' } },
    inputs: { service: { type: 'value', value: service.url } },
  },
  steps: [],
});
const plain = { name: 'Plain', steps: [] };
const version = async (name: string, flows: Flows) => {
  const { deps, ctx } = system;
  const { _id: id } = await importIntegration(deps, ctx, { definition: definition(name, flows) });
  return (await publishIntegration(deps, ctx, { id }))._id;
};
const anUndeployed = async (name: string, flows: Flows) => {
  const { deps, ctx } = system;
  const integrationId = await version(name, flows);
  const { _id: customerId } = await createCustomer(deps, ctx, { name: `C ${randomUUID()}` });
  return (await createInstance(deps, ctx, { name: 'I', integrationId, customerId }))._id;
};
const anInstance = async (name: string, flows: Flows) => {
  const id = await anUndeployed(name, flows);
  await deploy(id);
  return id;
};
const deploy = (id: string) => deployInstance(system.deps, system.ctx, { id });
const move = async (id: string, versionId: string) => {
  await updateInstance(system.deps, system.ctx, { id, versionId });
  return deploy(id);
};
const read = async (id: string) => (await system.deps.store.instances.findById(id).lean())!;
const leftBehindOf = async (id: string) => (await read(id)).leftBehind;
/** The calls since the last time that this was asked. */
const calls = () => service.calls.splice(0);
const thrice = (...requests: string[]) => Array.from({ length: 3 }, () => requests).flat();

describe('flows that a new version has no longer', () => {
  test('are told to clear away what they set up, once the new version serves; the others are left alone', async () => {
    const name = `Dropped ${randomUUID()}`;
    const id = await anInstance(name, [registering('Gone'), registering('Stays'), plain]);
    const [gone, stays] = await idsOf(id, ['/hooks Gone', '/hooks Stays']);
    expect(calls()).toEqual(['PUT /hooks/Gone', 'PUT /hooks/Stays']);
    const deployed = await move(id, await version(name, [registering('Stays'), plain]));
    expect(deployed).toMatchObject({ needsDeploy: false, deployment: { revision: 2 } });
    expect(calls()).toEqual([
      `PUT /hooks/Stays ${stays}`,
      `DELETE /hooks/Gone ${gone}`,
      'DELETE /traces/Gone',
    ]);
    expect(await leftBehindOf(id)).toBeUndefined();
    await deploy(id);
    expect(calls()).toEqual([`PUT /hooks/Stays ${stays}`]);
  });

  test('a new version without any such function calls those of the old one', async () => {
    const name = `None left ${randomUUID()}`;
    const id = await anInstance(name, [registering('Gone'), plain]);
    calls();
    await move(id, await version(name, [plain]));
    expect(calls()).toEqual([
      expect.stringMatching(/^DELETE \/hooks\/Gone hook-\d+$/),
      'DELETE /traces/Gone',
    ]);
  });

  test('a refusal is tried again, keeps no other from being called, and does not undo the deploy', async () => {
    const name = `Refused ${randomUUID()}`;
    const id = await anInstance(name, [registering('One'), registering('Two'), plain]);
    const [one, two] = await idsOf(id, ['/hooks One', '/hooks Two']);
    calls();
    service.refused = ['DELETE /hooks/One', ...thrice('DELETE /hooks/Two')];
    const deployed = await move(id, await version(name, [plain]));
    expect(deployed).toMatchObject({ needsDeploy: false, deployment: { revision: 2 } });
    expect(calls()).toEqual([
      `DELETE /hooks/One ${one} refused`,
      `DELETE /hooks/One ${one}`,
      ...thrice(`DELETE /hooks/Two ${two} refused`),
      'DELETE /traces/One',
      'DELETE /traces/Two',
    ]);
    const lines = await system.deps.store.logs.find({ instanceId: id, severity: 'ERROR' }).lean();
    expect(lines.map(({ message }) => message)).toEqual([
      'webhookDelete of the trigger of flow "Two" failed: The service answers 503.',
    ]);
    expect(await leftBehindOf(id)).toMatchObject([{ flowStableKeys: ['Two'] }]);

    await deploy(id);
    expect(calls()).toEqual([`DELETE /hooks/Two ${two}`, 'DELETE /traces/Two']);
    expect(await leftBehindOf(id)).toBeUndefined();
  });

  test('one that comes back is not told, and one that is still left is told when the instance is removed', async () => {
    const name = `Back ${randomUUID()}`;
    const id = await anInstance(name, [registering('Back'), registering('Left'), plain]);
    const [back, left] = await idsOf(id, ['/hooks Back', '/hooks Left']);
    service.refused = thrice('DELETE /hooks/Back', 'DELETE /hooks/Left');
    await move(id, await version(name, [plain]));
    expect(await leftBehindOf(id)).toMatchObject([{ flowStableKeys: ['Back', 'Left'] }]);
    calls();
    service.refused = thrice('DELETE /hooks/Left');
    await move(id, await version(name, [registering('Back'), plain]));
    expect(calls()).not.toContain(`DELETE /hooks/Back ${back}`);
    expect(await leftBehindOf(id)).toMatchObject([{ flowStableKeys: ['Left'] }]);
    await deleteInstance(system.deps, system.ctx, { id });
    expect(calls()).toEqual([
      `DELETE /hooks/Back ${back}`,
      'DELETE /traces/Back',
      `DELETE /hooks/Left ${left}`,
      'DELETE /traces/Left',
    ]);
  });

  test('have cleared before flows run that wait for the deploy: what both write to the state is there', async () => {
    const name = `In turn ${randomUUID()}`;
    const noting = {
      name: 'Noting',
      trigger: { ...step('Moment', 'management-triggers.instanceDeploy'), isTrigger: true },
      steps: [
        code(
          'Note',
          'module.exports = async ({ crossFlowState }) => ({ data: crossFlowState.told, crossFlowState: { noted: true } });',
        ),
      ],
    };
    const id = await anInstance(name, [registering('Gone'), plain]);
    await move(id, await version(name, [noting]));
    const run = await until('the flow to end', () =>
      system.deps.store.executions.findOne({ instanceId: id, phase: 'ended' }).lean<Execution>(),
    );
    expect(run.status).toBe('SUCCESS');
    expect(await stateOf(id)).toEqual({
      ids: {},
      told: ['PUT Gone', 'DELETE Gone', 'DELETE Gone'],
      noted: true,
    });
  });
});

describe('a run that writes the state while a trigger clears away what it set up', () => {
  const noting = (rest: string) => ({
    name: 'Noting',
    isSynchronous: true,
    steps: [
      code('Note', `module.exports = async ({ crossFlowState }) => ({ data: 1, crossFlowState: ${rest} });`),
    ],
  });
  /** Moves an instance to a version without the flow `Gone`, whose removal waits until the other flow has run. */
  const moveWhileNoting = async (rest: string) => {
    const name = `Beside ${randomUUID()}`;
    const id = await anInstance(name, [registering('Gone'), registering('Stays'), noting(rest)]);
    const [, stays] = await idsOf(id, ['/hooks Gone', '/hooks Stays']);
    const flows = await listFlowConfigs(system.deps, system.ctx, { instanceId: id });
    const { webhookUrl } = flows.find(({ flowName }) => flowName === 'Noting')!;
    const answers: number[] = [];
    service.meanwhile = async (call) => {
      if (call !== 'DELETE /hooks/Gone') return;
      // The run has ended, and so written, before the function does.
      answers.push((await fetch(webhookUrl, { method: 'POST' })).status);
    };
    await move(id, await version(name, [registering('Stays'), noting(rest)]));
    expect(answers).toEqual([200]);
    return { id, stays };
  };

  test('loses nothing of it: only what belongs to the dropped flow goes', async () => {
    const { id, stays } = await moveWhileNoting(
      '{ noted: true, ids: { ...crossFlowState.ids, own: "mine" } }',
    );
    expect(await stateOf(id)).toMatchObject({ noted: true, ids: { own: 'mine', '/hooks Stays': stays } });
    expect(Object.keys((await stateOf(id))['ids'] as object).toSorted()).toEqual(['/hooks Stays', 'own']);
    expect(await leftBehindOf(id)).toBeUndefined();
  });

  test('loses nothing either of a state that is too large for a document', async () => {
    const { id } = await moveWhileNoting('{ large: "x".repeat(200000) }');
    const { large, ids } = (await stateOf(id)) as { large: string; ids: object };
    expect([large.length, Object.keys(ids)]).toEqual([200_000, ['/hooks Stays']]);
    const blobs = system.deps.store.connection.collection('blobs.files');
    const states = await system.deps.store.states.find({ instanceId: id }).lean();
    expect(states.map(({ blobId }) => blobId !== null)).toEqual([true]);
    // The state's, and that of the record of the step that made it large.
    expect(await blobs.countDocuments({ 'metadata.instanceId': id, length: { $gt: 200_000 } })).toBe(2);
  });
});

describe('a flow that gets another trigger', () => {
  test('the old one clears away what it set up, with what it knows of it, before the new one sets up its own', async () => {
    const name = `Swapped ${randomUUID()}`;
    const id = await anInstance(name, [registering('Kept'), registering('Same')]);
    const [old, same] = await idsOf(id, ['/hooks Kept', '/hooks Same']);
    calls();
    await move(id, await version(name, [registering('Kept', 'other'), registering('Same')]));
    const swapped = [`DELETE /hooks/Kept ${old}`, 'DELETE /traces/Kept', 'PUT /others/Kept'];
    expect(calls()).toEqual([...swapped, `PUT /hooks/Same ${same}`]);
    expect(await leftBehindOf(id)).toBeUndefined();
    const [own] = await idsOf(id, ['/others Kept']);
    await deleteInstance(system.deps, system.ctx, { id });
    expect(calls()).toEqual([
      `DELETE /others/Kept ${own}`,
      `DELETE /hooks/Same ${same}`,
      'DELETE /traces/Kept',
      'DELETE /traces/Same',
    ]);
  });

  test('a newer version of the component brings the same trigger', async () => {
    const name = `Newer ${randomUUID()}`;
    const flows = [registering('Kept')];
    const id = await anInstance(name, flows);
    const [own] = await idsOf(id, ['/hooks Kept']);
    calls();
    await publishRegistrar(system, 2);
    await move(id, await version(name, flows));
    expect(calls()).toEqual([`PUT /hooks/Kept ${own}`]);
  });

  test('one that sets up nothing serves before the old one is told', async () => {
    const name = `Plain now ${randomUUID()}`;
    const id = await anInstance(name, [registering('Kept')]);
    const [old] = await idsOf(id, ['/hooks Kept']);
    calls();
    await move(id, await version(name, [{ name: 'Kept', trigger: webhook(), steps: [] }]));
    expect(calls()).toEqual([`DELETE /hooks/Kept ${old}`, 'DELETE /traces/Kept']);
    expect(await leftBehindOf(id)).toBeUndefined();
  });

  test('what the old one could not clear away is tried again at the next deploy, before the new one is called', async () => {
    const name = `Stuck ${randomUUID()}`;
    const id = await anInstance(name, [registering('Kept')]);
    const [old] = await idsOf(id, ['/hooks Kept']);
    calls();
    service.refused = thrice('DELETE /hooks/Kept');
    await move(id, await version(name, [registering('Kept', 'other')]));
    const refused = thrice(`DELETE /hooks/Kept ${old} refused`);
    expect(calls()).toEqual([...refused, 'DELETE /traces/Kept', 'PUT /others/Kept']);
    expect(await leftBehindOf(id)).toMatchObject([{ flowStableKeys: ['Kept'] }]);
    const [own] = await idsOf(id, ['/others Kept']);
    await deploy(id);
    expect(calls()).toEqual([`DELETE /hooks/Kept ${old}`, 'DELETE /traces/Kept', `PUT /others/Kept ${own}`]);
    expect(await leftBehindOf(id)).toBeUndefined();
  });

  test('when the new one fails, the old one sets up again what it had cleared away, and serves on', async () => {
    const name = `Back again ${randomUUID()}`;
    const id = await anInstance(name, [registering('Kept')]);
    const before = (await read(id)).deployment;
    calls();
    service.refused = ['PUT /others/Kept'];
    const other = await version(name, [registering('Kept', 'other')]);
    expect(await errorOf(move(id, other))).toMatchObject({
      code: 'component_failed',
      message: 'webhookCreate of the trigger of flow "Kept" failed: The service answers 503.',
    });
    expect(calls().slice(1)).toEqual(['DELETE /traces/Kept', 'PUT /others/Kept refused', 'PUT /hooks/Kept']);
    expect((await read(id)).deployment).toEqual(before);
    service.refused = ['PUT /others/Kept', ...thrice('PUT /hooks/Kept')];
    expect((await errorOf(deploy(id))).message).toMatch(/former triggers of "Kept".* could not set up again/);
  });
});

describe('a deploy that fails half-way', () => {
  test('what a first one set up is known, kept by the next one, and cleared when the instance is removed', async () => {
    const name = `First ${randomUUID()}`;
    const id = await anUndeployed(name, [registering('One'), registering('Two'), registering('Three')]);
    service.refused = ['PUT /hooks/Two'];
    expect(await errorOf(deploy(id))).toMatchObject({ code: 'component_failed' });
    expect(calls()).toEqual(['PUT /hooks/One', 'PUT /hooks/Two refused']);
    expect(await read(id)).toMatchObject({
      deployment: null,
      leftBehind: [{ flowStableKeys: ['One', 'Two'] }],
    });
    const [one] = await idsOf(id, ['/hooks One']);
    service.refused = ['PUT /hooks/Three'];
    expect(await errorOf(deploy(id))).toMatchObject({ code: 'component_failed' });
    expect(calls()).toEqual([`PUT /hooks/One ${one}`, 'PUT /hooks/Two', 'PUT /hooks/Three refused']);
    expect(await leftBehindOf(id)).toMatchObject([{ flowStableKeys: ['One', 'Two', 'Three'] }]);
    const [two] = await idsOf(id, ['/hooks Two']);
    await deleteInstance(system.deps, system.ctx, { id });
    expect(calls()).toEqual([
      `DELETE /hooks/One ${one}`,
      `DELETE /hooks/Two ${two}`,
      'DELETE /hooks/Three',
      ...['One', 'Two', 'Three'].map((flow) => `DELETE /traces/${flow}`),
    ]);
  });

  test('the next one that goes well keeps what both have, and clears what it has no longer', async () => {
    const name = `Then well ${randomUUID()}`;
    const id = await anUndeployed(name, [registering('Gone'), registering('Kept'), registering('Bad')]);
    service.refused = ['PUT /hooks/Bad'];
    expect(await errorOf(deploy(id))).toMatchObject({ code: 'component_failed' });
    const [gone, kept] = await idsOf(id, ['/hooks Gone', '/hooks Kept']);
    calls();
    await move(id, await version(name, [registering('Kept'), registering('Bad', 'other')]));
    expect(calls()).toEqual([
      'DELETE /hooks/Bad',
      'DELETE /traces/Bad',
      `PUT /hooks/Kept ${kept}`,
      'PUT /others/Bad',
      `DELETE /hooks/Gone ${gone}`,
      'DELETE /traces/Gone',
    ]);
    expect(await leftBehindOf(id)).toBeUndefined();
  });

  test('a later one leaves what serves, and notes only what that does not have', async () => {
    const name = `Later ${randomUUID()}`;
    const id = await anInstance(name, [registering('Serves')]);
    calls();
    service.refused = ['PUT /hooks/Bad'];
    const next = await version(name, [registering('Serves'), registering('New'), registering('Bad')]);
    expect(await errorOf(move(id, next))).toMatchObject({ code: 'component_failed' });
    expect(await read(id)).toMatchObject({
      deployment: { revision: 1 },
      leftBehind: [{ flowStableKeys: ['New', 'Bad'] }],
    });
    const [serves, fresh] = await idsOf(id, ['/hooks Serves', '/hooks New']);
    calls();
    await move(id, await version(name, [registering('Serves')]));
    expect(calls()).toEqual([
      `PUT /hooks/Serves ${serves}`,
      `DELETE /hooks/New ${fresh}`,
      'DELETE /hooks/Bad',
      'DELETE /traces/New',
      'DELETE /traces/Bad',
    ]);
  });
});

/** What flows and triggers of the instance share. */
async function stateOf(instanceId: string): Promise<Record<string, unknown>> {
  const { integrationId } = await read(instanceId);
  const owner = { flowConfigId: '', instanceId, integrationId };
  return (await loadStates(system.deps, owner, ['crossFlowState'])).get('crossFlowState')?.value ?? {};
}

/** The ids of webhooks that triggers have noted there. */
async function idsOf(instanceId: string, places: string[]): Promise<string[]> {
  const ids = (await stateOf(instanceId))['ids'] as Record<string, unknown>;
  const found = places.map((place) => String(ids[place]));
  for (const id of found) expect(id).toMatch(/^hook-\d+$/);
  return found;
}
