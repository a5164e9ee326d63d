import fc from 'fast-check';
import type { PlanFlow } from '../../../src/engine/plan';
import type { WalkEnd } from '../../../src/engine/walker';
import { Crash, done, hostOf, MemoryHost, walkToEnd } from './memory-host';
import { action, flowOf, loopTimes, reference } from './plan-builder';
import { calm, digestingActions, flowOfShapes, type Shape, shapes, sparseFlowOfShapes } from './random-flow';

const RUNS = 200;

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
  return { end, calls: host.paths, journal: host.stored() };
}

/** The nth, counted over all segments, of whatever it is asked about. */
function counter(chosen: ReadonlySet<number>): () => boolean {
  let count = 0;
  return () => chosen.has(count++);
}

const cuts = fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 30 }).map((all) => new Set(all));
const flowsOf = (of: fc.Arbitrary<Shape[]>): fc.Arbitrary<PlanFlow> =>
  fc.oneof(
    of.map(flowOfShapes),
    fc
      .tuple(of, fc.array(fc.nat({ max: 20 }), { minLength: 1 }))
      .map(([chosenShapes, chosen]) => sparseFlowOfShapes(chosenShapes, chosen)),
  );
const flows = flowsOf(shapes);

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
          host.onBoundary = () => (isNow() ? { kind: 'limit' } : undefined);
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

  it('after a crash in the middle of any action calls only that one again, to the same end', async () => {
    await fc.assert(
      fc.asyncProperty(flowsOf(shapes.map(calm)), cuts, async (flow, crashes) => {
        const cut = await outcomeOf(flow, (host) => {
          const isNow = counter(crashes);
          host.onCall = () => {
            if (isNow()) throw new Crash();
          };
        });
        const whole = await outcomeOf(flow);
        expect({ ...cut, calls: [] }).toEqual({ ...whole, calls: [] });
        // A call that comes again comes at once.
        const isTry = (path: string, at: number) => path !== cut.calls[at - 1];
        expect(cut.calls.filter(isTry)).toEqual(
          whole.calls.filter((path, at) => path !== whole.calls[at - 1]),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('runs a trigger again whose record was lost, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(flows, fc.nat({ max: 40 }), async (flow, crashAt) => {
        const whole = await outcomeOf(flow);
        const cut = await outcomeOf(flow, (host) => {
          const isNow = counter(new Set([crashAt]));
          host.onRecorded = () => {
            if (!isNow() || host.journal.size < 2) return;
            host.journal.delete(flow.trigger.path);
            host.isTriggerLost = true;
            throw new Crash();
          };
        });
        expect({ ...cut, calls: [] }).toEqual({ ...whole, calls: [] });
        expect(cut.calls.length - whole.calls.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: RUNS },
    );
  });

  it('comes to the same end when its results do not fit into memory together', async () => {
    const isLoop = ({ is }: Shape) => is === 'items' || is === 'times';
    const withoutLoops = (of: readonly Shape[]): Shape[] =>
      of.flatMap((shape): Shape[] => {
        if (isLoop(shape)) return [];
        if (shape.is !== 'branch') return [shape];
        return [{ ...shape, yes: withoutLoops(shape.yes), no: withoutLoops(shape.no) }];
      });
    await fc.assert(
      fc.asyncProperty(flowsOf(shapes.map(withoutLoops)), cuts, async (flow, crashes) => {
        const cut = await outcomeOf(flow, (host) => {
          host.inflation = 3_000_000;
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
