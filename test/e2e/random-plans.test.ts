/**
 * Random flows on the whole product: the same under segments, with an activity for each action, and with a worker
 * that is killed while they run. `TENON_PLANS_SEED` repeats a run's choices, `TENON_PLANS` and `TENON_PLANS_KILLS`
 * make it larger.
 */
import { randomUUID } from 'node:crypto';
import { seededRandom } from '../support/chaos/seeded-random';
import { aDeployedInstance } from '../support/deployed-instance';
import { type DigestServer, startDigestServer } from '../support/random-plans/digest-server';
import { type Finished, finishedRun } from '../support/random-plans/outcome';
import { DELIVERY, MOST_TRIES, randomDefinition } from '../support/random-plans/random-definition';
import { randomShapes } from '../support/random-plans/shapes';
import { type System, startSystem } from '../support/system';
import { testEnvironment } from '../support/test-environment';
import { until } from '../support/until';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process';

const SEED = Number(process.env['TENON_PLANS_SEED'] ?? Date.now() % 1_000_000);
const PLANS = Number(process.env['TENON_PLANS'] ?? 5);
const KILLS = Number(process.env['TENON_PLANS_KILLS'] ?? 3);
/** How long a call takes, so that some are in flight at each kill. */
const CALL_MS = 25;
const WAIT_MS = 240_000;

const MODES = {
  segments: {},
  'an activity for each action': { stepsPerActivity: 1 },
};
type Mode = keyof typeof MODES;

/** One flow, in one mode. */
interface Started {
  plan: number;
  mode: Mode;
  instanceId: string;
  /** Names the run in the addresses that it calls. */
  run: string;
}

const say = (text: string) => process.stderr.write(`random plans: ${text}\n`);

describe('random flows', () => {
  const random = seededRandom(SEED);
  const env = testEnvironment();
  let definitions: ((mode: string) => string)[];
  let system: System;
  let server: DigestServer;
  let worker: WorkerProcess;
  let undisturbed: Map<string, Finished>;

  const aWorker = () => startWorkerProcess({ ...env, TENON_PORT: String(system.env.TENON_PORT) });

  beforeAll(async () => {
    say(`seed ${SEED}, ${PLANS} flows, ${KILLS} kills`);
    definitions = randomShapes(PLANS, SEED).map(
      (shapes, at) => (mode) => randomDefinition(`Flow ${at} with ${mode}`, shapes),
    );
    server = await startDigestServer(CALL_MS);
    system = await startSystem({ worker: false, env });
    worker = await aWorker();
  }, 60_000);

  afterAll(async () => {
    await worker?.stop();
    await system?.stop();
    await server?.close();
  });

  const instanceOf = async (plan: number, mode: Mode, occasion: string) => {
    const run = randomUUID().slice(0, 8);
    const { instanceId, webhooks } = await aDeployedInstance(system.deps, system.ctx, {
      definition: definitions[plan]!(`${mode} ${occasion}`),
      configVariables: [{ key: 'Target', value: server.urlOf(run) }],
      ...MODES[mode],
    });
    return { started: { plan, mode, instanceId, run }, url: webhooks['Flow']! };
  };

  /** Starts every flow in every mode, all at once. */
  const startAll = async (occasion: string): Promise<Started[]> => {
    const instances = [];
    for (const mode of Object.keys(MODES) as Mode[])
      for (let plan = 0; plan < PLANS; plan += 1) instances.push(await instanceOf(plan, mode, occasion));
    const statuses = instances.map(async ({ url }) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(DELIVERY) })).status;
    });
    expect(new Set(await Promise.all(statuses))).toEqual(new Set([200]));
    return instances.map(({ started }) => started);
  };

  const endedCount = async (runs: readonly Started[]): Promise<number> =>
    system.deps.store.executions.countDocuments({
      instanceId: { $in: runs.map(({ instanceId }) => instanceId) },
      phase: 'ended',
    });
  const allEnded = (runs: readonly Started[]) =>
    until('the end of all runs', async () => (await endedCount(runs)) === runs.length, WAIT_MS);

  const nameOf = ({ plan, mode }: Started) => `flow ${plan}, ${mode}`;
  const finishedOf = async (runs: readonly Started[]): Promise<Map<string, Finished>> => {
    const entries = runs.map(async (one) => {
      const finished = await finishedRun(system, server, one);
      if (!finished) throw new Error(`${nameOf(one)} has not ended.`);
      return [nameOf(one), finished] as const;
    });
    return new Map(await Promise.all(entries));
  };

  test(
    'give the same under segments and with an activity for each action',
    async () => {
      const runs = await startAll('undisturbed');
      await allEnded(runs);
      undisturbed = await finishedOf(runs);
      for (let plan = 0; plan < PLANS; plan += 1) {
        const of = (mode: Mode) => undisturbed.get(nameOf({ plan, mode, instanceId: '', run: '' }))!;
        const { outcome, calls } = of('segments');
        const other = of('an activity for each action');
        expect({ plan, ...other.outcome }).toEqual({ plan, ...outcome });
        expect(other.calls).toEqual(calls);
        expect(outcome.journal).toHaveLength(outcome.stepCount);
        expect(outcome.journal).toEqual(
          Array.from({ length: outcome.stepCount }, (_, ordinal) => expect.objectContaining({ ordinal })),
        );
      }
      const steps = [...undisturbed.values()].reduce((sum, { outcome }) => sum + outcome.stepCount, 0);
      say(`${steps} steps, ${server.count()} calls`);
      expect(server.count()).toBeGreaterThan(PLANS);
    },
    WAIT_MS + 60_000,
  );

  test(
    'give the same when their worker is killed while they run, but for the calls that were in flight',
    async () => {
      const all = server.count();
      const callsBefore = () => server.count() - all;
      const runs = await startAll('disturbed');
      let kills = 0;
      for (; kills < KILLS; kills += 1) {
        // Somewhere within what is left of the calls that the undisturbed runs made.
        const at = callsBefore() + Math.ceil(random() * ((all - callsBefore()) / (KILLS - kills)) * 0.8);
        await until(
          `call ${at} of ${all}`,
          async () => callsBefore() >= at || (await endedCount(runs)) === runs.length,
          WAIT_MS,
        );
        const ended = await endedCount(runs);
        if (ended === runs.length) break;
        await worker.kill();
        say(
          `killed at call ${callsBefore()} of ${all}, with ${runs.length - ended} of ${runs.length} runs open`,
        );
        worker = await aWorker();
      }
      await allEnded(runs);
      expect(kills).toBeGreaterThan(0);
      const disturbed = await finishedOf(runs);
      let repeated = 0;
      for (const [name, { outcome, calls, attempts }] of disturbed) {
        const whole = undisturbed.get(name)!;
        expect({ name, ...outcome }).toEqual({ name, ...whole.outcome });
        // One step is in flight at a time, and begins with its first try again.
        const more = calls.length - whole.calls.length;
        const isOneStepAKill = more >= 0 && more <= kills * MOST_TRIES;
        expect({ name, more, isOneStepAKill }).toEqual({ name, more, isOneStepAKill: true });
        // Each was told that it was begun before.
        const told = [...attempts].filter(([path, attempt]) => attempt > whole.attempts.get(path)!);
        expect({ name, areTold: told.length > 0 || more === 0 }).toEqual({ name, areTold: true });
        repeated += more;
      }
      say(`${kills} kills, ${repeated} calls repeated`);
    },
    WAIT_MS * 2,
  );
});
