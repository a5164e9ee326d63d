import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startAppProcess } from '../support/app-process';
import { definition, step, value } from '../support/definition-builder';
import { aDeployedInstance } from '../support/deployed-instance';
import { freePort } from '../support/free-port';
import { heldMemory, MEASURED } from '../support/held-memory';
import { sendBody } from '../support/send-body';
import { type Services, startServices } from '../support/services';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';

const MB = 1024 * 1024;
const DEFINITION = definition('Large bodies', [
  { name: 'Open', steps: [step('Note', 'log.writeLog', { level: value('info'), message: value('x') })] },
] as never);

/** An API process of its own: what it holds is nobody else's. */
describe('large bodies at the door', () => {
  let services: Services;
  let api: ChildProcess;
  let url: string;

  beforeAll(async () => {
    const env = testEnvironment({ TENON_PORT: String(await freePort()) });
    services = await startServices(env);
    const subject = await aDeployedInstance(services.deps, services.ctx, { definition: DEFINITION });
    url = subject.webhooks['Open']!;
    api = startAppProcess('api', env, MEASURED).child;
    await once(api, 'message');
  });
  afterAll(async () => {
    api?.kill('SIGKILL');
    await services?.stop();
  });

  test('go to the store as they arrive: 20 of 5 MB at once take a fraction of their size', async () => {
    const piece = randomBytes(64 * 1024);
    const taken = (bytes: number, isAnnounced: boolean) =>
      until('it is taken', async () => {
        const { status } = await sendBody(url, { bytes, piece, isAnnounced });
        // A machine that is busy with other tests is told now and then to come again.
        return status === 503 ? undefined : status;
      });
    expect(await taken(5 * MB, true)).toBe(200);
    const held = async () => (await heldMemory(api)).arrayBuffers / MB;
    const before = await held();
    const sending = Array.from({ length: 20 }, (_one, at) => taken(5 * MB + at + 1, at % 2 === 0));
    let isSending = true;
    const sent = Promise.all(sending).finally(() => (isSending = false));
    let peak = 0;
    while (isSending) {
      peak = Math.max(peak, (await held()) - before);
      await sleep(50);
    }
    expect(await sent).toEqual(sending.map(() => 200));
    expect(peak).toBeLessThan(60);
  });
});
