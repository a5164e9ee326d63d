import { journalRecord } from '../../../src/activities/journal-record';
import type { RunDeps } from '../../../src/activities/run-deps';
import type { FinishedStep } from '../../../src/engine/walker-host';
import type { Execution } from '../../../src/store/models/execution.model';
import { decodeOutput, decodeStates } from '../../../src/store/output-codec';
import { action, loopTimes } from '../engine/plan-builder';

// Results that stay in their document touch neither the store nor anything else.
const NO_DEPS = {} as RunDeps;
const EXECUTION = { _id: 'e1', instanceId: 'i1', epoch: 3 } as Execution;

function recordOf(
  finished: FinishedStep,
  extra: { isLoop?: boolean; states?: Record<string, unknown> } = {},
) {
  return journalRecord(NO_DEPS, EXECUTION, {
    step: extra.isLoop ? loopTimes('loop', 1, []) : action('a', { name: 'Get order' }),
    position: { path: '2.loop.0@4', loopPath: 'outer:4' },
    finished,
    startedAt: new Date(0),
    states: extra.states ? { executionState: extra.states } : null,
    attempt: 2,
    ordinal: 9,
  });
}

const fine = (data: unknown): FinishedStep => ({ value: { data }, branch: null, error: null });

describe('the journal’s record of a step', () => {
  it('has an id made of execution, place and iteration, so that a second write replaces the first', async () => {
    const record = await recordOf(fine(1));
    expect(record).toMatchObject({
      _id: 'e1/2.loop.0@4',
      executionId: 'e1',
      instanceId: 'i1',
      path: '2.loop.0@4',
      stepKey: 'a',
      stepName: 'Get order',
      loopPath: 'outer:4',
      isLoopStep: false,
      epoch: 3,
      attempt: 2,
      ordinal: 9,
      outputBlobId: null,
      error: null,
    });
    expect((await recordOf(fine(1)))._id).toBe(record._id);
    expect((await recordOf(fine([]), { isLoop: true })).isLoopStep).toBe(true);
  });

  it('holds result, HTTP fields and branch as the walker will want them back', async () => {
    const value = {
      data: { file: Buffer.from('x') },
      contentType: 'a/b',
      statusCode: 201,
      headers: { h: '1' },
    };
    const record = await recordOf({ value, branch: 'Else', error: null });
    expect(decodeOutput(record.output!)).toEqual(value);
    expect(record.branch).toBe('Else');
  });

  it('holds the state objects only when the step changed them', async () => {
    expect((await recordOf(fine(1))).states).toBeNull();
    const { states } = await recordOf(fine(1), { states: { cursor: 'c-1' } });
    expect(decodeStates(states!)).toEqual({ executionState: { cursor: 'c-1' } });
  });

  it('holds the error of a step that failed', async () => {
    const error = { code: 'component_error', message: 'No route.' };
    expect((await recordOf({ value: {}, branch: null, error })).error).toEqual(error);
  });

  it('makes a result that cannot be stored the step’s own error, for the walk as well', async () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    for (const data of [circular, { big: 5n }]) {
      const finished = fine(data);
      const record = await recordOf(finished);
      expect(record.error).toEqual({
        code: 'component_error',
        message: expect.stringContaining('cannot be stored'),
      });
      expect(decodeOutput(record.output!)).toEqual({});
      expect(finished).toEqual({ value: {}, branch: null, error: record.error });
    }
  });
});
