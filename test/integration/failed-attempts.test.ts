import { Client, Connection } from '@temporalio/client';
import { linesOf } from '../../src/services/logs/execution-line';
import type { Execution } from '../../src/store/models/execution.model';
import { createDataConverter } from '../../src/temporal/codec/data-converter';
import { LOOK_SIGNAL } from '../../src/temporal/contract';
import { code, definition } from '../support/definition-builder';
import { deliver } from '../support/deliveries';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const FAIL = "module.exports = async () => { throw new Error('No route.'); };";
const SAID = 'No route. (line 1 of the code)';
const failing = (delaySeconds: number, maxAttempts: number) => ({
  ...code('Post', FAIL),
  errorConfig: { errorHandlerType: 'retry', maxAttempts, delaySeconds },
});

describe('a step that is tried again', () => {
  let system: System;
  let subject: DeployedInstance;
  let connection: Connection;
  let client: Client;

  beforeAll(async () => {
    system = await startSystem();
    const { deps, ctx, env } = system;
    connection = await Connection.connect({ address: env.TENON_TEMPORAL_ADDRESS });
    client = new Client({ connection, dataConverter: createDataConverter(env) });
    subject = await aDeployedInstance(deps, ctx, {
      definition: definition('Attempts', [
        { name: 'At once', steps: [failing(0, 2)] },
        { name: 'Soon', steps: [failing(1, 2)] },
        { name: 'Later', steps: [failing(3, 2)] },
        { name: 'Late', steps: [failing(60, 3)] },
      ]),
    });
  });
  afterAll(async () => {
    await connection?.close();
    await system?.stop();
  });

  const start = async (flow: string) => (await deliver(subject.webhooks[flow]!, {}))!;
  const ended = (id: string) =>
    until('the end', async () => {
      const found = await system.deps.store.executions.findById(id).lean<Execution>();
      return found?.phase === 'ended' ? found : undefined;
    });
  const faultsOf = async (id: string) => {
    const { logs } = system.deps.store;
    const lines = await logs.find({ ...linesOf(id), severity: { $in: ['WARN', 'ERROR'] } }).sort({ _id: 1 });
    return lines.map(({ severity, stepName, message }) => `${severity} ${stepName}: ${message}`);
  };
  const detailsOf = async (id: string): Promise<string> => {
    const handle = client.workflow.getHandle(`execution:${id}`);
    const { currentDetails } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    return currentDetails;
  };
  const ask = (id: string, what: string) =>
    fetch(`${system.apiUrl}/api/v1/executions/${id}/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${system.accessToken}` },
    });

  test.each([
    ['at once', 'At once', 'at once'],
    ['after a short delay', 'Soon', 'in 1 s'],
    ['after a durable one', 'Later', 'in 3 s'],
  ])('%s leaves a line of the log for each attempt that failed', async (_how, flow, when) => {
    const id = await start(flow);
    await ended(id);
    const faults = await until('the last error', async () => {
      const found = await faultsOf(id);
      return found.some((line) => line.startsWith('ERROR Post')) ? found : undefined;
    });
    expect(faults.slice(0, 3)).toEqual([
      `WARN Post: Attempt 1 of 3 failed, the next one follows ${when}: ${SAID}`,
      `WARN Post: Attempt 2 of 3 failed, the next one follows ${when}: ${SAID}`,
      `ERROR Post: ${SAID}`,
    ]);
    expect(faults.filter((line) => line.startsWith('WARN'))).toHaveLength(2);
  });

  test('in its delay is shown by the driver, be it looked at again or held; cancelled, it keeps its line', async () => {
    const line = `WARN Post: Attempt 1 of 4 failed, the next one follows in 60 s: ${SAID}`;
    const row =
      /\| Post \| retrying: component_error, attempt 1 of 4 failed \| next at \d{4}-\d\d-\d\dT[\d:.]+Z \|$/;
    const id = await start('Late');
    await until('the line', async () => (await faultsOf(id)).includes(line));
    const shown = (what: string, isHeld: boolean) =>
      until(what, async () => {
        const details = await detailsOf(id).catch(() => '');
        return row.test(details) && details.startsWith('The execution is held') === isHeld;
      });
    await shown('the row', false);
    await ask(id, 'hold');
    // It would notice when the delay is over.
    await client.workflow.getHandle(`execution:${id}`).signal(LOOK_SIGNAL);
    await shown('the row of one that is held', true);
    await ask(id, 'resume');
    await shown('the row of one that waits on', false);
    // So that a driver that takes over in the delay can tell it too.
    const { armedWait } = await system.deps.store.executions.findById(id).orFail().lean<Execution>();
    expect(armedWait).toMatchObject({ failures: 1, code: 'component_error' });
    await ask(id, 'cancel');
    expect((await ended(id)).error?.code).toBe('cancelled');
    expect((await faultsOf(id)).filter((one) => one.startsWith('WARN'))).toEqual([line]);
    const rows = await until('the row to be gone', async () => {
      const details = await detailsOf(id);
      return row.test(details) ? undefined : details.split('\n').slice(2);
    });
    expect(rows).toEqual([expect.stringMatching(/^\| Trigger \| ok /)]);
  });
});
