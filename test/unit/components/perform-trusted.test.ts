import type { PerformOutcome } from '../../../src/components/runner/contract';
import { isTrusted, performTrusted } from '../../../src/components/trusted/perform-trusted';

const component = { key: 'persist-data', isPublic: true, version: 1, signature: '' };
const call = (key: string, params: Record<string, unknown>, context: Record<string, unknown>) =>
  performTrusted({ component, kind: 'action', key, context, params }, () => undefined);
const statesIn = (outcome: PerformOutcome) => (outcome.ok ? outcome.states : outcome.error);

describe('an action on state that runs beside the walker', () => {
  it('gives the changed level whole, and leaves what it was given as it was', async () => {
    expect(isTrusted(component)).toBe(true);
    const context = { executionState: { list: [1], other: { kept: true } }, instanceState: { a: 1 } };
    const before = structuredClone(context);
    const outcome = await call('appendExecutionValueToList', { keyInput: 'list', valueInput: 2 }, context);
    expect(outcome).toEqual({
      ok: true,
      result: { data: [1, 2] },
      states: { executionState: { list: [1, 2], other: { kept: true } } },
    });
    expect(context).toEqual(before);
    expect(statesIn(await call('removeExecutionValue', { keyInput: 'other' }, context))).toEqual({
      executionState: { list: [1] },
    });
  });

  it('changes nothing by reading, nor by storing what is there', async () => {
    const context = { crossFlowState: { cursor: { at: '2026-01-01' } } };
    const read = await call('getCrossFlowValue', { keyInput: 'cursor' }, context);
    expect(read).toEqual({ ok: true, result: { data: { at: '2026-01-01' } }, states: {} });
    const params = { keyInput: 'cursor', valueInput: { at: '2026-01-01' } };
    expect(statesIn(await call('saveCrossFlowValue', params, context))).toEqual({});
  });

  it('masks secrets in what it gives, not in the state', async () => {
    const configVars = { Shop: { key: 'basic', fields: { password: 'hunter22' } } };
    const context = { configVars, instanceState: { token: 'hunter22' } };
    const read = await call('getInstanceValue', { keyInput: 'token' }, context);
    expect(read).toMatchObject({ result: { data: '[redacted]' } });
    const saved = await call('saveInstanceValue', { keyInput: 'copy', valueInput: 'hunter22' }, context);
    expect(saved).toMatchObject({
      result: { data: '[redacted]' },
      states: { instanceState: { token: 'hunter22', copy: 'hunter22' } },
    });
  });

  it('fails as it would in a process of its own', async () => {
    expect(await call('getInstanceValue', { keyInput: '' }, {})).toMatchObject({
      ok: false,
      error: { code: 'component_error', message: expect.stringContaining('Key is empty') },
    });
  });
});
