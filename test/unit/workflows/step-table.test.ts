import { StepTable } from '../../../src/workflows/step-table';

const step = (n: number) => ({ name: `s${n}`, state: 'ok' as const, ms: n });
const steps = (count: number) => Array.from({ length: count }, (_, n) => step(n));
const rowsOf = (table: StepTable) => table.markdown().split('\n').slice(2);

describe('the table of steps', () => {
  it('has a row for each step, in order, over all segments; one that failed says with which code', () => {
    const table = new StepTable();
    table.add([step(0), { name: 'Get order', state: 'ignored', ms: 3, code: 'timeout' }]);
    table.add([]);
    table.add([{ name: 'Post order', state: 'failed', ms: 12, code: 'component_error' }]);
    expect(table.markdown().split('\n')).toEqual([
      '| Step | State | Time |',
      '| --- | --- | --- |',
      '| s0 | ok | 0 ms |',
      '| Get order | ignored: timeout | 3 ms |',
      '| Post order | failed: component_error | 12 ms |',
    ]);
  });

  it('shows a name as it is, whatever it would mean in Markdown', () => {
    const table = new StepTable();
    table.add([{ name: 'a|b\nc [x](http://y) <b> `*_~', state: 'ok', ms: 1 }]);
    expect(rowsOf(table)).toEqual(['| a/b c \\[x\\](http://y) \\<b\\> \\`\\*\\_\\~ | ok | 1 ms |']);
  });

  it('shows all of 40 steps, and of more the first and the last twenty with the number between', () => {
    const forty = new StepTable();
    forty.add(steps(40));
    expect(rowsOf(forty)).toHaveLength(40);

    const many = new StepTable();
    for (const one of steps(1000)) many.add([one]);
    const rows = rowsOf(many);
    expect(rows).toHaveLength(41);
    expect([rows[0], rows[19], rows[20], rows[21], rows[40]]).toEqual([
      '| s0 | ok | 0 ms |',
      '| s19 | ok | 19 ms |',
      '| … 960 more | | |',
      '| s980 | ok | 980 ms |',
      '| s999 | ok | 999 ms |',
    ]);
  });

  it('counts steps that a long segment did not list', () => {
    const table = new StepTable();
    table.add([step(0)]);
    table.add([step(961), step(962)], 960);
    table.add([step(963)]);
    expect(rowsOf(table)).toEqual([
      '| s0 | ok | 0 ms |',
      '| … 960 more | | |',
      '| s961 | ok | 961 ms |',
      '| s962 | ok | 962 ms |',
      '| s963 | ok | 963 ms |',
    ]);
    expect(table.total).toBe(964);
  });

  it('has a row for the step that is waited for, until one finishes or the flow has ended', () => {
    const table = new StepTable();
    const untilMs = Date.UTC(2026, 10, 23, 17, 40, 13);
    const retry = { failures: 1, tries: 4, code: 'timeout' };
    table.follow({ kind: 'wait', ms: 9, step: { name: 'Post', untilMs, retry } });
    const row = '| Post | retrying: timeout, attempt 1 of 4 failed | next at 2026-11-23T17:40:13.000Z |';
    expect(rowsOf(table)).toEqual([row]);
    table.add([]);
    table.follow({ kind: 'held' });
    expect(table.markdown('A note.').split('\n').slice(0, 3)).toEqual([
      'A note.',
      '',
      '| Step | State | Time |',
    ]);
    expect(rowsOf(table)).toEqual([row]);
    table.add([{ name: 'Post', state: 'ok', ms: 1 }]);
    table.follow({ kind: 'limit' });
    expect(rowsOf(table)).toEqual(['| Post | ok | 1 ms |']);
    table.follow({ kind: 'wait', ms: 9, step: { name: 'Sleep', untilMs } });
    expect(rowsOf(table)).toEqual([
      '| Post | ok | 1 ms |',
      '| Sleep | waiting | until 2026-11-23T17:40:13.000Z |',
    ]);
    table.follow({ kind: 'done', isFailed: true });
    expect(rowsOf(table)).toEqual(['| Post | ok | 1 ms |']);
  });

  it('says how many steps the runs before it had', () => {
    const table = new StepTable(4000);
    table.add([step(1)]);
    expect(rowsOf(table)).toEqual(['| … 4000 in the runs before | | |', '| s1 | ok | 1 ms |']);
    expect(table.total).toBe(4001);
  });
});
