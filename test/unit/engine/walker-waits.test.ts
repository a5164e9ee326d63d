import { SHORT_WAIT_MS } from '../../../src/engine/step-runner';
import { walkFlow } from '../../../src/engine/walker';
import type { Suspension } from '../../../src/engine/walker-host';
import { done, hostOf, walkToEnd } from './memory-host';
import { action, flowOf, loopTimes, reference, sleepStep } from './plan-builder';

describe('a sleep step', () => {
  const flow = flowOf([action('a'), sleepStep('rest', '60000'), action('b')]);

  it('of more than two seconds suspends the walk until its time has come', async () => {
    const host = hostOf({});
    const untilMs = host.clockMs + 60_000;
    expect(await walkFlow(flow, {}, host)).toMatchObject({
      kind: 'suspended',
      suspension: { kind: 'wait', wait: { path: '2', untilMs, failures: 0 }, step: { key: 'rest' } },
    });
    expect(host.keys).toEqual(['a']);
    expect(host.journal.has('2')).toBe(false);
  });

  it('goes on behind itself once the time has come, without a call, and leaves null', async () => {
    const host = hostOf({});
    const { end, suspensions } = await walkToEnd(flow, host);
    expect(end.kind).toBe('finished');
    expect(suspensions).toHaveLength(1);
    expect(host.keys).toEqual(['a', 'b']);
    expect(host.finished('2')).toEqual({ value: { data: null }, branch: null, error: null });
  });

  it('asked too early says again what it waits for', async () => {
    const host = hostOf({});
    const first = await walkFlow(flow, {}, host);
    if (first.kind !== 'suspended' || first.suspension.kind !== 'wait') throw new Error('It did not wait.');
    host.armed = first.suspension.wait;
    host.clockMs += 59_999;
    expect(await walkFlow(flow, {}, host)).toEqual(first);
    host.clockMs += 1;
    expect((await walkFlow(flow, {}, host)).kind).toBe('finished');
  });

  it('of up to two seconds is an action like any other', async () => {
    const host = hostOf({});
    const { suspensions } = await walkToEnd(flowOf([sleepStep('rest', SHORT_WAIT_MS)]), host);
    expect(suspensions).toEqual([]);
    expect(host.inputsOf('rest')).toEqual({ ms: SHORT_WAIT_MS });
  });

  it.each(['soon', '', undefined, Number.POSITIVE_INFINITY, { valueOf: 9000 }, [9000]])(
    'leaves %p milliseconds to the component, which says what is wrong',
    async (ms) => {
      const host = hostOf({});
      expect((await walkFlow(flowOf([sleepStep('rest', ms)]), {}, host)).kind).toBe('finished');
      expect(host.keys).toEqual(['rest']);
    },
  );

  it('takes its time from a reference', async () => {
    const host = hostOf({ a: done({ ms: 5000 }) });
    const rest = sleepStep('rest', 0, { inputs: { ms: reference('a.results.ms') } });
    const begun = host.clockMs;
    const { suspensions } = await walkToEnd(flowOf([action('a'), rest]), host);
    expect(suspensions).toMatchObject([{ kind: 'wait', wait: { path: '2', untilMs: begun + 5000 } }]);
  });

  it('inside of a loop waits once an iteration', async () => {
    const host = hostOf({});
    const steps = [loopTimes('loop', 3, [sleepStep('rest', 3000), action('x')])];
    const begun = host.clockMs;
    const { suspensions } = await walkToEnd(flowOf(steps), host);
    expect(suspensions.map((one) => (one.kind === 'wait' ? one.wait.path : one.kind))).toEqual([
      '1.loop.0@0',
      '1.loop.0@1',
      '1.loop.0@2',
    ]);
    expect(host.clockMs - begun).toBe(9000);
    expect(host.keys).toEqual(['x', 'x', 'x']);
  });

  it('that is over asks for no action of its own any more', async () => {
    const host = hostOf({});
    const asked: string[] = [];
    host.onCheckpoint = (step) => {
      asked.push(step.key);
      return undefined;
    };
    await walkToEnd(flow, host);
    expect(asked).toEqual(['trigger', 'a', 'rest', 'b']);
  });
});

describe('a checkpoint', () => {
  it('ends the segment before the action that it was asked for', async () => {
    for (const suspension of [
      { kind: 'limit' },
      { kind: 'action', activityType: 'test.b' },
    ] satisfies Suspension[]) {
      const host = hostOf({});
      host.onCheckpoint = ({ key }) => (key === 'b' ? suspension : undefined);
      const flow = flowOf([action('a'), action('b'), action('c')]);
      expect(await walkFlow(flow, {}, host)).toEqual({ kind: 'suspended', suspension });
      expect(host.keys).toEqual(['a']);
    }
  });

  it('is not asked for steps that the journal knows', async () => {
    const host = hostOf({});
    const flow = flowOf([action('a'), loopTimes('loop', 2, [action('x')]), action('b')]);
    host.onCheckpoint = ({ key }) => (key === 'b' ? { kind: 'limit' } : undefined);
    await walkFlow(flow, {}, host);
    const asked: string[] = [];
    host.onCheckpoint = (step) => {
      asked.push(step.key);
      return undefined;
    };
    await walkFlow(flow, {}, host);
    expect(asked).toEqual(['b']);
  });

  it('before each action makes as many segments as actions, with the same outcome', async () => {
    const flow = flowOf([
      action('a'),
      loopTimes('loop', 3, [action('x', { inputs: { at: reference('loop.index') } })]),
      action('b', { inputs: { all: reference('loop.results') } }),
    ]);
    const host = hostOf({ x: ({ inputs }) => done(inputs['at']) });
    let granted = -1;
    host.onCheckpoint = (step) => {
      if (granted === host.calls.length) return undefined;
      granted = host.calls.length;
      return { kind: 'action', activityType: step.action };
    };
    const { suspensions } = await walkToEnd(flow, host);
    expect(suspensions.map((one) => (one.kind === 'action' ? one.activityType : one.kind))).toEqual([
      'trigger',
      'a',
      'x',
      'x',
      'x',
      'b',
    ]);
    expect(host.keys).toEqual(['a', 'x', 'x', 'x', 'b']);
    expect(host.inputsOf('b')).toEqual({ all: [0, 1, 2] });
  });
});
