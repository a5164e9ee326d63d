import { Client, Connection, ScheduleNotFoundError } from '@temporalio/client';
import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { updateInstance } from '../../src/services/instances/update-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { createDataConverter } from '../../src/temporal/codec/data-converter';
import { scheduleId } from '../../src/temporal/names';
import { code, definition, scheduled, stringVar } from '../support/definition-builder';
import { errorOf, type Services, startServices } from '../support/services';

interface Schedule {
  type: string;
  value: string;
  scheduleType?: string;
}

const FIVE_FIELDS = /Set the config variable "\w+" so that the schedule has five fields/;

describe('deploying flows whose schedules config variables fill in', () => {
  let services: Services;
  let connection: Connection;
  let temporal: Client;
  beforeAll(async () => {
    services = await startServices();
    connection = await Connection.connect({ address: services.env.TENON_TEMPORAL_ADDRESS });
    temporal = new Client({ connection, dataConverter: createDataConverter(services.env) });
  });
  afterAll(async () => {
    await connection?.close();
    await services?.stop();
  });
  /** Null when there is none. */
  const scheduleOf = async (flowConfigId: string) => {
    try {
      return await temporal.schedule.getHandle(scheduleId(flowConfigId)).describe();
    } catch (error) {
      if (error instanceof ScheduleNotFoundError) return null;
      throw error;
    }
  };

  let counter = 0;
  /** An instance that was never deployed, of an integration with a flow for each schedule. */
  const anInstance = async (schedules: Schedule[], requiredConfigVars: unknown[]): Promise<string> => {
    counter += 1;
    const { deps, ctx } = services;
    const flows = schedules.map(({ scheduleType = 'custom', ...schedule }, index) => ({
      name: `Flow ${index}`,
      trigger: { ...scheduled(''), schedule: { ...schedule, meta: { scheduleType, timeZone: '' } } },
      steps: [code('Do', 'module.exports = async () => ({ data: 1 });')],
    }));
    const text = definition(`Scheduled ${counter}`, flows, { requiredConfigVars });
    const integration = await importIntegration(deps, ctx, { definition: text });
    const version = await publishIntegration(deps, ctx, { id: integration._id });
    const customer = await createCustomer(deps, ctx, { name: `Scheduled ${counter}` });
    const wanted = { name: 'An instance', integrationId: version._id, customerId: customer._id };
    return (await createInstance(deps, ctx, wanted))._id;
  };
  const set = (id: string, values: Record<string, string>) =>
    updateInstance(services.deps, services.ctx, {
      id,
      configVariablePatch: Object.entries(values).map(([key, value]) => ({ key, value })),
    });
  const deploy = (id: string) => deployInstance(services.deps, services.ctx, { id });
  const faultsOf = async (id: string) =>
    (await errorOf(deploy(id))).faults.map(({ field, messages }) => [field, messages.join(' ')] as const);

  it('refuses each that is no cron expression then, with flow, text and variable, beside all other faults', async () => {
    const every = { type: 'template', value: '*/{{#Every}} * * * *' };
    const id = await anInstance(
      [every, { type: 'configVar', value: 'When' }, { type: 'value', value: '5 4 * * *' }],
      [stringVar('Every', '90'), stringVar('When'), stringVar('Missing')],
    );
    await set(id, { When: 'every day' });
    const faults = await faultsOf(id);
    expect(faults.map(([field]) => field)).toEqual([
      'configVariables.Missing',
      'flowConfigs.Flow 0.schedule',
      'flowConfigs.Flow 1.schedule',
    ]);
    expect(faults[1]![1]).toContain('The schedule of the flow "Flow 0" is "*/90 * * * *"');
    expect(faults[1]![1]).toMatch(FIVE_FIELDS);
    expect(faults[2]![1]).toContain('The schedule of the flow "Flow 1" is "every day"');
    const { deps } = services;
    expect((await deps.store.instances.findById(id).lean())!.deployment).toBeNull();
    await set(id, { Every: 'abc', When: '0 8 * * *', Missing: 'here' });
    expect((await faultsOf(id)).map(([field]) => field)).toEqual(['flowConfigs.Flow 0.schedule']);
    await set(id, { Every: '10' });
    expect((await deploy(id)).needsDeploy).toBe(false);
  });

  it('tells once of a variable that has no value, and lets its default be mended by a value', async () => {
    const id = await anInstance(
      [
        { type: 'template', value: '*/{{#Every}} * * * *' },
        { type: 'configVar', value: 'Nightly' },
      ],
      [
        stringVar('Every'),
        { key: 'Nightly', dataType: 'schedule', defaultValue: '{"value":"at night"}', orgOnly: false },
      ],
    );
    expect((await faultsOf(id)).map(([field]) => field)).toEqual([
      'configVariables.Every',
      'flowConfigs.Flow 1.schedule',
    ]);
    await set(id, { Every: '5', Nightly: '0 2 * * *' });
    expect((await deploy(id)).needsDeploy).toBe(false);
  });

  it('deploys what recurs never, and schedules of variables of each type', async () => {
    const nightly = { dataType: 'schedule', orgOnly: false };
    const id = await anInstance(
      [
        { type: 'value', value: '', scheduleType: 'none' },
        { type: 'value', value: '', scheduleType: 'once' },
        { type: 'configVar', value: 'Off' },
        { type: 'configVar', value: 'Once', scheduleType: 'once' },
        { type: 'configVar', value: 'On' },
        { type: 'template', value: '{{#On}}' },
        { type: 'configVar', value: 'Text', scheduleType: 'none' },
      ],
      [
        { ...nightly, key: 'Off', defaultValue: '0 1 * * *' },
        {
          ...nightly,
          key: 'Once',
          scheduleType: 'once',
          defaultValue: '{"value":"","schedule_type":"once","time_zone":""}',
        },
        { ...nightly, key: 'On', defaultValue: '05 04 * * *', timeZone: 'Europe/Berlin' },
        stringVar('Text', ' 0  8 * * 1-5 '),
      ],
    );
    await updateInstance(services.deps, services.ctx, {
      id,
      configVariablePatch: [{ key: 'Off', scheduleType: 'none' }],
    });
    await deploy(id);
    const configs = await services.deps.store.flowConfigs.find({ instanceId: id }).lean();
    const zones = await Promise.all(
      configs.map(async ({ _id, flowName }) => {
        const schedule = await scheduleOf(_id);
        return [flowName, schedule && (schedule.spec.timezone ?? 'UTC')] as const;
      }),
    );
    expect(Object.fromEntries(zones)).toEqual({
      'Flow 0': null,
      'Flow 1': null,
      'Flow 2': null,
      'Flow 3': null,
      'Flow 4': 'Europe/Berlin',
      'Flow 5': 'Europe/Berlin',
      'Flow 6': 'UTC',
    });
  });
});
