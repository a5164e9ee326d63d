import { walkFlow } from '../../../src/engine/walker';
import { done, failed, hostOf, MemoryHost, took } from './memory-host';
import { action, branching, flowOf, IGNORE, loopOver, loopTimes, reference, value } from './plan-builder';

const item = { item: reference('loop.currentItem'), at: reference('loop.index') };

/** Gives back what it was called with. */
const echo = (): MemoryHost => new MemoryHost(({ inputs }) => done({ ...inputs }));

describe('a loop over items', () => {
  it('runs its body once an item, in order, one after the other', async () => {
    const host = echo();
    await walkFlow(flowOf([loopOver('loop', value(['a', 'b']), [action('x', { inputs: item })])]), {}, host);
    expect(host.calls.slice(1).map(({ inputs }) => inputs)).toEqual([
      { item: 'a', at: 0 },
      { item: 'b', at: 1 },
    ]);
  });

  it('goes over the values of an object, and over what a reference gives', async () => {
    const host = hostOf({ trigger: done({ lines: { one: 1, two: 2 } }) });
    const steps = [loopOver('loop', reference('trigger.results.lines'), [action('x', { inputs: item })])];
    await walkFlow(flowOf(steps), {}, host);
    expect(host.calls.slice(1).map(({ inputs }) => inputs['item'])).toEqual([1, 2]);
  });

  it('leaves a list with the result of the last body step of each iteration', async () => {
    const host = hostOf({ x: ({ inputs }) => done(`x${String(inputs['at'])}`), first: done('no') });
    const steps = [
      loopTimes('loop', '3', [action('first'), action('x', { inputs: item })]),
      action('after', { inputs: { all: reference('loop.results') } }),
    ];
    await walkFlow(flowOf(steps), {}, host);
    expect(host.inputsOf('after')).toEqual({ all: ['x0', 'x1', 'x2'] });
    expect(host.finished('1')).toEqual(done(['x0', 'x1', 'x2']));
  });

  it('takes the branch name when the body ends with a branch', async () => {
    const host = hostOf({ pick: ({ inputs }) => took(inputs['at'] === 0 ? 'Yes' : 'No') });
    const pick = branching('pick', { Yes: [action('y')], No: [] }, { inputs: item });
    expect(await walkFlow(flowOf([loopTimes('loop', 2, [pick])]), {}, host)).toEqual({
      kind: 'finished',
      last: { data: ['Yes', 'No'] },
    });
  });

  it('holds a place in its results for an iteration that left nothing', async () => {
    const host = hostOf({
      x: ({ inputs }) => (inputs['at'] === 1 ? failed() : inputs['at'] === 2 ? done() : done('ok')),
    });
    const x = action('x', { inputs: item, onError: IGNORE });
    const end = await walkFlow(flowOf([loopTimes('loop', 4, [x])]), {}, host);
    expect(end).toMatchObject({ last: { data: ['ok', null, null, 'ok'] } });
  });

  it('of nothing leaves an empty list and runs no body step', async () => {
    for (const items of [[], {}]) {
      const host = hostOf({});
      const end = await walkFlow(flowOf([loopOver('loop', value(items), [action('x')])]), {}, host);
      expect(end).toEqual({ kind: 'finished', last: { data: [] } });
      expect(host.keys).toEqual([]);
    }
  });

  it('with an empty body costs nothing, however often it should go round', async () => {
    const end = await walkFlow(flowOf([loopTimes('loop', '1000000000000', [])]), {}, hostOf({}));
    expect(end).toEqual({ kind: 'finished', last: { data: [] } });
  });

  it.each([
    ['undefined items', loopOver('loop', reference('nobody.results'), [action('x')])],
    ['a text as items', loopOver('loop', value('a,b'), [action('x')])],
    ['a count that is no number', loopTimes('loop', 'many', [action('x')])],
  ])('fails as a step on %s, and says so in its record', async (_what, loop) => {
    const host = hostOf({});
    const end = await walkFlow(flowOf([loop, action('after')]), {}, host);
    expect(end).toMatchObject({
      kind: 'failed',
      step: { key: 'loop' },
      error: { code: 'component_error', message: expect.stringContaining('The loop cannot start') },
    });
    expect(host.keys).toEqual([]);
    expect(host.finished('1')?.error?.code).toBe('component_error');
  });

  it('that cannot start is passed by when its error is ignored', async () => {
    const host = hostOf({});
    const steps = [
      loopOver('loop', reference('nobody.results'), [action('x')], { onError: IGNORE }),
      action('after', { inputs: { all: reference('loop.results') } }),
    ];
    expect((await walkFlow(flowOf(steps), {}, host)).kind).toBe('finished');
    expect(host.inputsOf('after')).toEqual({ all: undefined });
  });

  it('ends the flow when a body step fails', async () => {
    const host = hostOf({ x: ({ inputs }) => (inputs['at'] === 1 ? failed('second') : done()) });
    const end = await walkFlow(
      flowOf([loopTimes('loop', 3, [action('x', { inputs: item })]), action('after')]),
      {},
      host,
    );
    expect(end).toMatchObject({ kind: 'failed', step: { key: 'x' }, error: { message: 'second' } });
    expect(host.keys).toEqual(['x', 'x']);
  });
});

describe('what an iteration sees', () => {
  const look = action('look', { inputs: { x: reference('x.results'), y: reference('y.results') } });

  it('is its own results, never those of the iteration before', async () => {
    const pick = branching('pick', { First: [action('y')], Later: [] }, { inputs: item });
    const x = action('x', { inputs: item });
    const host = hostOf({
      x: ({ inputs }) => done(inputs['at']),
      y: done('only in the first'),
      pick: ({ inputs }) => took(inputs['at'] === 0 ? 'First' : 'Later'),
    });
    await walkFlow(flowOf([loopTimes('loop', 2, [look, x, pick, { ...look, key: 'look2' }])]), {}, host);
    const seen = (key: string) =>
      host.calls.filter(({ step }) => step.key === key).map(({ inputs }) => inputs);
    expect(seen('look')).toEqual([
      { x: undefined, y: undefined },
      { x: undefined, y: undefined },
    ]);
    expect(seen('look2')).toEqual([
      { x: 0, y: 'only in the first' },
      { x: 1, y: undefined },
    ]);
  });

  it('is, after the loop, the last iteration’s', async () => {
    const host = hostOf({ x: ({ inputs }) => done(inputs['at']) });
    await walkFlow(flowOf([loopTimes('loop', 3, [action('x', { inputs: item })]), look]), {}, host);
    expect(host.inputsOf('look')).toEqual({ x: 2, y: undefined });
  });

  it('is not the loop’s own results; and after the loop, no item and no counter', async () => {
    const inputs = { ...item, all: reference('loop.results') };
    const host = echo();
    await walkFlow(
      flowOf([loopOver('loop', value(['a']), [action('x', { inputs })]), action('after', { inputs })]),
      {},
      host,
    );
    expect(host.inputsOf('x')).toEqual({ item: 'a', at: 0, all: undefined });
    expect(host.inputsOf('after')).toMatchObject({ item: undefined, at: undefined });
  });

  it('holds items and counters for code as well', async () => {
    const host = hostOf({});
    await walkFlow(flowOf([loopOver('loop', value(['a']), [action('code', { reads: 'all' })])]), {}, host);
    expect(host.calls.at(-1)?.stepResults?.['loop']).toEqual({ currentItem: 'a', index: 0 });
  });
});

describe('nested loops', () => {
  const rows = value([{ cells: [1, 2] }, { cells: [] }, { cells: [3] }]);
  const cell = action('cell', {
    inputs: {
      row: reference('outer.index'),
      at: reference('inner.index'),
      cell: reference('inner.currentItem'),
    },
  });
  const inner = loopOver('inner', reference('outer.currentItem.cells'), [cell]);

  it('keep items and counters of their own, and name the iterations in each record', async () => {
    const host = echo();
    await walkFlow(flowOf([loopOver('outer', rows, [inner])]), {}, host);
    expect(
      host.calls.slice(1).map(({ inputs, position }) => [position.path, position.loopPath, inputs]),
    ).toEqual([
      ['1.loop.0.loop.0@0.0', 'outer:0,inner:0', { row: 0, at: 0, cell: 1 }],
      ['1.loop.0.loop.0@0.1', 'outer:0,inner:1', { row: 0, at: 1, cell: 2 }],
      ['1.loop.0.loop.0@2.0', 'outer:2,inner:0', { row: 2, at: 0, cell: 3 }],
    ]);
    expect(host.journal.get('1.loop.0@1')?.loopPath).toBe('outer:1');
  });

  it('give lists of lists', async () => {
    const host = hostOf({ cell: ({ inputs }) => done(inputs['cell']) });
    const end = await walkFlow(flowOf([loopOver('outer', rows, [inner])]), {}, host);
    expect(end).toEqual({ kind: 'finished', last: { data: [[1, 2], [], [3]] } });
  });

  it('forget the inner loop’s steps with each turn of the outer one', async () => {
    const after = action('after', {
      inputs: { cell: reference('cell.results'), list: reference('inner.results') },
    });
    const host = hostOf({ cell: ({ inputs }) => done(inputs['cell']) });
    await walkFlow(flowOf([loopOver('outer', rows, [inner, after])]), {}, host);
    const seen = host.calls.filter(({ step }) => step.key === 'after').map(({ inputs }) => inputs);
    expect(seen).toEqual([
      { cell: 2, list: [1, 2] },
      { cell: undefined, list: [] },
      { cell: 3, list: [3] },
    ]);
  });
});

describe('leaving a loop', () => {
  const leave = action('leave', { breaksLoop: true });
  const pick = branching('pick', { Out: [leave, action('never')], On: [] }, { inputs: item });
  const pickAt = (at: number) =>
    hostOf({
      pick: ({ inputs }) => took(inputs['at'] === at ? 'Out' : 'On'),
      x: done('x'),
    });

  it('skips the rest of the body and all further iterations', async () => {
    const host = pickAt(2);
    const steps = [loopTimes('loop', 1000, [pick, action('x')]), action('after')];
    expect((await walkFlow(flowOf(steps), {}, host)).kind).toBe('finished');
    expect(host.keys).toEqual(['pick', 'x', 'pick', 'x', 'pick', 'leave', 'after']);
  });

  it('keeps the results of the iterations that came to their end', async () => {
    const host = pickAt(2);
    expect(await walkFlow(flowOf([loopTimes('loop', 1000, [pick, action('x')])]), {}, host)).toEqual({
      kind: 'finished',
      last: { data: ['x', 'x'] },
    });
  });

  it('ends the innermost loop alone', async () => {
    const inner = loopTimes('inner', 5, [action('y'), leave]);
    const host = hostOf({});
    await walkFlow(flowOf([loopTimes('outer', 2, [inner, action('z')])]), {}, host);
    expect(host.keys).toEqual(['y', 'leave', 'z', 'y', 'leave', 'z']);
  });

  it('does not happen when the leaving step failed and its error is ignored', async () => {
    const host = hostOf({ leave: failed() });
    await walkFlow(flowOf([loopTimes('loop', 2, [{ ...leave, onError: IGNORE }])]), {}, host);
    expect(host.keys).toEqual(['leave', 'leave']);
  });
});
