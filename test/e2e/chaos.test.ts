/**
 * The whole product in real processes, each of which is killed with `kill -9` while deliveries come in: first
 * one after the other, then at random for 40 seconds. `TENON_CHAOS_SECONDS=120` makes that the full two
 * minutes, `TENON_CHAOS_SEED` repeats a run's choices.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { callsBehindLaterSteps, repeatedCalls, startCalledService } from '../support/chaos/called-service';
import { chaosDefinition, FLOW_KINDS } from '../support/chaos/flows';
import { Ledger } from '../support/chaos/ledger';
import type { Part } from '../support/chaos/part';
import { describeRecovery, killAndRecover, type Recovery } from '../support/chaos/recovery';
import { liveRunners, runnerPart, runnersOf } from '../support/chaos/runner-part';
import { seededRandom } from '../support/chaos/seeded-random';
import { type Sender, startSender } from '../support/chaos/sender';
import { type ChaosStack, startChaosStack } from '../support/chaos/stack';
import { aDeployedInstance } from '../support/deployed-instance';
import { until } from '../support/until';

const RANDOM_SECONDS = Number(process.env['TENON_CHAOS_SECONDS'] ?? 40);
const SEED = Number(process.env['TENON_CHAOS_SEED'] ?? Date.now() % 1_000_000);
const PER_SECOND = 10;
/** How long a step's call takes, so that there are always some in flight. */
const CALL_MS = 120;
const RECOVERY_LIMIT_MS = 15_000;
const QUIET_MS = { least: 4000, most: 8000 };

const say = (text: string) => process.stderr.write(`chaos: ${text}\n`);

describe('kill -9 of each part under a stream of deliveries', () => {
  const random = seededRandom(SEED);
  let stack: ChaosStack;
  let service: Awaited<ReturnType<typeof startCalledService>>;
  let ledger: Ledger;
  let sender: Sender;
  let parts: Record<Part['name'], Part>;
  let hasFailed = false;

  /** The logs of the processes stay when one of the guarantees does not hold. */
  const keepingLogs =
    <A extends unknown[]>(work: (...given: A) => Promise<void>) =>
    async (...given: A) => {
      try {
        await work(...given);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    };
  const quiet = () => sleep(QUIET_MS.least + random() * (QUIET_MS.most - QUIET_MS.least));
  const kill = async (part: Part): Promise<Recovery> => {
    const recovery = await killAndRecover(part, ledger);
    say(describeRecovery(recovery));
    return recovery;
  };

  beforeAll(async () => {
    say(`seed ${SEED}, ${RANDOM_SECONDS} s of random kills, ${PER_SECOND} deliveries/s`);
    service = await startCalledService(CALL_MS);
    stack = await startChaosStack();
    const { services, worker, api, temporal, mongod } = stack;
    const runner = runnerPart(worker.pid, random);
    parts = { worker, runner, API: api, Temporal: temporal, mongod };
    const { webhooks } = await aDeployedInstance(services.deps, services.ctx, {
      definition: chaosDefinition(service.url),
    });
    ledger = new Ledger(services.deps.store);
    sender = startSender(ledger, webhooks, PER_SECOND, seededRandom(SEED + 1));
    await until('the first to end', () => ledger.firstEndOfThoseSentSince(0));
  }, 180_000);

  afterAll(async () => {
    ledger?.stop();
    await stack?.stop(hasFailed);
    await service?.close();
  }, 60_000);

  test.each(['worker', 'runner', 'API', 'Temporal', 'mongod'] as const)(
    'everything goes on within 15 s of the return of a killed %s',
    keepingLogs(async (name) => {
      await quiet();
      const runners = runnersOf(stack.worker.pid());
      const { inFlight, oldMs, newMs } = await kill(parts[name]);
      expect(inFlight).toBeGreaterThan(0);
      expect(oldMs).toBeLessThan(RECOVERY_LIMIT_MS);
      expect(newMs).toBeLessThan(RECOVERY_LIMIT_MS);
      // What runs components does not outlive its worker.
      expect(name === 'worker' ? liveRunners(runners) : []).toEqual([]);
    }),
    120_000,
  );

  test(
    'everything goes on within 15 s of the return of parts that are killed at random',
    keepingLogs(async () => {
      const all = Object.values(parts);
      const recoveries: Recovery[] = [];
      for (const endMs = Date.now() + RANDOM_SECONDS * 1000; Date.now() < endMs; ) {
        await quiet();
        recoveries.push(await kill(all[Math.floor(random() * all.length)]!));
      }
      const late = recoveries.filter(({ oldMs, newMs }) => Math.max(oldMs, newMs) >= RECOVERY_LIMIT_MS);
      expect(late).toEqual([]);
    }),
    (RANDOM_SECONDS + 150) * 1000,
  );

  describe('when the stream has ended', () => {
    beforeAll(async () => {
      await sender.stop();
      await until('all to end', () => ledger.open().length === 0).catch(() => undefined);
      const { deliveries } = ledger;
      const again = deliveries.filter(({ sends }) => sends > 1).length;
      const repeated = repeatedCalls(service.calls).length;
      say(`${deliveries.length} deliveries, ${again} of them sent again before they were acknowledged`);
      say(`${service.calls.length} calls of steps, ${repeated} of them repeated`);
    }, 60_000);

    test(
      'every acknowledged delivery ran to exactly one end, and nothing else ran',
      keepingLogs(async () => {
        const { executions } = stack.services.deps.store;
        const stored = await executions.find({}, { request: 0 }).lean();
        const idByKey = stored.map(({ _id, deliveryKey }) => [deliveryKey?.split(':')[1], _id]);
        expect(Object.fromEntries(idByKey)).toEqual(
          Object.fromEntries(ledger.deliveries.map(({ key, executionId }) => [key, executionId])),
        );
        expect(stored).toHaveLength(ledger.deliveries.length);
        expect(stored.filter(({ phase, status }) => phase !== 'ended' || status !== 'SUCCESS')).toEqual([]);
      }),
    );

    test(
      'every journal is whole: one record a step',
      keepingLogs(async () => {
        const { executions, stepResults } = stack.services.deps.store;
        const stepsOf = Object.fromEntries(FLOW_KINDS.map(({ name, steps }) => [name, steps]));
        const stored = await executions.find({}, { flowName: 1, stepCount: 1 }).lean();
        expect(stored.filter(({ flowName, stepCount }) => stepCount !== stepsOf[flowName])).toEqual([]);
        const count = stored.reduce((sum, { stepCount }) => sum + stepCount, 0);
        expect(await stepResults.countDocuments()).toBe(count);
      }),
    );

    test(
      'every step was called, and none again after the one behind it',
      keepingLogs(async () => {
        const called = new Set(service.calls.map(({ key, place }) => `${key}/${place}`));
        const callsOf = Object.fromEntries(FLOW_KINDS.map(({ name, calls }) => [name, calls]));
        const wanted = ledger.deliveries.flatMap(({ key, flow }) =>
          Array.from({ length: callsOf[flow]! }, (_, place) => `${key}/${place}`),
        );
        expect(wanted.filter((name) => !called.has(name))).toEqual([]);
        expect(called.size).toBe(wanted.length);
        expect(callsBehindLaterSteps(service.calls)).toEqual([]);
      }),
    );

    test(
      'a step that was in flight at a kill and ran again was told so',
      keepingLogs(async () => {
        const repeated = repeatedCalls(service.calls);
        expect(repeated.length).toBeGreaterThan(0);
        expect(repeated.filter(({ attempt }) => !(attempt > 1))).toEqual([]);
      }),
    );

    test(
      'Temporal has no workflow that is open or did not complete',
      keepingLogs(async () => {
        const connection = await Connection.connect({ address: stack.services.env.TENON_TEMPORAL_ADDRESS });
        const { workflow } = new Client({ connection });
        try {
          await until('no open workflow', async () => {
            const { count } = await workflow.count('ExecutionStatus = "Running"');
            return count === 0;
          });
          const { count } = await workflow.count('ExecutionStatus != "Completed"');
          expect(count).toBe(0);
          expect((await workflow.count('ExecutionStatus = "Completed"')).count).toBeGreaterThan(0);
        } finally {
          await connection.close();
        }
      }),
    );
  });
});
