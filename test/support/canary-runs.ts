import { Client, Connection } from '@temporalio/client';
import { deployInstance } from '../../src/services/instances/deploy-instance';
import { updateInstance } from '../../src/services/instances/update-instance';
import { scheduleId } from '../../src/temporal/names';
import { canaryFlows } from './canary-flows';
import { canaryKinds } from './canary-kinds';
import type { Data, Secrets } from './canary-slots';
import type { DeployedInstance } from './deployed-instance';
import { restCaller } from './http';
import { errorOf, type Services } from './services';
import { until } from './until';

/** So many deliveries at once that some share a workflow. */
const TOGETHER = 150;

/** What callers send along; each request carries all of it. */
export interface Sender {
  secrets: Secrets;
  data: Data;
}

/** Sends a delivery to an address. */
export async function deliver(
  { secrets, data }: Sender,
  url: string,
  { apiKey = secrets.endpointKey, body = {} }: { apiKey?: string; body?: object } = {},
): Promise<void> {
  const response = await fetch(`${url}?signature=${encodeURIComponent(data.query)}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'api-key': apiKey,
      'x-signature': data.header,
      authorization: `Bearer ${data.authorization}`,
    },
    body: JSON.stringify({ ...body, note: data.body }),
  });
  expect(response.status).toBe(200);
}

/** Runs each flow of the subject, in the way that it is made for. */
export async function runAll(services: Services, sender: Sender, subject: DeployedInstance): Promise<void> {
  const urlOf = (flow: string) => subject.webhooks[flow]!;
  const own = new Set(['Together', 'Scheduled', 'Called']);
  for (const { name } of [...canaryFlows, ...canaryKinds])
    if (!own.has(name)) await deliver(sender, urlOf(name));
  await deliver(sender, urlOf('Queued'));
  await deliver(sender, urlOf('For the organization'), { apiKey: sender.secrets.organizationKey });
  await tick(services, subject.flowConfigIds['Scheduled']!);
  const many = Array.from({ length: TOGETHER }, (_, id) =>
    deliver(sender, urlOf('Together'), { body: { id } }),
  );
  await Promise.all(many);
}

/** Has the schedule of a flow begin a run now. */
async function tick({ env }: Services, flowConfigId: string): Promise<void> {
  const connection = await Connection.connect({ address: env.TENON_TEMPORAL_ADDRESS });
  await new Client({ connection }).schedule.getHandle(scheduleId(flowConfigId)).trigger();
  await connection.close();
}

/** What both data sources of the subject give, as JSON text. */
export async function askDataSources(
  { apiUrl, accessToken }: { apiUrl: string; accessToken: string },
  { instanceId }: DeployedInstance,
): Promise<{ offered: string; refused: string }> {
  const ask = async (key: string) => {
    const path = `/instances/${instanceId}/config-variables/${key}/content`;
    return JSON.stringify((await restCaller(apiUrl, accessToken)('POST', path)).body);
  };
  return { offered: await ask('Offered'), refused: await ask('Refused') };
}

/** What somebody is told whose deploy a component refuses. */
export async function failDeploy({ deps, ctx }: Services, { instanceId }: DeployedInstance): Promise<string> {
  const configVariablePatch = [{ key: 'Fail', value: 'yes' }];
  await updateInstance(deps, ctx, { id: instanceId, configVariablePatch });
  return JSON.stringify(await errorOf(deployInstance(deps, ctx, { id: instanceId, force: true })));
}

/** Waits until everything that was begun has ended, retries too, and all log lines are there. */
export async function allEnded({ deps: { store } }: Services, flows: string[]): Promise<void> {
  await until(
    'the end of all executions',
    async () => {
      const all = await store.executions.find({}, { phase: 1, flowName: 1 }).lean();
      const countOf = (flow: string) => all.filter(({ flowName }) => flowName === flow).length;
      const isThere = flows.every((flow) => countOf(flow) > 0) && countOf('Tried again') === 2;
      return isThere && countOf('Together') === TOGETHER && all.every(({ phase }) => phase === 'ended');
    },
    90_000,
  );
  // The last lines are written a moment after the end.
  const ids = await store.executions.distinct('_id');
  await until('the log lines', async () => {
    const ends = await store.logs.distinct('executionId', { message: /^Ending/ });
    return ids.every((id) => ends.includes(id));
  });
}
