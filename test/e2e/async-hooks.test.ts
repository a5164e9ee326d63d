import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { startAppProcess } from '../support/app-process';
import { code, definition, step, value } from '../support/definition-builder';
import { deliver } from '../support/deliveries';
import { aDeployedInstance } from '../support/deployed-instance';
import { freePort } from '../support/free-port';
import { type Services, startServices } from '../support/services';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';

const EXECUTIONS = 20;
const PRELOADED = ['--require', require.resolve('../support/promise-id-on-signal.cjs')];

const DEFINITION = definition('Busy subject', [
  {
    name: 'Quick',
    steps: [code('Nothing', 'module.exports = async () => ({ data: null });')],
  },
  // Goes on in a driver of its own, which the worker starts.
  { name: 'Waits', steps: [step('Sleep', 'sleep.sleep', { ms: value('2500') })] },
]);

describe('API and worker under load', () => {
  const children: ChildProcess[] = [];
  let services: Services;
  let env: Record<string, string>;
  let webhooks: Record<string, string>;

  const start = async (app: 'api' | 'worker') => {
    const { child } = startAppProcess(app, env, PRELOADED);
    children.push(child);
    await once(child, 'message');
    return child;
  };
  const promiseIdIn = async (child: ChildProcess): Promise<number> => {
    const answered = once(child, 'message') as Promise<[{ id: number }]>;
    child.kill('SIGUSR2');
    const [{ id }] = await answered;
    return id;
  };

  beforeAll(async () => {
    env = testEnvironment({ TENON_PORT: String(await freePort()) });
    services = await startServices(env);
    ({ webhooks } = await aDeployedInstance(services.deps, services.ctx, { definition: DEFINITION }));
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await services?.stop();
  });

  // It costs a worker an eighth of its time and a fifth of what it allocates.
  test('run without async hooks, whatever the SDKs have called', async () => {
    const [api, worker] = await Promise.all([start('api'), start('worker')]);
    const flows = ['Quick', 'Waits'] as const;
    const ids = await Promise.all(
      Array.from({ length: EXECUTIONS }, (_, at) => deliver(webhooks[flows[at % 2]!]!, {})),
    );
    const ended = { _id: { $in: ids as string[] }, status: 'SUCCESS' as const };
    await until('all to succeed', async () => {
      return (await services.deps.store.executions.countDocuments(ended)) === EXECUTIONS;
    });
    expect(await promiseIdIn(api)).toBe(0);
    // The probe for fairness, which a worker makes once, has them while it lasts.
    await until('none to be called', async () => (await promiseIdIn(worker)) === 0);
  }, 60_000);
});
