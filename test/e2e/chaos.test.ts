/**
 * The whole product in real processes, each of which is killed with `kill -9` while deliveries come in: first
 * one after the other, then at random for two minutes, also several at once and while it recovers from others.
 * `TENON_CHAOS_SECONDS` makes that longer or shorter, `TENON_CHAOS_SEED` repeats a run's choices.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { startCalledService } from '../support/chaos/called-service';
import { chaosDefinition, flowKind } from '../support/chaos/flows';
import { JournalWatch } from '../support/chaos/journal-watch';
import {
  callsBehindLaterSteps,
  callsOfFinishedSteps,
  repeatedCalls,
  stepOf,
} from '../support/chaos/judge-calls';
import { Ledger } from '../support/chaos/ledger';
import type { Part, PartName } from '../support/chaos/part';
import { type PlannedKill, planRound } from '../support/chaos/plan-round';
import { describeRecovery, type Recovery, recoveryFrom } from '../support/chaos/recovery';
import { runRound } from '../support/chaos/run-round';
import { liveRunners, runnerPart, runnersOf } from '../support/chaos/runner-part';
import { seededRandom } from '../support/chaos/seeded-random';
import { type Sender, startSender } from '../support/chaos/sender';
import { type ChaosStack, startChaosStack } from '../support/chaos/stack';
import { storedJournals } from '../support/chaos/stored-journals';
import { aDeployedInstance } from '../support/deployed-instance';
import { until } from '../support/until';

const RANDOM_SECONDS = Number(process.env['TENON_CHAOS_SECONDS'] ?? 120);
const SEED = Number(process.env['TENON_CHAOS_SEED'] ?? Date.now() % 1_000_000);
const PER_SECOND = 10;
/** How long a step's call takes, so that there are always some in flight. */
const CALL_MS = 120;
const RECOVERY_LIMIT_MS = 15_000;
/** Before each of the first kills, so that nothing recovers from the one before. */
const QUIET_MS = 5000;
const LEAST_ROUNDS = 3;

const say = (text: string) => process.stderr.write(`chaos: ${text}\n`);

describe('kill -9 of each part under a stream of deliveries', () => {
  const random = seededRandom(SEED);
  let stack: ChaosStack;
  let service: Awaited<ReturnType<typeof startCalledService>>;
  let ledger: Ledger;
  let journal: JournalWatch;
  let sender: Sender;
  let parts: Record<PartName, Part>;
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
  /** Reads what is finished just before a part goes, as far as it can, and tells how many executions are in flight. */
  const beforeKill = async (away: ReadonlySet<PartName>) => {
    if (!away.has('mongod')) await Promise.allSettled([journal.look(), ledger.look()]);
    return ledger.open().length;
  };
  const kill = async (plan: PlannedKill[]): Promise<Recovery> => {
    const recovery = await recoveryFrom(() => runRound(plan, parts, beforeKill), ledger);
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
    journal = new JournalWatch(services.deps.store, ledger);
    sender = startSender(ledger, webhooks, PER_SECOND, seededRandom(SEED + 1));
    await until('the first to end', () => ledger.firstEndOfThoseSentSince(0));
  }, 180_000);

  afterAll(async () => {
    journal?.stop();
    ledger?.stop();
    await stack?.stop(hasFailed);
    await service?.close();
  }, 60_000);

  test.each(['worker', 'runner', 'API', 'Temporal', 'mongod'] as const)(
    'everything goes on within 15 s of the return of a killed %s',
    keepingLogs(async (name) => {
      await sleep(QUIET_MS);
      const runners = runnersOf(stack.worker.pid());
      const { kills, oldMs, newMs } = await kill([{ part: name, afterMs: 0, awayMs: 0 }]);
      expect(kills.map(({ inFlight }) => inFlight > 0)).toEqual([true]);
      expect(oldMs).toBeLessThan(RECOVERY_LIMIT_MS);
      expect(newMs).toBeLessThan(RECOVERY_LIMIT_MS);
      // What runs components does not outlive its worker.
      expect(name === 'worker' ? liveRunners(runners) : []).toEqual([]);
    }),
    120_000,
  );

  test(
    'everything goes on within 15 s of the return of parts that are killed at random, whatever recovers just then',
    keepingLogs(async () => {
      const recoveries: Recovery[] = [];
      const endMs = Date.now() + RANDOM_SECONDS * 1000;
      while (Date.now() < endMs || recoveries.length < LEAST_ROUNDS)
        recoveries.push(await kill(planRound(random)));
      const kills = recoveries.flatMap((recovery) => recovery.kills);
      const together = kills.filter(({ besides }) => besides.length > 0).length;
      say(`${kills.length} kills at random, ${together} of them without other parts`);
      const late = recoveries.filter(({ oldMs, newMs }) => Math.max(oldMs, newMs) >= RECOVERY_LIMIT_MS);
      expect(late).toEqual([]);
      expect(together).toBeGreaterThan(0);
    }),
    (RANDOM_SECONDS + 300) * 1000,
  );

  describe('when the stream has ended', () => {
    beforeAll(async () => {
      await sender.stop();
      await until('all to end and be read', () => journal.hasReadAll()).catch(() => undefined);
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
      'every journal is whole: one record a step, in their order',
      keepingLogs(async () => {
        const { store } = stack.services.deps;
        const stored = await store.executions.find({}, { flowName: 1, stepCount: 1 }).lean();
        const wanted = stored.map(({ _id, flowName }) => {
          return [_id, flowKind(flowName).journal.map((name, ordinal) => `${ordinal} ${name}`)] as const;
        });
        expect(await storedJournals(store)).toEqual(Object.fromEntries(wanted));
        const counts = wanted.map(([, journal]) => journal.length);
        expect(stored.map(({ stepCount }) => stepCount)).toEqual(counts);
      }),
    );

    test(
      'every step was called and was seen in the journal, and none was called again after that',
      keepingLogs(async () => {
        const wanted = ledger.deliveries
          .flatMap(({ key, flow }) => flowKind(flow).calls.map((_name, place) => stepOf({ key, place })))
          .sort();
        expect([...new Set(service.calls.map(stepOf))].sort()).toEqual(wanted);
        expect([...journal.seenMs.keys()].sort()).toEqual(wanted);
        expect(callsOfFinishedSteps(service.calls, journal.seenMs)).toEqual([]);
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
        // Those of a worker that was killed while it tried the server's fairness: nobody waits for them.
        const countOf = (query: string) =>
          workflow.count(`${query} AND WorkflowType != "tenon-fairness-probe"`);
        try {
          await until('no open workflow', async () => {
            const { count } = await countOf('ExecutionStatus = "Running"');
            return count === 0;
          });
          const { count } = await countOf('ExecutionStatus != "Completed"');
          expect(count).toBe(0);
          expect((await countOf('ExecutionStatus = "Completed"')).count).toBeGreaterThan(0);
        } finally {
          await connection.close();
        }
      }),
    );
  });
});
