import { walkFlow } from '../../../src/engine/walker';
import type { Suspension } from '../../../src/engine/walker-host';
import { done, failed, hostOf, took, walkToEnd } from './memory-host';
import { action, branching, flowOf, IGNORE, loopTimes, reference, value } from './plan-builder';

describe('the order of a flow', () => {
  it('is the trigger, then the steps as they stand in the file', async () => {
    const host = hostOf({});
    const end = await walkFlow(flowOf([action('a'), action('b'), action('c')]), {}, host);
    expect(host.paths).toEqual(['0', '1', '2', '3']);
    expect(end.kind).toBe('finished');
  });

  it('gives each step the results of those before it, and the config variables', async () => {
    const host = hostOf({ trigger: done({ body: 5 }), a: done('A') });
    const inputs = {
      body: reference('trigger.results.body'),
      a: reference('a.results'),
      key: { kind: 'configVar', key: 'Key' } as const,
      later: reference('c.results'),
    };
    await walkFlow(flowOf([action('a'), action('b', { inputs }), action('c')]), { Key: 'k' }, host);
    expect(host.inputsOf('b')).toEqual({ body: 5, a: 'A', key: 'k', later: undefined });
  });

  it('hands all results so far to a step whose code may read any, and to no other', async () => {
    const host = hostOf({ trigger: done('T'), a: done({ n: 1 }) });
    await walkFlow(flowOf([action('a'), action('code', { reads: 'all' }), action('b')]), {}, host);
    const given = Object.fromEntries(host.calls.map(({ step, stepResults }) => [step.key, stepResults]));
    expect(given['code']).toEqual({ trigger: { results: 'T' }, a: { results: { n: 1 } } });
    expect(given['a']).toBeUndefined();
    expect(given['b']).toBeUndefined();
  });

  it('ends with the value of the last executed step, HTTP fields included', async () => {
    const last = {
      data: { ok: true },
      statusCode: 201,
      headers: { a: 'b' },
      contentType: 'application/json',
    };
    const host = hostOf({ b: { value: last, branch: null, error: null } });
    expect(await walkFlow(flowOf([action('a'), action('b')]), {}, host)).toEqual({ kind: 'finished', last });
  });

  it('ends with the trigger’s payload when the flow has no steps', async () => {
    const end = await walkFlow(flowOf([]), {}, hostOf({ trigger: done('payload') }));
    expect(end).toEqual({ kind: 'finished', last: { data: 'payload' } });
  });

  it('rejects, and journals nothing, when the host cannot run an action', async () => {
    const host = hostOf({
      a: () => {
        throw new Error('runner away');
      },
    });
    await expect(walkFlow(flowOf([action('a')]), {}, host)).rejects.toThrow('runner away');
    expect([...host.journal.keys()]).toEqual(['0']);
  });
});

describe('branches', () => {
  const chosen = (name: string) => hostOf({ pick: took(name) });
  const flow = flowOf([
    branching('pick', { Big: [action('big'), action('big2')], Small: [action('small')], Else: [] }),
    action('after'),
  ]);

  it.each([
    ['Big', ['pick', 'big', 'big2', 'after']],
    ['Small', ['pick', 'small', 'after']],
    ['Else', ['pick', 'after']],
  ])('run %s alone, then the next sibling of the branching step', async (name, keys) => {
    const host = chosen(name);
    expect((await walkFlow(flow, {}, host)).kind).toBe('finished');
    expect(host.keys).toEqual(keys);
  });

  it('are all passed by when none bears the name, letter case included', async () => {
    for (const name of ['big', 'Huge', '']) {
      const host = chosen(name);
      expect((await walkFlow(flow, {}, host)).kind).toBe('finished');
      expect(host.keys).toEqual(['pick', 'after']);
    }
  });

  it('give the name as the result of the branching step, and nothing for steps not taken', async () => {
    const host = chosen('Small');
    const inputs = { name: reference('pick.results'), big: reference('big.results') };
    const steps = [...flow.steps.slice(0, 1), action('look', { inputs })];
    await walkFlow(flowOf(steps), {}, host);
    expect(host.inputsOf('look')).toEqual({ name: 'Small', big: undefined });
  });

  it('nest, and hold loops', async () => {
    const inner = branching('inner', {
      Yes: [loopTimes('loop', 2, [action('turn')])],
      No: [action('never')],
    });
    const host = hostOf({ outer: took('A'), inner: took('Yes') });
    await walkFlow(
      flowOf([branching('outer', { A: [inner, action('sibling')], B: [] }), action('after')]),
      {},
      host,
    );
    expect(host.keys).toEqual(['outer', 'inner', 'turn', 'turn', 'sibling', 'after']);
    expect(host.paths).toContain('1.A.0.Yes.0.loop.0@1');
  });

  it('of a trigger run before the root steps, which run all the same', async () => {
    const trigger = branching('trigger', { URL: [action('verify')], Notification: [] });
    const host = hostOf({ trigger: { value: { data: 'p' }, branch: 'URL', error: null } });
    await walkFlow(flowOf([action('a')], trigger), {}, host);
    expect(host.keys).toEqual(['verify', 'a']);
    const other = hostOf({ trigger: { value: { data: 'p' }, branch: 'Notification', error: null } });
    await walkFlow(flowOf([action('a')], trigger), {}, other);
    expect(other.keys).toEqual(['a']);
  });

  it('are not taken when the branching step failed and its error is ignored', async () => {
    const host = hostOf({ pick: failed() });
    const end = await walkFlow(
      flowOf([branching('pick', { Else: [action('x')] }, { onError: IGNORE }), action('after')]),
      {},
      host,
    );
    expect(end.kind).toBe('finished');
    expect(host.keys).toEqual(['pick', 'after']);
  });
});

describe('a step that ends the execution', () => {
  const stop = action('stop', { terminates: true });

  it('leaves the rest out, and its own value is the last', async () => {
    const host = hostOf({ stop: done('bye') });
    expect(await walkFlow(flowOf([action('a'), stop, action('b')]), {}, host)).toEqual({
      kind: 'finished',
      last: { data: 'bye' },
    });
    expect(host.keys).toEqual(['a', 'stop']);
  });

  it('does so out of the depth of branches and loops', async () => {
    const nest = loopTimes('loop', 5, [branching('pick', { Go: [stop, action('x')] }), action('y')]);
    const host = hostOf({ pick: took('Go') });
    expect((await walkFlow(flowOf([nest, action('after')]), {}, host)).kind).toBe('finished');
    expect(host.keys).toEqual(['pick', 'stop']);
    expect(host.journal.has('1')).toBe(false);
  });

  it('does so within a trigger’s branch, before any root step', async () => {
    const trigger = branching('trigger', { Ping: [stop] });
    const host = hostOf({ trigger: took('Ping') });
    await walkFlow(flowOf([action('a')], trigger), {}, host);
    expect(host.keys).toEqual(['stop']);
  });

  it('ends a resumed walk at the same place', async () => {
    const host = hostOf({ stop: done('bye') });
    const flow = flowOf([stop, action('b')]);
    await walkFlow(flow, {}, host);
    expect(await walkFlow(flow, {}, host)).toEqual({ kind: 'finished', last: { data: 'bye' } });
    expect(host.keys).toEqual(['stop']);
  });

  it('does not end it when the step failed and its error is ignored', async () => {
    const host = hostOf({ stop: failed() });
    await walkFlow(flowOf([action('stop', { terminates: true, onError: IGNORE }), action('b')]), {}, host);
    expect(host.keys).toEqual(['stop', 'b']);
  });
});

describe('results', () => {
  it('of binary data are the pair of bytes and content type, in this and in a later segment', async () => {
    const file = {
      value: { data: Buffer.from('%PDF'), contentType: 'application/pdf' },
      branch: null,
      error: null,
    };
    const inputs = { whole: reference('get.results'), bytes: reference('get.results.data') };
    const flow = flowOf([action('get'), action('use', { inputs }), action('useAgain', { inputs })]);
    const host = hostOf({ get: file });
    host.onCheckpoint = (step) =>
      step.key === 'useAgain' && host.calls.length === 3 && suspendedOnce() ? { kind: 'limit' } : undefined;
    let left = 1;
    const suspendedOnce = () => left-- > 0;
    const { suspensions } = await walkToEnd(flow, host);
    expect(suspensions).toHaveLength(1);
    for (const key of ['use', 'useAgain']) {
      const given = host.inputsOf(key) as { whole: { data: Buffer; contentType: string }; bytes: Buffer };
      expect(given.whole.contentType).toBe('application/pdf');
      expect(Buffer.compare(given.whole.data, Buffer.from('%PDF'))).toBe(0);
      expect(Buffer.isBuffer(given.bytes)).toBe(true);
    }
  });

  it('of a step without data are nothing, for values and for code', async () => {
    const inputs = { gone: reference('silent.results'), text: value('x') };
    const host = hostOf({ silent: done() });
    await walkFlow(flowOf([action('silent'), action('b', { inputs, reads: 'all' })]), {}, host);
    expect(host.inputsOf('b')).toEqual({ gone: undefined, text: 'x' });
    expect(host.calls.at(-1)?.stepResults?.['silent']).toEqual({ results: undefined });
  });
});

describe('what is asked behind the trigger', () => {
  const flow = flowOf([action('a')], branching('trigger', { Yes: [action('y')], Else: [] }));

  it('ends the walk before the trigger’s branch and the root steps, with the trigger recorded', async () => {
    for (const suspension of [
      { kind: 'queued' },
      { kind: 'ended', resultType: 'POLLED_NO_CHANGES' },
    ] satisfies Suspension[]) {
      const host = hostOf({ trigger: took('Yes') });
      host.onTrigger = () => suspension;
      await expect(walkFlow(flow, {}, host)).resolves.toEqual({ kind: 'suspended', suspension });
      expect(host.keys).toEqual([]);
      expect([...host.journal.keys()]).toEqual(['0']);
    }
  });

  it('is told what the trigger left, in a later walk too, which runs the branch and the rest when let through', async () => {
    const host = hostOf({ trigger: took('Yes') });
    const told: unknown[] = [];
    host.onTrigger = (finished) => {
      told.push(finished.value.data);
      return told.length === 1 ? { kind: 'queued' } : undefined;
    };
    await walkFlow(flow, {}, host);
    await walkFlow(flow, {}, host);
    expect(told).toEqual(['Yes', 'Yes']);
    expect(host.keys).toEqual(['y', 'a']);
  });

  it('is not asked when the trigger failed', async () => {
    const host = hostOf({ trigger: failed() });
    host.onTrigger = () => {
      throw new Error('It was asked.');
    };
    expect((await walkFlow(flow, {}, host)).kind).toBe('failed');
  });

  it('is asked, in each walk, when the trigger failed and its error is ignored', async () => {
    const ignoring = flowOf([action('a')], action('trigger', { onError: IGNORE }));
    const host = hostOf({ trigger: failed() });
    const told: unknown[] = [];
    host.onTrigger = ({ error }) => {
      told.push(error?.code);
      return told.length === 1 ? { kind: 'queued' } : undefined;
    };
    expect((await walkFlow(ignoring, {}, host)).kind).toBe('suspended');
    expect(host.keys).toEqual([]);
    expect((await walkFlow(ignoring, {}, host)).kind).toBe('finished');
    expect(told).toEqual(['component_error', 'component_error']);
    expect(host.keys).toEqual(['a']);
  });
});
