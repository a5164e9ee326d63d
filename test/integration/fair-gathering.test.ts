import type { Execution } from '../../src/store/models/execution.model';
import { code, definition } from '../support/definition-builder';
import { deliver } from '../support/deliveries';
import { aDeployedInstance } from '../support/deployed-instance';
import { type System, startSystem, startWorker } from '../support/system';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { until } from '../support/until';

/** More than all the starts that may be on their way can hold, by far. */
const FLOOD = 500;
const FEW = 5;

/** Temporal is out of the API's reach at first, so that what is accepted has to wait for its start. */
describe('executions that gather', () => {
  let temporal: TcpProxy;
  let system: System;
  let worker: Awaited<ReturnType<typeof startWorker>>;

  beforeAll(async () => {
    temporal = await startTcpProxy(process.env['TENON_TEST_TEMPORAL_ADDRESS']!);
    const env = { TENON_TEMPORAL_ADDRESS: temporal.address, TENON_SWEEP_AFTER_SECONDS: '600' };
    system = await startSystem({ worker: false, env });
  });
  afterAll(async () => {
    await worker?.stop();
    await system?.stop();
    await temporal?.close();
  });

  test('go fairly over the customers that wait: a few do not stand behind another one’s hundreds', async () => {
    const { deps, ctx } = system;
    const text = definition('Gathered', [
      { name: 'Flow', steps: [code('Nothing', 'module.exports = async () => ({});')] },
    ]);
    const [noisy, quiet] = [
      await aDeployedInstance(deps, ctx, { definition: text }),
      await aDeployedInstance(deps, ctx, { definition: text.replace('Gathered', 'Gathered as well') }),
    ];
    temporal.cut();
    const url = { noisy: noisy.webhooks['Flow']!, quiet: quiet.webhooks['Flow']! };
    const flood = await Promise.all(Array.from({ length: FLOOD }, () => deliver(url.noisy, {})));
    const few = await Promise.all(Array.from({ length: FEW }, () => deliver(url.quiet, {})));
    expect([...flood, ...few]).not.toContain(null);
    expect(await deps.store.executions.countDocuments({ phase: 'accepted' })).toBe(FLOOD + FEW);

    const direct = { ...deps.env, TENON_TEMPORAL_ADDRESS: process.env['TENON_TEST_TEMPORAL_ADDRESS']! };
    worker = await startWorker({ ...deps, env: direct });
    temporal.restore();
    const ended = await until('all to end', async () => {
      const found = await deps.store.executions
        .find({ phase: 'ended' })
        .sort({ startedAt: 1 })
        .lean<Execution[]>();
      return found.length === FLOOD + FEW ? found : undefined;
    });
    const isOfFew = ({ _id }: Execution) => few.includes(_id);
    const behind = ended.length - 1 - ended.findLastIndex(isOfFew);
    // Only what was on its way when they came, and their own batch's, goes before them.
    expect(behind).toBeGreaterThan(FLOOD / 3);
  });
});
