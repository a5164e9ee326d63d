import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { PlanStep } from '../../../src/engine/plan';
import { walkFlow } from '../../../src/engine/walker';
import type { FinishedStep, Position } from '../../../src/engine/walker-host';
import { done, hostOf, MemoryHost, took, walkToEnd } from './memory-host';
import { action, branching, flowOf, loopOver, loopTimes, reference, value } from './plan-builder';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Counts what it is given to journal, and keeps none of it. */
class ForgetfulHost extends MemoryHost {
  records = 0;
  highestHeap = 0;

  override async record(_step: PlanStep, _position: Position, finished: FinishedStep): Promise<number> {
    this.records += 1;
    this.calls.length = 0;
    if (this.records % 50_000 === 0) {
      collectGarbage();
      this.highestHeap = Math.max(this.highestHeap, process.memoryUsage().heapUsed);
    }
    return JSON.stringify(finished.value).length;
  }
}

const at = { at: reference('loop.index') };

describe('a loop of 100,000 items with a loop inside', () => {
  const items = value(Array.from({ length: 100_000 }, (_, n) => n));
  const inner = loopTimes('inner', 2, [action('x', { inputs: at })]);
  const flow = flowOf([
    action('a'),
    loopOver('loop', items, [inner, action('y', { inputs: { all: reference('inner.results') } })]),
    action('b', { inputs: { x: reference('x.results'), y: reference('y.results') } }),
  ]);

  it('is walked in flat memory', async () => {
    const host = new ForgetfulHost(({ inputs }) => done({ text: `some text ${String(inputs['at'])}` }));
    host.isAnswerAwaited = false;
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    expect((await walkFlow(flow, {}, host)).kind).toBe('finished');
    // Trigger, a, loop, b; per item two x, the inner loop and y.
    expect(host.records).toBe(4 + 100_000 * 4);
    expect((host.highestHeap - before) / 2 ** 20).toBeLessThan(8);
  }, 120_000);

  it('goes on near its end by a handful of reads', async () => {
    const host = hostOf({ x: done('x'), y: done('y') });
    // What a former walk left of the last iterations.
    const record = (path: string, data: unknown) =>
      host.record(action(''), { path, loopPath: '' }, done(data), new Date(0));
    for (const path of ['0', '1', '2.loop.1@99998', '2.loop.0.loop.0@99999.0', '2.loop.0.loop.0@99999.1'])
      await record(path, path);
    host.isAnswerAwaited = false;
    expect((await walkFlow(flow, {}, host)).kind).toBe('finished');
    expect(host.paths).toEqual(['2.loop.1@99999', '3']);
    // The inner loop’s first result, where the walk was not there; the start of both loops.
    expect(host.asked.length).toBeLessThan(10);
  });
});

describe('the results of a loop', () => {
  const big = 'x'.repeat(2000);
  const loop = loopTimes('loop', 100, [action('x', { inputs: at })]);
  const acts = { x: done(big) };

  it('are listed where a later step, a list around it or a waiting caller reads them, whatever their size', async () => {
    const all = (of: string) => action('b', { inputs: { all: reference(`${of}.results`) } });
    const read = async (...steps: PlanStep[]): Promise<unknown> => {
      const host = hostOf(acts);
      host.isAnswerAwaited = false;
      await walkFlow(flowOf(steps), {}, host);
      return host.finished('1')?.value.data;
    };
    const list = Array<string>(100).fill(big);
    expect(await read(loop, all('loop'))).toEqual(list);
    expect(await read(loop, action('b', { reads: 'all' }))).toEqual(list);
    expect(await read(loopTimes('outer', 2, [loop]), all('outer'))).toEqual([list, list]);
    const host = hostOf(acts);
    const end = await walkFlow(flowOf([loop]), {}, host);
    expect(end).toMatchObject({ last: { data: { length: 100 } } });
  });

  it('are left out where nothing reads them and they are more than 64 KB', async () => {
    const host = hostOf(acts);
    host.isAnswerAwaited = false;
    await walkFlow(flowOf([action('code', { reads: 'all' }), loop, action('b')]), {}, host);
    expect(host.finished('2')).toEqual({ value: {}, branch: null, error: null });
    const small = hostOf({ x: done('small') });
    small.isAnswerAwaited = false;
    await walkFlow(flowOf([loop, action('b')]), {}, small);
    expect(small.finished('1')?.value.data).toHaveLength(100);
  });

  it('that are more than 50 MB are the loop’s own error, found without reading them', async () => {
    const host = hostOf(acts);
    host.inflation = 1000;
    const end = await walkFlow(flowOf([loop]), {}, host);
    expect(end).toMatchObject({
      kind: 'failed',
      step: { key: 'loop' },
      error: { code: 'component_error', message: expect.stringContaining('50 MB') },
    });
  });

  it('that are more than 50 MB are left out, with a warning, where only code that names no step may read them', async () => {
    const run = async (reader: PlanStep) => {
      const host = hostOf(acts);
      host.isAnswerAwaited = false;
      host.inflation = 1000;
      return { host, end: await walkFlow(flowOf([loop, reader]), {}, host) };
    };
    const { host, end } = await run(action('b', { reads: 'all' }));
    expect(end.kind).toBe('finished');
    expect(host.finished('1')).toEqual({ value: {}, branch: null, error: null });
    expect(host.warnings).toEqual([expect.stringMatching(/^loop: .*50 MB/)]);
    const named = await run(action('b', { inputs: { all: reference('loop.results') } }));
    expect(named.end).toMatchObject({ kind: 'failed', step: { key: 'loop' } });
    expect(named.host.warnings).toEqual([]);
  });

  it('are the same when they are read back from the journal', async () => {
    const flow = flowOf([
      loopTimes('loop', 450, [
        action('x', { inputs: at }),
        branching('p', { Yes: [], No: [] }, { inputs: at }),
      ]),
      action('b', { inputs: { all: reference('loop.results') } }),
    ]);
    const host = hostOf({ p: ({ inputs }) => took(Number(inputs['at']) % 2 === 0 ? 'Yes' : 'No') });
    let left = 100;
    host.onCheckpoint = () => {
      left -= 1;
      if (left > 0) return undefined;
      left = 100;
      return { kind: 'limit' };
    };
    const { suspensions } = await walkToEnd(flow, host);
    expect(suspensions.length).toBeGreaterThan(5);
    expect(host.inputsOf('b')?.['all']).toEqual(
      Array.from({ length: 450 }, (_, n) => (n % 2 === 0 ? 'Yes' : 'No')),
    );
  });
});

describe('leaving where no loop is', () => {
  it('is passed by: the flow goes on', async () => {
    const leave = action('leave', { breaksLoop: true });
    const trigger = branching('trigger', { Yes: [{ ...leave, key: 'leave2' }, action('y')] });
    const host = hostOf({ trigger: took('Yes') });
    await walkFlow(flowOf([leave, action('b')], trigger), {}, host);
    expect(host.keys).toEqual(['leave2', 'y', 'leave', 'b']);
  });
});

describe('the end of a loop', () => {
  it('is a place to hand over, even where no action is next', async () => {
    const host = hostOf({});
    const flow = flowOf([loopTimes('outer', 3, [loopTimes('inner', 0, [action('x')])]), action('b')]);
    let asked = 0;
    host.onBoundary = () => {
      asked += 1;
      return asked % 2 === 0 ? undefined : { kind: 'limit' };
    };
    const { end, suspensions } = await walkToEnd(flow, host);
    expect(end.kind).toBe('finished');
    expect(suspensions).toHaveLength(4);
    expect([...host.journal.keys()]).toEqual(['0', '1.loop.0@0', '1.loop.0@1', '1.loop.0@2', '1', '2']);
  });
});
