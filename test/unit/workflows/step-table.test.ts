import { stepTable } from '../../../src/workflows/step-table';

const step = (n: number) => ({ name: `s${n}`, state: 'ok' as const, ms: n });
const rowsOf = (markdown: string) => markdown.split('\n').slice(2);

describe('the table of steps', () => {
  it('has a row for each step, in order, over all segments', () => {
    const table = stepTable();
    table.add([step(0), { name: 'Post order', state: 'failed', ms: 12 }]);
    table.add([]);
    table.add([step(2)]);
    expect(table.markdown().split('\n')).toEqual([
      '| Step | State | Time |',
      '| --- | --- | --- |',
      '| s0 | ok | 0 ms |',
      '| Post order | failed | 12 ms |',
      '| s2 | ok | 2 ms |',
    ]);
  });

  it('is not broken by a name that holds its own sign', () => {
    const table = stepTable();
    table.add([{ name: 'a|b|c', state: 'ignored', ms: 1 }]);
    expect(rowsOf(table.markdown())).toEqual(['| a/b/c | ignored | 1 ms |']);
  });

  it('shows all of 40 steps, and of more the first and the last twenty with the number between', () => {
    const forty = stepTable();
    forty.add(Array.from({ length: 40 }, (_, n) => step(n)));
    expect(rowsOf(forty.markdown())).toHaveLength(40);

    const many = stepTable();
    for (let n = 0; n < 1000; n += 1) many.add([step(n)]);
    const rows = rowsOf(many.markdown());
    expect(rows).toHaveLength(41);
    expect([rows[0], rows[19], rows[20], rows[21], rows[40]]).toEqual([
      '| s0 | ok | 0 ms |',
      '| s19 | ok | 19 ms |',
      '| … 960 more | | |',
      '| s980 | ok | 980 ms |',
      '| s999 | ok | 999 ms |',
    ]);
  });
});
