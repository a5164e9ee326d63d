import { memberTable } from '../../../src/workflows/member-table';

describe('the table of a batch', () => {
  it('lists its executions, those that failed first and with their codes', () => {
    const table = memberTable([
      { executionId: 'e1', flow: 'Orders', state: 'ok', ms: 5 },
      { executionId: 'e2', flow: 'Orders', state: 'goes on', ms: 6 },
      { executionId: 'e3', flow: 'In|voices', state: 'failed', ms: 7, code: 'component_error' },
      { executionId: 'e4', flow: 'Orders', state: 'ok', ms: 8 },
      { executionId: 'e5', flow: 'Orders', state: 'queued', ms: 9 },
    ]);
    expect(table.split('\n')).toEqual([
      '| Execution | Flow | State | Time |',
      '| --- | --- | --- | --- |',
      '| e3 | In/voices | failed: component_error | 7 ms |',
      '| e2 | Orders | goes on | 6 ms |',
      '| e5 | Orders | queued | 9 ms |',
      '| e1 | Orders | ok | 5 ms |',
      '| e4 | Orders | ok | 8 ms |',
    ]);
  });
});
