import { journalRecord } from '../../../src/activities/journal-record';
import type { RunDeps } from '../../../src/activities/run-deps';
import type { PlanStep } from '../../../src/engine/plan';
import type { FinishedStep } from '../../../src/engine/walker-host';
import type { Execution } from '../../../src/store/models/execution.model';
import { decodeOutput, decodeState, decodeStates, encodeState } from '../../../src/store/output-codec';
import { action, branching, loopTimes } from '../engine/plan-builder';

// Results that stay in their document touch neither the store nor anything else.
const NO_DEPS = {} as RunDeps;
const EXECUTION = { _id: 'e1', instanceId: 'i1', epoch: 3 } as Execution;

function recordOf(finished: FinishedStep, extra: { step?: PlanStep; states?: Record<string, unknown> } = {}) {
  return journalRecord(NO_DEPS, EXECUTION, {
    step: extra.step ?? action('a', { name: 'Get order' }),
    position: { path: '2.loop.0@4', loopPath: 'outer:4' },
    finished,
    startedAt: new Date(0),
    states: extra.states ? { executionState: encodeState(extra.states) } : null,
    attempt: 2,
    ordinal: 9,
    statesOrdinal: 4,
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
    expect((await recordOf(fine([]), { step: loopTimes('loop', 1, []) })).isLoopStep).toBe(true);
  });

  it('holds result, HTTP fields and branch as the walker will want them back', async () => {
    const value = {
      data: { file: Buffer.from('x') },
      contentType: 'a/b',
      statusCode: 201,
      headers: { h: '1' },
    };
    const step = branching('a', { Else: [] });
    const record = await recordOf({ value, branch: 'Else', error: null }, { step });
    expect(decodeOutput(record.output!)).toEqual(value);
    expect(record.outputBytes).toBe(record.output!.length);
    expect(record.branch).toBe('Else');
    expect((await recordOf({ value, branch: 'x'.repeat(1e6), error: null }, { step })).branch).toBeNull();
  });

  it('holds the state objects only when the step changed them', async () => {
    expect((await recordOf(fine(1))).states).toBeNull();
    const { states } = await recordOf(fine(1), { states: { cursor: 'c-1' } });
    expect(decodeState(decodeStates(states!).executionState!)).toEqual({ cursor: 'c-1' });
  });

  it('names the record that has the latest states: itself where the step changed them', async () => {
    expect((await recordOf(fine(1))).statesOrdinal).toBe(4);
    expect((await recordOf(fine(1), { states: { cursor: 'c-1' } })).statesOrdinal).toBe(9);
  });

  it('holds the error of a step that failed', async () => {
    const error = { code: 'component_error', message: 'No route.' };
    expect((await recordOf({ value: {}, branch: null, error })).error).toEqual(error);
  });

  it('cuts an error to 8 KB at a whole character, for the walk as well', async () => {
    for (const text of ['x', 'é', '€', '😀']) {
      const finished = { value: {}, branch: null, error: { code: 'c', message: text.repeat(10_000) } };
      const { error } = await recordOf(finished);
      expect(Buffer.byteLength(error!.message)).toBeGreaterThan(8180);
      expect(Buffer.byteLength(error!.message)).toBeLessThanOrEqual(8192);
      expect(error!.message.replaceAll(text, '')).toBe('…');
      expect(finished.error).toEqual(error);
    }
    const short = { code: 'c', message: '€'.repeat(2700) };
    expect((await recordOf({ value: {}, branch: null, error: short })).error).toEqual(short);
  });

  it.each([
    ['a result over 50 MB', { data: '€'.repeat(18 * 1024 * 1024) }, undefined, /larger than 50 MB/],
    ['headers over 64 KB', { data: 1, headers: { a: 'x'.repeat(70_000) } }, undefined, /headers are larger/],
    [
      'a loop whose iterations give too much together',
      { data: Array.from({ length: 60 }, () => 'x'.repeat(1024 * 1024)) },
      loopTimes('loop', 1, []),
      /references to what the iterations gave/,
    ],
  ])('makes %s the step’s own error', async (_name, value, step, message) => {
    const finished: FinishedStep = { value, branch: null, error: null };
    const { error, outputBytes } = await recordOf(finished, step && { step });
    expect(error).toEqual({ code: 'component_error', message: expect.stringMatching(message) });
    expect(outputBytes).toBeLessThan(10);
    expect(finished).toEqual({ value: {}, branch: null, error });
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
