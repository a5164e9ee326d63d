import { walkFlow } from '../../../src/engine/walker';
import { type Act, done, failed, hostOf, MemoryHost, took, walkToEnd } from './memory-host';
import { action, branching, flowOf, IGNORE, loopTimes, reference, retry } from './plan-builder';

/** Fails so often, then gives `fine`. */
function failing(times: number): Act {
  let left = times;
  return () => (left-- > 0 ? failed(`try ${times - left}`) : done('fine'));
}

const seeA = action('b', { inputs: { a: reference('a.results') } });

describe('a step that fails', () => {
  it('ends the flow, names the step, and keeps its error in the journal', async () => {
    const host = hostOf({ a: failed('No route.') });
    const end = await walkFlow(flowOf([action('a'), action('b')]), {}, host);
    expect(end).toMatchObject({
      kind: 'failed',
      step: { key: 'a', name: 'Step a', path: '1' },
      error: { code: 'component_error', message: 'No route.' },
    });
    expect(host.keys).toEqual(['a']);
    expect(host.finished('1')?.error?.message).toBe('No route.');
  });

  it('ends a resumed walk in the same way, without a further call', async () => {
    const host = hostOf({ a: failed('No route.') });
    const flow = flowOf([action('a')]);
    const first = await walkFlow(flow, {}, host);
    expect(await walkFlow(flow, {}, host)).toEqual(first);
    expect(host.keys).toEqual(['a']);
  });

  it('is passed by under the policy ignore, its result being nothing', async () => {
    const host = hostOf({ a: failed() });
    const end = await walkFlow(flowOf([action('a', { onError: IGNORE }), seeA]), {}, host);
    expect(end.kind).toBe('finished');
    expect(host.inputsOf('b')).toEqual({ a: undefined });
    expect(host.finished('1')?.error).not.toBeNull();
  });

  it('as a trigger ends the flow before any step', async () => {
    const host = hostOf({ trigger: failed() });
    expect(await walkFlow(flowOf([action('a')]), {}, host)).toMatchObject({
      kind: 'failed',
      step: { key: 'trigger' },
    });
    expect(host.keys).toEqual([]);
  });
});

describe('a trigger that refuses its request', () => {
  it('is called once and ends the flow, whatever its policy says, in a resumed walk too', async () => {
    const refused = { ...failed('No.'), error: { code: 'component_error', message: 'No.', httpStatus: 401 } };
    for (const onError of [IGNORE, retry(3), retry(2, { ignoreFinalError: true, delaySeconds: 30 })]) {
      const host = hostOf({ trigger: refused });
      let calls = 0;
      host.onCall = () => void (calls += 1);
      const flow = flowOf([action('a')], action('trigger', { onError }));
      const first = await walkFlow(flow, {}, host);
      expect(first).toMatchObject({ kind: 'failed', error: { httpStatus: 401 } });
      expect(await walkFlow(flow, {}, host)).toEqual(first);
      expect(calls).toBe(1);
    }
  });
});

describe('a branch that is not there', () => {
  it('runs nothing, which the log says once; of Else there need be none', async () => {
    const host = hostOf({ odd: took('Nowhere'), fine: took('Else') });
    const inner = () => [action('never')];
    const odd = branching('odd', { A: inner() });
    const flow = flowOf([loopTimes('loop', 3, [odd]), branching('fine', { B: inner() }), action('end')]);
    expect((await walkFlow(flow, {}, host)).kind).toBe('finished');
    expect(host.keys).toEqual(['odd', 'odd', 'odd', 'fine', 'end']);
    expect(host.warnings).toEqual([expect.stringMatching(/^odd: .*branch "Nowhere"/)]);
  });

  it('means nothing where a step has no branches', async () => {
    const host = hostOf({ plain: took('Nowhere') });
    await walkFlow(flowOf([action('plain')]), {}, host);
    expect(host.warnings).toEqual([]);
  });
});

describe('trying again', () => {
  it('gives the later result, and journals the last try only', async () => {
    const host = hostOf({ a: failing(2) });
    const flow = flowOf([action('a', { onError: retry(3) }), seeA]);
    expect((await walkFlow(flow, {}, host)).kind).toBe('finished');
    expect(host.keys).toEqual(['a', 'a', 'a', 'b']);
    expect(host.inputsOf('b')).toEqual({ a: 'fine' });
    expect(host.finished('1')).toEqual(done('fine'));
  });

  it('ends with the last try’s error once maxAttempts more tries have failed', async () => {
    const host = hostOf({ a: failing(99) });
    const end = await walkFlow(flowOf([action('a', { onError: retry(2) })]), {}, host);
    expect(end).toMatchObject({ kind: 'failed', error: { message: 'try 3' } });
    expect(host.keys).toEqual(['a', 'a', 'a']);
  });

  it('goes on after the last try with ignoreFinalError', async () => {
    const host = hostOf({ a: failing(99) });
    const onError = retry(1, { ignoreFinalError: true });
    expect((await walkFlow(flowOf([action('a', { onError }), seeA]), {}, host)).kind).toBe('finished');
    expect(host.keys).toEqual(['a', 'a', 'b']);
    expect(host.inputsOf('b')).toEqual({ a: undefined });
  });

  it('waits in the segment for delays of up to two seconds', async () => {
    const host = hostOf({ a: failing(3) });
    const onError = retry(3, { delaySeconds: 2 });
    const { suspensions } = await walkToEnd(flowOf([action('a', { onError })]), host);
    expect(suspensions).toEqual([]);
    expect(host.delays).toEqual([2000, 2000, 2000]);
  });

  it('suspends for longer delays, and counts on where it left off', async () => {
    const host = hostOf({ a: failing(99) });
    const onError = retry(2, { delaySeconds: 10 });
    const begun = host.clockMs;
    const { end, suspensions } = await walkToEnd(flowOf([action('a', { onError })]), host);
    const at = { step: { key: 'a' }, position: { path: '1' } };
    const code = 'component_error';
    expect(suspensions).toMatchObject([
      { kind: 'wait', wait: { path: '1', untilMs: begun + 10_000, failures: 1, code }, ...at },
      { kind: 'wait', wait: { path: '1', untilMs: begun + 20_000, failures: 2, code }, ...at },
    ]);
    expect(end).toMatchObject({ kind: 'failed', error: { message: 'try 3' } });
    expect(host.delays).toEqual([]);
    expect(host.keys).toEqual(['a', 'a', 'a']);
  });

  it('doubles its delays with back-off, from short ones in the segment to durable ones', async () => {
    const host = hostOf({ a: failing(4) });
    const onError = retry(5, { delaySeconds: 1, usesExponentialBackoff: true });
    const begun = host.clockMs;
    const { end, suspensions } = await walkToEnd(flowOf([action('a', { onError })]), host);
    expect(host.delays).toEqual([1000, 2000]);
    expect(suspensions).toMatchObject([
      { kind: 'wait', wait: { path: '1', untilMs: begun + 7000, failures: 3 } },
      { kind: 'wait', wait: { path: '1', untilMs: begun + 15_000, failures: 4 } },
    ]);
    expect(end).toEqual({ kind: 'finished', last: { data: 'fine' } });
    expect(host.keys).toEqual(['a', 'a', 'a', 'a', 'a']);
  });

  it('forgets no failed try when the process asks to hand over in between', async () => {
    const host = hostOf({ a: failing(99) });
    // Every try is followed by a stop, as when worker after worker is told to end.
    let calls = 0;
    host.onCheckpoint = ({ key }) => {
      if (key !== 'a' || host.calls.length === calls) return undefined;
      calls = host.calls.length;
      return { kind: 'limit' };
    };
    const flow = flowOf([action('a', { onError: retry(3, { delaySeconds: 1 }) })]);
    const { end, suspensions } = await walkToEnd(flow, host);
    expect(end.kind).toBe('failed');
    expect(host.keys).toEqual(['a', 'a', 'a', 'a']);
    expect(suspensions.map((one) => (one.kind === 'wait' ? one.wait.failures : one.kind))).toEqual([
      'limit',
      1,
      2,
      3,
    ]);
  });

  it('tells the log of each failed try behind which comes another, once, however it is waited for', async () => {
    const host = hostOf({ a: failing(99) });
    const onError = retry(3, { delaySeconds: 1, usesExponentialBackoff: true });
    await walkToEnd(flowOf([action('a', { onError })]), host);
    expect(host.warnings).toEqual([
      'a: Attempt 1 of 4 failed, the next one follows in 1 s: try 1',
      'a: Attempt 2 of 4 failed, the next one follows in 2 s: try 2',
      'a: Attempt 3 of 4 failed, the next one follows in 4 s: try 3',
    ]);
    const atOnce = hostOf({ a: failing(1) });
    await walkToEnd(flowOf([action('a', { onError: retry(1) })]), atOnce);
    expect(atOnce.warnings).toEqual(['a: Attempt 1 of 2 failed, the next one follows at once: try 1']);
  });

  it('handed over between two tries remembers the last error’s code', async () => {
    const host = hostOf({ a: failing(2) });
    const isBetween = () => host.keys.length > 0 && host.armed === undefined;
    host.onCheckpoint = () => (isBetween() ? { kind: 'limit' } : undefined);
    const flow = flowOf([action('a', { onError: retry(2, { delaySeconds: 1 }) })]);
    const { end, suspensions } = await walkToEnd(flow, host);
    expect(suspensions).toMatchObject([
      { kind: 'wait', wait: { path: '1', failures: 1, code: 'component_error' } },
    ]);
    expect(end.kind).toBe('finished');
    expect(host.warnings).toHaveLength(2);
  });

  it('stays in the activity of the first try where each action has one of its own', async () => {
    const host = oneActionAtATime(hostOf({ a: failing(99) }));
    const { end, suspensions } = await walkToEnd(
      flowOf([action('a', { onError: retry(2, { ignoreFinalError: true }) }), action('b')]),
      host,
    );
    expect(end.kind).toBe('finished');
    expect(host.keys).toEqual(['a', 'a', 'a', 'b']);
    expect(suspensions).toEqual([
      { kind: 'action', activityType: 'test.a' },
      { kind: 'action', activityType: 'test.b' },
    ]);
  });
});

/** Grants one action a segment. */
function oneActionAtATime(host: MemoryHost): MemoryHost {
  let granted = 0;
  host.onCheckpoint = (step) => {
    if (host.calls.length > granted) {
      granted = host.calls.length;
      return { kind: 'action', activityType: `${step.component.key}.${step.action}` };
    }
    return undefined;
  };
  return host;
}
