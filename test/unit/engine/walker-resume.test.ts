import fc from 'fast-check';
import type { PlanFlow } from '../../../src/engine/plan';
import type { WalkEnd } from '../../../src/engine/walker';
import { Crash, done, hostOf, MemoryHost, walkToEnd } from './memory-host';
import { action, flowOf, loopTimes, reference } from './plan-builder';
import { digestingActions, flowOfShapes, shapes } from './random-flow';

const RUNS = 150;

interface Outcome {
  end: WalkEnd;
  /** Place and iteration of every call of an action, in order. */
  calls: string[];
  journal: unknown;
}

async function outcomeOf(
  flow: PlanFlow,
  prepare: (host: MemoryHost) => void = () => undefined,
): Promise<Outcome> {
  const host = new MemoryHost(digestingActions());
  prepare(host);
  const { end } = await walkToEnd(flow, host);
  return { end, calls: host.paths, journal: await host.stored() };
}

/** The nth, counted over all segments, of whatever it is asked about. */
function counter(chosen: ReadonlySet<number>): () => boolean {
  let count = 0;
  return () => chosen.has(count++);
}

const cuts = fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 30 }).map((all) => new Set(all));
const flows = shapes.map(flowOfShapes);

describe('a walk that is begun anew', () => {
  it('after any of its records calls no action twice and comes to the same end', async () => {
    await fc.assert(
      fc.asyncProperty(flows, cuts, async (flow, crashes) => {
        const cut = await outcomeOf(flow, (host) => {
          const isNow = counter(crashes);
          host.onRecorded = () => {
            if (isNow()) throw new Crash();
          };
        });
        expect(cut).toEqual(await outcomeOf(flow));
      }),
      { numRuns: RUNS },
    );
  });

  it('after any hand-over, between two tries too, calls no action twice and comes to the same end', async () => {
    await fc.assert(
      fc.asyncProperty(flows, cuts, async (flow, stops) => {
        const cut = await outcomeOf(flow, (host) => {
          const isNow = counter(stops);
          host.onCheckpoint = () => (isNow() ? { kind: 'limit' } : undefined);
        });
        expect(cut).toEqual(await outcomeOf(flow));
      }),
      { numRuns: RUNS },
    );
  });

  it('with an activity for each action, calls none twice and comes to the same end', async () => {
    await fc.assert(
      fc.asyncProperty(flows, async (flow) => {
        const cut = await outcomeOf(flow, (host) => {
          let granted = -1;
          host.onCheckpoint = ({ action: activityType }) => {
            if (granted === host.calls.length) return undefined;
            granted = host.calls.length;
            return { kind: 'action', activityType };
          };
        });
        expect(cut).toEqual(await outcomeOf(flow));
      }),
      { numRuns: RUNS },
    );
  });

  it('after a crash before a record calls the action in flight again, and no other', async () => {
    const at = { at: reference('loop.index') };
    const flow = flowOf([
      action('a'),
      loopTimes('loop', 3, [action('x', { inputs: at })]),
      action('b', { inputs: { all: reference('loop.results') } }),
    ]);
    for (let crashAt = 1; crashAt <= 6; crashAt += 1) {
      let calls = 0;
      const crashing = () => {
        calls += 1;
        if (calls === crashAt) throw new Crash();
      };
      const act = (given: unknown) => {
        crashing();
        return done(given);
      };
      const host = hostOf({
        trigger: () => act('T'),
        a: () => act('A'),
        x: ({ inputs }) => act(inputs['at']),
        b: ({ inputs }) => act(inputs['all']),
      });
      const { end } = await walkToEnd(flow, host);
      expect(end).toEqual({ kind: 'finished', last: { data: [0, 1, 2] } });
      expect(host.paths).toHaveLength(7);
      expect(host.paths[crashAt]).toBe(host.paths[crashAt - 1]);
      expect(new Set(host.paths).size).toBe(6);
    }
  });
});

describe('the random flows', () => {
  it('reach every way to end, and go through loops, branches and failures', async () => {
    const seen = new Set<string>();
    for (const flow of fc.sample(flows, { numRuns: RUNS, seed: 7 })) {
      const { end, calls } = await outcomeOf(flow);
      seen.add(end.kind);
      for (const path of calls) {
        if (path.includes('@')) seen.add('loop');
        if (/@.+\./.test(path)) seen.add('nested loop');
        if (path.includes('Yes')) seen.add('Yes');
        if (path.includes('Else')) seen.add('Else');
      }
      if (new Set(calls).size < calls.length) seen.add('retry');
    }
    expect([...seen].sort()).toEqual(['Else', 'Yes', 'failed', 'finished', 'loop', 'nested loop', 'retry']);
  });
});
