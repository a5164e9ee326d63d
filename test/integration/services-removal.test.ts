import { randomUUID } from 'node:crypto';
import { Client, Connection, ScheduleNotFoundError } from '@temporalio/client';
import { createCustomer } from '../../src/services/customers/create-customer';
import { deleteCustomer } from '../../src/services/customers/delete-customer';
import { sweepRemoved } from '../../src/services/executions/repair/sweep-removed';
import { createInstance } from '../../src/services/instances/create-instance';
import { deleteInstance } from '../../src/services/instances/delete-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { getInstance } from '../../src/services/instances/get-instance';
import { listFlowConfigs } from '../../src/services/instances/list-flow-configs';
import { resolveConfig } from '../../src/services/instances/resolve-config';
import { updateInstance } from '../../src/services/instances/update-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { createTemporalGateway } from '../../src/temporal/client';
import { createDataConverter } from '../../src/temporal/codec/data-converter';
import { scheduleId } from '../../src/temporal/names';
import { code, definition, scheduled, step } from '../support/definition-builder';
import { aUser, errorOf, type Services, startServices } from '../support/services';
import { aStoredExecution } from '../support/stored-execution';

const body = [code('Answer', 'module.exports = async () => ({ data: 1 });')];
const byConfigVar = {
  ...step(
    'Trigger',
    'schedule-triggers.schedule',
    {},
    { schedule: { type: 'configVar', value: 'When', meta: {} } },
  ),
  isTrigger: true,
};
const WHEN = { key: 'When', dataType: 'schedule', defaultValue: '', orgOnly: false };

describe('schedules and removal', () => {
  let services: Services;
  let connection: Connection;
  let temporal: Client;
  beforeAll(async () => {
    services = await startServices();
    connection = await Connection.connect({ address: services.env.TENON_TEMPORAL_ADDRESS });
    temporal = new Client({ connection, dataConverter: createDataConverter(services.env) });
  });
  afterAll(async () => {
    await connection.close();
    await services.stop();
  });

  type Flow = { name: string; trigger?: unknown; steps: unknown[] };
  const FLOWS: Flow[] = [
    { name: 'Hook', steps: body },
    { name: 'Nightly', trigger: scheduled('0 2 * * *', 'Europe/Berlin'), steps: body },
    { name: 'Chosen', trigger: byConfigVar, steps: body },
  ];
  const published = async (name: string, flows: Flow[]) => {
    const { deps, ctx } = services;
    const text = definition(name, flows, {
      requiredConfigVars: flows.some((flow) => flow.trigger === byConfigVar) ? [WHEN] : [],
    });
    const integration = await importIntegration(deps, ctx, { definition: text });
    return publishIntegration(deps, ctx, { id: integration._id });
  };
  const anInstance = async (flows = FLOWS) => {
    const { deps, ctx } = services;
    const version = await published(`I ${randomUUID()}`, flows);
    const customer = await createCustomer(deps, ctx, { name: `C ${randomUUID()}` });
    const { _id: id } = await createInstance(deps, ctx, {
      name: 'An instance',
      integrationId: version._id,
      customerId: customer._id,
      configVariables:
        flows === FLOWS ? [{ key: 'When', value: '*/5 8-17 * * MON-FRI', timeZone: 'Asia/Tokyo' }] : [],
    });
    const flowConfigs = await listFlowConfigs(deps, ctx, { instanceId: id });
    return {
      id,
      customer,
      version,
      idOf: Object.fromEntries(flowConfigs.map((flow) => [flow.flowName, flow._id])),
    };
  };
  /** Null when there is none. */
  const scheduleOf = async (flowConfigId = '') => {
    try {
      return await temporal.schedule.getHandle(scheduleId(flowConfigId)).describe();
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return null;
      throw error;
    }
  };
  /** The hour of the next run as a clock in that zone shows it. */
  const nextHour = (schedule: Awaited<ReturnType<typeof scheduleOf>>, timeZone: string) =>
    Number(
      new Intl.DateTimeFormat('en-GB', { hour: 'numeric', timeZone }).format(
        schedule?.info.nextActionTimes[0],
      ),
    );

  it('the first deploy sets the schedules, in their time zones; before it nothing fires', async () => {
    const { deps, ctx } = services;
    const { id, idOf } = await anInstance();
    for (const flow of ['Hook', 'Nightly', 'Chosen']) expect(await scheduleOf(idOf[flow])).toBeNull();
    await deployInstance(deps, ctx, { id });
    expect(await scheduleOf(idOf['Hook'])).toBeNull();
    const nightly = await scheduleOf(idOf['Nightly']);
    expect([nightly?.state.paused, nextHour(nightly, 'Europe/Berlin')]).toEqual([false, 2]);
    const chosen = await scheduleOf(idOf['Chosen']);
    expect(nextHour(chosen, 'Asia/Tokyo')).toBeGreaterThanOrEqual(8);
    expect(nextHour(chosen, 'Asia/Tokyo')).toBeLessThanOrEqual(17);
  });

  it('pauses schedules while the instance is disabled and lets them go on when it is enabled', async () => {
    const { deps, ctx } = services;
    const { id, idOf } = await anInstance();
    await deployInstance(deps, ctx, { id });
    await updateInstance(deps, ctx, { id, enabled: false });
    expect((await scheduleOf(idOf['Nightly']))?.state.paused).toBe(true);
    await deployInstance(deps, ctx, { id });
    expect((await scheduleOf(idOf['Nightly']))?.state.paused).toBe(true);
    await updateInstance(deps, ctx, { id, enabled: true });
    expect((await scheduleOf(idOf['Nightly']))?.state.paused).toBe(false);
  });

  it('a staged schedule counts from the deploy on, and those that the new version lacks are gone then', async () => {
    const { deps, ctx } = services;
    const { id, idOf, version } = await anInstance();
    await deployInstance(deps, ctx, { id });
    await published(version.name, [{ name: 'Nightly', trigger: scheduled('0 5 * * *'), steps: body }]);
    await updateInstance(deps, ctx, { id, versionId: version.integrationId });
    expect(nextHour(await scheduleOf(idOf['Nightly']), 'Europe/Berlin')).toBe(2);
    expect(await scheduleOf(idOf['Chosen'])).not.toBeNull();
    await deployInstance(deps, ctx, { id });
    expect(nextHour(await scheduleOf(idOf['Nightly']), 'UTC')).toBe(5);
    expect(await scheduleOf(idOf['Chosen'])).toBeNull();
  });

  it('an empty schedule variable blocks the deploy, and one that never recurs has no schedule', async () => {
    const { deps, ctx } = services;
    const { id, idOf } = await anInstance();
    await deployInstance(deps, ctx, { id });
    await updateInstance(deps, ctx, { id, configVariables: [] });
    expect((await errorOf(deployInstance(deps, ctx, { id }))).faults[0]?.field).toBe('configVariables.When');
    expect(await scheduleOf(idOf['Chosen'])).not.toBeNull();
    await updateInstance(deps, ctx, { id, configVariables: [{ key: 'When', scheduleType: 'none' }] });
    const { deployment } = await deployInstance(deps, ctx, { id });
    expect(await scheduleOf(idOf['Chosen'])).toBeNull();
    const config = await resolveConfig(deps, deployment?.configRevisionId ?? '');
    expect(config['When']).toEqual({ value: '', schedule_type: 'none', time_zone: 'UTC' });
  });

  it('deploys nothing while schedules cannot be set, and says so; without schedules it deploys all the same', async () => {
    const { deps, ctx, env } = services;
    const away = {
      ...deps,
      temporal: createTemporalGateway({ ...env, TENON_TEMPORAL_ADDRESS: '127.0.0.1:1' }),
    };
    const { id } = await anInstance();
    expect((await errorOf(deployInstance(away, ctx, { id }))).code).toBe('dependency_unavailable');
    expect((await getInstance(deps, ctx, { id })).deployment).toBeNull();
    const plain = await anInstance([{ name: 'Hook', steps: body }]);
    expect((await deployInstance(away, ctx, { id: plain.id })).deployment?.revision).toBe(1);
    expect((await deleteInstance(away, ctx, { id: plain.id }))._id).toBe(plain.id);
    await away.temporal.close();
  });

  it('deleting an instance ends its running drivers and leaves nothing of it anywhere', async () => {
    const { deps, ctx } = services;
    const { id, idOf } = await anInstance();
    const instance = await deployInstance(deps, ctx, { id });
    const ended = await aStoredExecution(deps, instance);
    const running = await aStoredExecution(deps, instance, {
      change: { phase: 'running', status: 'PENDING', endedAt: null },
    });
    const neverStarted = await aStoredExecution(deps, instance, {
      change: { phase: 'accepted', status: 'PENDING' },
    });
    const workflowId = `execution:${running.executionId}`;
    await deps.temporal.startDriver({
      workflowId,
      executionId: running.executionId,
      instanceId: id,
      customerId: instance.customerId,
      integrationId: instance.integrationId,
      flowId: randomUUID(),
      versionId: instance.versionId,
      invokeType: 'WEBHOOK',
      summary: 'A run',
      stepsPerActivity: null,
    });
    const owner = { instanceId: id, executionId: ended.executionId };
    await deps.store.blobs.put(Buffer.alloc(300_000), owner);
    const other = await deployInstance(deps, ctx, { id: (await anInstance()).id });
    const kept = await aStoredExecution(deps, other);
    await deleteInstance(deps, ctx, { id });
    expect((await temporal.workflow.getHandle(workflowId).describe()).status.name).toBe('TERMINATED');
    for (const flow of ['Nightly', 'Chosen']) expect(await scheduleOf(idOf[flow])).toBeNull();
    const { db } = deps.store.connection;
    const ids = [id, ended.executionId, running.executionId, neverStarted.executionId];
    for (const { name } of (await db?.listCollections().toArray()) ?? []) {
      // The tombstone alone knows the instance's id, for a day.
      if (name === 'removed_instances') continue;
      for await (const document of db?.collection(name).find() ?? []) {
        const text = JSON.stringify(document);
        expect([name, ids.filter((one) => text.includes(one))]).toEqual([name, []]);
      }
    }
    expect(await db?.collection('blobs.chunks').countDocuments()).toBe(0);
    expect(await deps.store.removedInstances.distinct('_id')).toContain(id);
    expect(await deps.store.stepResults.countDocuments({ executionId: kept.executionId })).toBe(2);
    expect((await errorOf(getInstance(deps, ctx, { id }))).code).toBe('not_found');
  });

  it('what a step writes after its instance was deleted is removed as well, for two minutes', async () => {
    const { deps, ctx } = services;
    const { id } = await anInstance();
    const instance = await deployInstance(deps, ctx, { id });
    const other = await deployInstance(deps, ctx, { id: (await anInstance()).id });
    await deleteInstance(deps, ctx, { id });
    const late = async () => {
      const { executionId } = await aStoredExecution(deps, instance);
      await deps.store.blobs.put(Buffer.alloc(300_000), { instanceId: id, executionId });
    };
    const { executions, stepResults, logs, removedInstances } = deps.store;
    const left = async () => [
      await executions.countDocuments({ instanceId: id }),
      await stepResults.countDocuments({ instanceId: id }),
      await logs.countDocuments({ instanceId: id }),
      await deps.store.connection.db?.collection('blobs.files').countDocuments(),
    ];
    const kept = await aStoredExecution(deps, other);
    for (let round = 0; round < 2; round += 1) {
      await late();
      expect(await left()).toEqual([1, 2, 3, 1]);
      await sweepRemoved(deps);
      expect(await left()).toEqual([0, 0, 0, 0]);
    }
    expect(await stepResults.countDocuments({ executionId: kept.executionId })).toBe(2);
    await removedInstances.updateMany({}, { $set: { removedAt: new Date(Date.now() - 121_000) } });
    expect(await sweepRemoved(deps)).toBe(0);
  });

  it('disabling counts at once while Temporal is away, and says that the schedules are still to be paused', async () => {
    const { deps, ctx, env } = services;
    const away = {
      ...deps,
      temporal: createTemporalGateway({ ...env, TENON_TEMPORAL_ADDRESS: '127.0.0.1:1' }),
    };
    const { id, idOf } = await anInstance();
    await deployInstance(deps, ctx, { id });
    const error = await errorOf(updateInstance(away, ctx, { id, enabled: false }));
    expect([error.code, error.message]).toEqual([
      'dependency_unavailable',
      expect.stringContaining('repeat'),
    ]);
    expect((await getInstance(deps, ctx, { id })).enabled).toBe(false);
    await updateInstance(deps, ctx, { id, enabled: false });
    expect((await scheduleOf(idOf['Nightly']))?.state.paused).toBe(true);
    await away.temporal.close();
  });

  it('a deletion that fails on the way leaves the instance there, disabled, and can be repeated', async () => {
    const { deps, ctx, env } = services;
    const away = {
      ...deps,
      temporal: createTemporalGateway({ ...env, TENON_TEMPORAL_ADDRESS: '127.0.0.1:1' }),
    };
    const { id, idOf } = await anInstance();
    await deployInstance(deps, ctx, { id });
    expect((await errorOf(deleteInstance(away, ctx, { id }))).code).toBe('dependency_unavailable');
    expect((await getInstance(deps, ctx, { id })).enabled).toBe(false);
    await deleteInstance(deps, ctx, { id });
    expect(await scheduleOf(idOf['Nightly'])).toBeNull();
    await away.temporal.close();
  });

  it('test instances are neither deployed nor deleted by hand', async () => {
    const { deps, ctx } = services;
    const { version } = await anInstance();
    const test = await deps.store.instances
      .findOne({ integrationId: version.integrationId, isSystem: true })
      .lean();
    for (const call of [deployInstance, deleteInstance]) {
      expect((await errorOf(call(deps, ctx, { id: test?._id ?? '' }))).code).toBe('invalid_state');
    }
  });

  it('deleting a customer takes its instances, own integrations and users along', async () => {
    const { deps, ctx, owner } = services;
    const { id, customer, idOf } = await anInstance();
    await deployInstance(deps, ctx, { id });
    const user = await aUser(deps, owner.organizationId, {
      role: 'customer_admin',
      customerId: customer._id,
    });
    const own = await importIntegration(deps, ctx, {
      definition: definition(`Own ${randomUUID()}`, [{ name: 'Main', steps: body }]),
      customerId: customer._id,
    });
    await deleteCustomer(deps, ctx, { id: customer._id });
    const { customers, instances, integrations, users } = deps.store;
    const left = [
      await customers.exists({ _id: customer._id }),
      await instances.exists({ customerId: customer._id }),
      await integrations.exists({ _id: own._id }),
      await users.exists({ _id: user._id }),
      await scheduleOf(idOf['Nightly']),
    ];
    expect(left).toEqual([null, null, null, null, null]);
  });

  it('an instance made while its customer is being deleted never outlives the customer', async () => {
    const { deps, ctx } = services;
    const { version } = await anInstance([{ name: 'Hook', steps: body }]);
    for (let round = 0; round < 5; round += 1) {
      const { _id: customerId } = await createCustomer(deps, ctx, { name: `C ${randomUUID()}` });
      const create = () =>
        createInstance(deps, ctx, { name: 'Late', integrationId: version._id, customerId });
      const outcomes = await Promise.allSettled([
        create(),
        deleteCustomer(deps, ctx, { id: customerId }),
        create(),
      ]);
      expect(outcomes[1]?.status).toBe('fulfilled');
      expect(await deps.store.instances.countDocuments({ customerId })).toBe(0);
    }
  });
});
