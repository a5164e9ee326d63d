import { Client, Connection } from '@temporalio/client';
import { listExecutions } from '../../src/services/executions/read/list-executions';
import { loadStates } from '../../src/services/state/load-states';
import type { Execution } from '../../src/store/models/execution.model';
import { createDataConverter } from '../../src/temporal/codec/data-converter';
import { scheduleId } from '../../src/temporal/names';
import { definition } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { graphqlClient } from '../support/graphql-client';
import { publishHooked } from '../support/lifecycle-package';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const own = (key: string) => ({
  description: '',
  action: { key, component: { key: 'hooked', isPublic: false, version: 'LATEST' } },
  inputs: {},
});
const DEFINITION = definition('Polls', [
  {
    name: 'Poll',
    trigger: {
      ...own('poll'),
      name: 'Trigger',
      isTrigger: true,
      schedule: { type: 'value', value: '0 3 1 1 *', meta: { scheduleType: 'custom', timeZone: '' } },
    },
    steps: [{ ...own('show'), name: 'Show' }],
  },
]);

describe('a polling trigger', () => {
  let system: System;
  let connection: Connection;
  let subject: DeployedInstance;
  beforeAll(async () => {
    system = await startSystem();
    await publishHooked(system);
    subject = await aDeployedInstance(system.deps, system.ctx, { definition: DEFINITION });
    connection = await Connection.connect({ address: system.env.TENON_TEMPORAL_ADDRESS });
  });
  afterAll(async () => {
    await connection?.close();
    await system?.stop();
  });

  const runs = () =>
    system.deps.store.executions
      .find({ instanceId: subject.instanceId, phase: 'ended' })
      .sort({ acceptedAt: 1 })
      .lean<Execution[]>();
  /** Lets the schedule fire now. */
  const poll = async () => {
    const before = (await runs()).length;
    const client = new Client({ connection, dataConverter: createDataConverter(system.env) });
    await client.schedule.getHandle(scheduleId(subject.flowConfigIds['Poll']!)).trigger();
    const all = await until('a poll', async () => {
      const found = await runs();
      return found.length > before && found;
    });
    // The time of a run by hand is its id, in seconds.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    return all.at(-1)!;
  };
  const stepsOf = async ({ _id }: Execution) =>
    (await system.deps.store.stepResults.find({ executionId: _id }).sort({ ordinal: 1 }).lean()).map(
      ({ stepName }) => stepName,
    );
  const polls = async () => {
    const { instanceId, integrationId, flowConfigIds } = subject;
    const owner = { instanceId, integrationId, flowConfigId: flowConfigIds['Poll']! };
    const states = await loadStates(system.deps, owner, ['instanceState']);
    return states.get('instanceState')?.value;
  };

  test('runs by its schedule and keeps its place; a run without news ends there and is not listed', async () => {
    const first = await poll();
    expect([first.status, first.resultType, first.invokeType]).toEqual(['SUCCESS', undefined, 'SCHEDULED']);
    expect(await stepsOf(first)).toEqual(['Trigger', 'Show']);
    expect(await polls()).toEqual({ __prismaticInternal: { polling: { polls: 1 } } });

    const second = await poll();
    expect([second.status, second.resultType]).toEqual(['SUCCESS', 'POLLED_NO_CHANGES']);
    expect(await stepsOf(second)).toEqual(['Trigger']);
    expect(await polls()).toEqual({ __prismaticInternal: { polling: { polls: 2 } } });

    const third = await poll();
    expect(third.resultType).toBeUndefined();

    const { deps, ctx } = system;
    const { instanceId } = subject;
    const listed = async (resultTypes?: ('POLLED_NO_CHANGES' | 'COMPLETED' | 'ERROR')[]) =>
      (await listExecutions(deps, ctx, { instanceId, resultTypes })).nodes.map(({ _id }) => _id);
    expect(await listed()).toEqual([third._id, first._id]);
    expect(await listed(['COMPLETED'])).toEqual([third._id, first._id]);
    expect(await listed(['POLLED_NO_CHANGES'])).toEqual([second._id]);
    expect(await listed(['POLLED_NO_CHANGES', 'COMPLETED', 'ERROR'])).toHaveLength(3);
    expect(await listed(['ERROR'])).toEqual([]);

    const headers = { authorization: `Bearer ${system.accessToken}` };
    const url = `${system.apiUrl}/api/v1/executions?instanceId=${instanceId}&resultType=POLLED_NO_CHANGES`;
    expect(await (await fetch(url, { headers })).json()).toMatchObject({ items: [{ id: second._id }] });
    const query = '{ executionResults(resultType_In: ["POLLED_NO_CHANGES"]) { nodes { resultType } } }';
    const { body } = await graphqlClient(system, system.accessToken)(query, {});
    expect(body.data).toEqual({ executionResults: { nodes: [{ resultType: 'POLLED_NO_CHANGES' }] } });
  });
});
