import { memberTable } from '../../../src/workflows/member-table';

describe('the table of a batch', () => {
  it('lists its executions, those that failed first and with their codes', () => {
    const table = memberTable([
      { executionId: 'e1', ran: 'Acme · Orders', state: 'ok', ms: 5 },
      { executionId: 'e2', ran: 'Acme · Orders', state: 'goes on', ms: 6 },
      {
        executionId: 'e3',
        ran: 'Acme · In|voices',
        state: 'failed',
        ms: 7,
        code: 'component_error',
        steps: 'Get 3 ms, Post failed: component_error 4 ms',
      },
      { executionId: 'e4', ran: 'Acme · Orders', state: 'ok', ms: 8 },
      { executionId: 'e5', ran: 'Acme · Orders', state: 'queued', ms: 9 },
    ]);
    expect(table.split('\n')).toEqual([
      '| Execution | Ran | State | Time | Steps |',
      '| --- | --- | --- | --- | --- |',
      '| e3 | Acme · In/voices | failed: component_error | 7 ms | Get 3 ms, Post failed: component\\_error 4 ms |',
      '| e2 | Acme · Orders | goes on | 6 ms |  |',
      '| e5 | Acme · Orders | queued | 9 ms |  |',
      '| e1 | Acme · Orders | ok | 5 ms |  |',
      '| e4 | Acme · Orders | ok | 8 ms |  |',
    ]);
  });

  it('says once, above it, what all of them ran', () => {
    const table = memberTable([
      { executionId: 'e1', ran: 'Acme · In|voices', state: 'ok', ms: 5, steps: 'Get 3 ms' },
      { executionId: 'e2', ran: 'Acme · In|voices', state: 'goes on', ms: 6 },
    ]);
    expect(table.split('\n')).toEqual([
      'Acme · In/voices',
      '',
      '| Execution | State | Time | Steps |',
      '| --- | --- | --- | --- |',
      '| e2 | goes on | 6 ms |  |',
      '| e1 | ok | 5 ms | Get 3 ms |',
    ]);
  });

  it('of executions whose flows nobody knows says nothing of them', () => {
    expect(memberTable([{ executionId: 'e1', state: 'ok', ms: 5 }]).split('\n')).toEqual([
      '| Execution | State | Time | Steps |',
      '| --- | --- | --- | --- |',
      '| e1 | ok | 5 ms |  |',
    ]);
  });
});
