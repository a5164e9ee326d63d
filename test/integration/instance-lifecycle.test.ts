import { randomUUID } from 'node:crypto';
import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { deleteInstance } from '../../src/services/instances/delete-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { getInstance } from '../../src/services/instances/get-instance';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { switchRevision } from '../../src/services/instances/switch-revision';
import { updateInstance } from '../../src/services/instances/update-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { loadStates } from '../../src/services/state/load-states';
import { inTransaction } from '../../src/services/transaction';
import type { Execution, InvokeType } from '../../src/store/models/execution.model';
import { code, definition, step, stringVar } from '../support/definition-builder';
import { publishHooked } from '../support/lifecycle-package';
import { errorOf } from '../support/services';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const ownStep = (name: string, key: string, rest: object = {}) => ({
  name,
  description: '',
  action: { key, component: { key: 'hooked', isPublic: false, version: 'LATEST' } },
  inputs: {},
  ...rest,
});
const hooked = {
  ...ownStep('Hooked', 'hook', { inputs: { fail: { type: 'configVar', value: 'Fail' } } }),
  isTrigger: true,
};
const managed = (key: string) => ({ ...step('Moment', `management-triggers.${key}`), isTrigger: true });
const tearDown = code(
  'Clear',
  "module.exports = async ({ configVars, crossFlowState }) => { if (configVars.Fail === 'flow') throw new Error('cannot clear'); return { data: Object.keys(crossFlowState) }; };",
);
const DEFINITION = (name: string) =>
  definition(
    name,
    [
      { name: 'One', trigger: hooked, steps: [ownStep('Show', 'show')], isSynchronous: true },
      { name: 'Two', trigger: hooked, steps: [] },
      { name: 'After deploy', trigger: managed('instanceDeploy'), steps: [ownStep('Show', 'show')] },
      {
        name: 'Again and again',
        trigger: {
          ...step('Recursive', 'recursive-flow.recursiveTrigger', {
            runOnDeploy: { type: 'value', value: 'true' },
            defaultCursor: { type: 'value', value: 'c0' },
          }),
          isTrigger: true,
        },
        steps: [step('Cursor', 'recursive-flow.getCursor')],
      },
      { name: 'Before removal', trigger: managed('instanceRemove'), steps: [tearDown] },
    ] as never,
    { requiredConfigVars: [stringVar('Fail', 'nothing')] },
  );

describe('the life of an instance', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
    await publishHooked(system);
  });
  afterAll(() => system?.stop());

  const anInstance = async (fail = '') => {
    const { deps, ctx } = system;
    const integration = await importIntegration(deps, ctx, {
      definition: DEFINITION(`Life ${randomUUID()}`),
    });
    const version = await publishIntegration(deps, ctx, { id: integration._id });
    const customer = await createCustomer(deps, ctx, { name: `C ${randomUUID()}` });
    const configVariables = fail ? [{ key: 'Fail', value: fail }] : [];
    const { _id: id } = await createInstance(deps, ctx, {
      name: 'An instance',
      integrationId: version._id,
      customerId: customer._id,
      configVariables,
    });
    const flows = await listFlowConfigs(deps, ctx, { instanceId: id });
    const flow = (name: string) => flows.find(({ flowName }) => flowName === name)!;
    return { id, integrationId: integration._id, flow };
  };
  const fail = (id: string, value: string) =>
    updateInstance(system.deps, system.ctx, { id, configVariables: [{ key: 'Fail', value }] });
  const deploy = (id: string) => deployInstance(system.deps, system.ctx, { id });
  const callsOf = async ({ id, integrationId }: { id: string; integrationId: string }) => {
    const owner = { flowConfigId: '', instanceId: id, integrationId };
    const states = await loadStates(system.deps, owner, ['crossFlowState', 'integrationState']);
    return {
      ofInstance: states.get('crossFlowState')?.value['calls'],
      ofIntegration: states.get('integrationState')?.value['calls'],
    };
  };
  const runsOf = (instanceId: string, invokeType: InvokeType) =>
    system.deps.store.executions.find({ instanceId, invokeType }).sort({ flowName: 1 }).lean<Execution[]>();
  const endedRuns = (instanceId: string, invokeType: InvokeType, count: number) =>
    until(`${count} runs`, async () => {
      const runs = await runsOf(instanceId, invokeType);
      return runs.length >= count && runs.every(({ phase }) => phase === 'ended') && runs;
    });

  test('a deploy calls the functions of its triggers in order, then runs its flows, each time', async () => {
    const subject = await anInstance();
    await deploy(subject.id);
    const [one, two] = [subject.flow('One')._id, subject.flow('Two')._id];
    const once = [
      `onInstanceDeploy One ${one} 0 0`,
      `onInstanceDeploy Two ${two} 0 0`,
      `webhookCreate One ${one} 0 0`,
      `webhookCreate Two ${two} 0 0`,
    ];
    expect(await callsOf(subject)).toEqual({ ofInstance: once, ofIntegration: once });
    const runs = await endedRuns(subject.id, 'DEPLOY_FLOW', 2);
    expect(runs.map(({ flowName, status, isTest }) => [flowName, status, isTest])).toEqual([
      ['After deploy', 'SUCCESS', false],
      ['Again and again', 'SUCCESS', false],
    ]);
    const response = await fetch(subject.flow('One').webhookUrl, { method: 'POST', body: 'hello' });
    const context = (await response.json()) as Record<string, Record<string, unknown>>;
    expect(context).toMatchObject({
      crossFlowState: { calls: once },
      instanceState: {},
      executionState: {},
      invokeUrl: subject.flow('One').webhookUrl,
      flow: { name: 'One', stableId: subject.flow('One').flowStableKey },
      user: { id: '' },
      batch: { enabled: false },
      flowSchemas: {},
      runnerAllocatedMemoryMb: 512,
      executionFrame: { stepName: 'show', loopPath: '', componentActionKey: 'hooked.show' },
    });
    expect(Object.keys(context['webhookUrls']!)).toEqual([
      'One',
      'Two',
      'After deploy',
      'Again and again',
      'Before removal',
    ]);
    expect(String(context['executionFrame']!['invokedByExecutionJWT']).split('.')).toHaveLength(3);
    await deploy(subject.id);
    expect((await callsOf(subject)).ofInstance).toHaveLength(8);
    await endedRuns(subject.id, 'DEPLOY_FLOW', 4);
    const lines = await system.deps.store.logs.find({ instanceId: subject.id, executionId: '' }).lean();
    expect(lines.map(({ message }) => message)).toContain('onInstanceDeploy of One');
  });

  test('a function that fails fails the deploy with its message; the old revision serves on', async () => {
    const subject = await anInstance();
    const { deps, ctx } = system;
    await deploy(subject.id);
    const before = await getInstance(deps, ctx, { id: subject.id });
    const calls = await callsOf(subject);
    await fail(subject.id, 'webhookCreate');
    expect(await errorOf(deploy(subject.id))).toMatchObject({
      code: 'component_failed',
      message: expect.stringContaining('webhookCreate refuses One'),
    });
    const after = await getInstance(deps, ctx, { id: subject.id });
    expect(after.deployment).toEqual(before.deployment);
    expect([after.enabled, after.needsDeploy]).toEqual([true, true]);
    // What went well before it did something elsewhere, which only the state knows.
    expect((await callsOf(subject)).ofInstance).toEqual([
      ...(calls.ofInstance as string[]),
      expect.stringContaining('onInstanceDeploy One'),
      expect.stringContaining('onInstanceDeploy Two'),
    ]);
    expect((await fetch(subject.flow('One').webhookUrl, { method: 'POST' })).status).toBe(200);
    await fail(subject.id, '');
    expect((await deploy(subject.id)).deployment?.revision).toBe(2);
    expect((await getInstance(deps, ctx, { id: subject.id })).needsDeploy).toBe(false);
  });

  test('a first deploy that fails leaves the instance as it was: undeployed', async () => {
    const subject = await anInstance('onInstanceDeploy');
    const { deps, ctx } = system;
    expect(await errorOf(deploy(subject.id))).toMatchObject({ code: 'component_failed' });
    expect(await getInstance(deps, ctx, { id: subject.id })).toMatchObject({
      deployment: null,
      enabled: false,
      needsDeploy: true,
    });
    expect((await fetch(subject.flow('One').webhookUrl, { method: 'POST' })).status).toBe(404);
    expect(await runsOf(subject.id, 'DEPLOY_FLOW')).toEqual([]);
  });

  test('a first deploy that fails behind a later one keeps its revision for the runs that began with it', async () => {
    const subject = await anInstance('hang');
    const { deps, ctx } = system;
    const failing = errorOf(deploy(subject.id));
    const served = await until('the first revision to serve', async () => {
      return (await getInstance(deps, ctx, { id: subject.id })).deployment ?? undefined;
    });
    // Whatever ends the deploy now, what its triggers set up is known.
    expect((await getInstance(deps, ctx, { id: subject.id })).leftBehind).toMatchObject([
      {
        configRevisionId: served.configRevisionId,
        flowStableKeys: [subject.flow('One').flowStableKey, subject.flow('Two').flowStableKey],
      },
    ]);
    const wanted = { id: subject.id, deployedBy: ctx.actor.userId, force: false };
    const later = await inTransaction(deps, (session) => switchRevision(deps, wanted, session));
    expect(await failing).toMatchObject({ code: 'component_failed' });
    expect(await deps.store.configRevisions.countDocuments({ _id: served.configRevisionId })).toBe(1);
    const after = await getInstance(deps, ctx, { id: subject.id });
    expect(after.deployment).toMatchObject({ configRevisionId: later.next.revision._id, revision: 2 });
    expect(after.leftBehind).toBeUndefined();
  }, 90_000);

  test('a removal runs its flows and functions first; what fails is shown and can be forced', async () => {
    const subject = await anInstance();
    const { deps, ctx } = system;
    await deploy(subject.id);
    await fail(subject.id, 'flow');
    await deploy(subject.id);
    const remove = (force?: boolean) => deleteInstance(deps, ctx, { id: subject.id, force });
    expect(await errorOf(remove())).toMatchObject({
      code: 'component_failed',
      message: expect.stringMatching(/"Before removal" failed: cannot clear.*Nothing was removed/),
    });
    expect((await getInstance(deps, ctx, { id: subject.id })).removalFailure?.message).toMatch(
      /cannot clear/,
    );
    await fail(subject.id, 'onInstanceDelete');
    await deploy(subject.id);
    expect((await errorOf(remove())).message).toMatch(/onInstanceDelete refuses One/);
    const response = await fetch(`${system.apiUrl}/api/v1/instances/${subject.id}`, {
      headers: { authorization: `Bearer ${system.accessToken}` },
    });
    expect(await response.json()).toMatchObject({
      removalFailure: { message: expect.stringMatching(/onInstanceDelete refuses One/) },
    });
    await remove(true);
    expect(await errorOf(getInstance(deps, ctx, { id: subject.id }))).toMatchObject({ code: 'not_found' });
    expect(await deps.store.states.countDocuments({ instanceId: subject.id })).toBe(0);
  });

  test('one deploy of an instance at a time calls functions; the other is told so, and changes nothing', async () => {
    const subject = await anInstance();
    const { store } = system.deps;
    const [one, other] = await Promise.allSettled([deploy(subject.id), deploy(subject.id)]);
    const refused = [one, other].flatMap((end) => (end.status === 'rejected' ? [end.reason as object] : []));
    for (const reason of refused) expect(reason).toMatchObject({ code: 'conflict' });
    const revisions = await store.configRevisions.countDocuments({ instanceId: subject.id });
    expect(revisions).toBe(2 - refused.length);
    expect((await callsOf(subject)).ofInstance).toHaveLength(4 * revisions);
  });

  test('a removal that goes well calls the other functions, in order', async () => {
    const subject = await anInstance();
    await deploy(subject.id);
    const url = `${system.apiUrl}/api/v1/instances/${subject.id}`;
    const headers = { authorization: `Bearer ${system.accessToken}` };
    expect((await fetch(url, { method: 'DELETE', headers })).status).toBe(204);
    const { ofIntegration } = await callsOf(subject);
    expect(
      (ofIntegration as string[]).slice(4).map((entry) => entry.split(' ').slice(0, 2).join(' ')),
    ).toEqual(['webhookDelete One', 'webhookDelete Two', 'onInstanceDelete One', 'onInstanceDelete Two']);
  });
});
