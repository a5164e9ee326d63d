import { randomUUID } from 'node:crypto';
import type { Execution } from '../../src/store/models/execution.model';
import type { StepResult } from '../../src/store/models/step-result.model';
import { decodeOutput, encodeState } from '../../src/store/output-codec';
import { code, definition, step, stringVar, value } from '../support/definition-builder';
import { deliver } from '../support/deliveries';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { findSecret } from '../support/find-secret';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const LEVELS = ['executionState', 'instanceState', 'crossFlowState', 'integrationState'];
const js = (name: string, body: string) =>
  code(name, `module.exports = async (context, { trigger }) => { ${body} };`);
const show = js(
  'Show',
  `return { data: { ${LEVELS.map((level) => `${level}: context.${level}`).join()} } };`,
);
const sync = (name: string, ...steps: unknown[]) => ({ name, isSynchronous: true, steps });
const bigAt = (level: string) =>
  js(
    `Big ${level}`,
    `return { data: 1, ${level}: { big: 'x'.repeat(Number(trigger.results.body.data.mb) * 1048576) } };`,
  );

const DEFINITION = (name: string) =>
  definition(
    name,
    [
      sync(
        'Count',
        js(
          'Count',
          `const { instanceState, crossFlowState, integrationState, executionState } = context;
        instanceState.count = (instanceState.count ?? 0) + 1;
        crossFlowState.list = [...(crossFlowState.list ?? []), 'count'];
        executionState.own = true;
        return { data: 1, integrationState: { at: [5], file: Buffer.from('f') } };`,
        ),
        show,
      ),
      sync('Look', show),
      sync('Add', js('Add', 'return { data: 1, ...trigger.results.body.data };'), show),
      sync(
        'Nested',
        js('Nest', '((context.instanceState.deep ??= { list: [] }).list).push(1); return { data: 1 };'),
        js(
          'Drop',
          'delete context.instanceState.gone; return { data: 1, instanceState: { also: undefined } };',
        ),
        show,
      ),
      sync(
        'Fail',
        js('Change', 'return { data: 1, crossFlowState: { failed: true } };'),
        js('Throw', "throw new Error('no');"),
      ),
      sync(
        'Ignore',
        {
          ...js('Throw', "context.instanceState.lost = 1; throw new Error('no');"),
          errorConfig: { errorHandlerType: 'ignore' },
        },
        show,
      ),
      sync(
        'Big',
        bigAt('instanceState'),
        bigAt('crossFlowState'),
        js('Size', 'return { data: context.instanceState.big.length + context.crossFlowState.big.length };'),
      ),
      sync('Read big', js('Size', 'return { data: context.crossFlowState.big?.length ?? 0 };')),
      sync(
        'Hidden',
        js(
          'Hide',
          'const at = trigger.results.body.data.at; context[at] = context[at] ?? {}; context[at].extra = 1; return { data: 1 };',
        ),
      ),
      sync('Computed', js('Read', 'return { data: context[trigger.results.body.data.at] };')),
      sync('Rest', js('Read', 'const { logger, ...rest } = context; return { data: rest };')),
      sync('None', js('Plain', 'return { data: 1 };'), step('Note', 'log.writeLog', { message: value('x') })),
      {
        name: 'Wait',
        steps: [
          js('First', "return { data: 1, executionState: { a: 1 }, crossFlowState: { waited: 'yes' } };"),
          js('Second', "return { data: 1, executionState: { b: 'x'.repeat(100000) } };"),
          js(
            'Third',
            'context.executionState.c = Object.keys(context.executionState).length; return { data: 1 };',
          ),
          step('Sleep', 'sleep.sleep', { ms: value('2500') }),
          show,
        ],
      },
      sync(
        'Keep',
        js(
          'Put',
          `const secret = context.configVars['API Secret']; context.executionState.own = secret;
        context.instanceState.list = [secret]; return { data: secret, crossFlowState: { token: { value: secret } } };`,
        ),
        js(
          'Compare',
          `const secret = context.configVars['API Secret'];
        return { data: [context.executionState.own, ...context.instanceState.list, context.crossFlowState.token.value].map((one) => one === secret) };`,
        ),
      ),
      sync(
        'Use',
        js(
          'Compare',
          "const { token } = context.crossFlowState; return { data: [token.value === context.configVars['API Secret'], token] };",
        ),
      ),
      {
        name: 'Grow',
        steps: [
          step(
            'Loop',
            'loop.loopNTimes',
            { iterationCount: value('8') },
            {
              steps: [
                js(
                  'Append',
                  "return { data: 1, executionState: { list: [...(context.executionState.list ?? []), 'x'.repeat(70000)] } };",
                ),
              ],
            },
          ),
        ],
      },
    ] as never,
    { requiredConfigVars: [stringVar('API Secret')] },
  );

describe('state', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system?.stop());

  const anInstance = (secret = 'none') =>
    aDeployedInstance(system.deps, system.ctx, {
      definition: DEFINITION(`States ${randomUUID()}`),
      configVariables: [{ key: 'API Secret', value: secret }],
    });
  const call = async (subject: DeployedInstance, flow: string, body: unknown = {}) => {
    const response = await fetch(subject.webhooks[flow]!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      body: (await response.json()) as Record<string, Record<string, unknown>>,
    };
  };
  const shown = async (subject: DeployedInstance, flow: string, body?: unknown) =>
    (await call(subject, flow, body)).body;
  const EMPTY = Object.fromEntries(LEVELS.map((level) => [level, {}]));
  const recordsOf = (executionId: string) =>
    system.deps.store.stepResults.find({ executionId }).sort({ ordinal: 1 }).lean<StepResult[]>();
  const run = async (subject: DeployedInstance, flow: string): Promise<Execution> => {
    const id = await deliver(subject.webhooks[flow]!, {});
    return until('the end', () =>
      system.deps.store.executions.findOne({ _id: id, phase: 'ended' }).lean<Execution>(),
    );
  };

  test('is kept at each level for whom it is, and seen by the next step at once', async () => {
    const subject = await anInstance();
    const file = { type: 'Buffer', data: [...Buffer.from('f')] };
    const integrationState = { at: [5], file };
    expect(await shown(subject, 'Count')).toEqual({
      executionState: { own: true },
      instanceState: { count: 1 },
      crossFlowState: { list: ['count'] },
      integrationState,
    });
    expect(await shown(subject, 'Count')).toMatchObject({
      instanceState: { count: 2 },
      crossFlowState: { list: ['count', 'count'] },
    });
    // Another flow: the level with the name of the instance is a flow's.
    expect(await shown(subject, 'Look')).toEqual({
      ...EMPTY,
      crossFlowState: { list: ['count', 'count'] },
      integrationState,
    });
  });

  test('keeps other keys under returned ones; undefined and delete remove, also what is nested counts', async () => {
    const subject = await anInstance();
    await call(subject, 'Add', { crossFlowState: { a: 1, b: { c: 1 } } });
    await call(subject, 'Add', { crossFlowState: { b: { d: 2 } } });
    expect(await shown(subject, 'Look')).toMatchObject({ crossFlowState: { a: 1, b: { d: 2 } } });
    await call(subject, 'Nested');
    expect(await shown(subject, 'Nested')).toMatchObject({ instanceState: { deep: { list: [1, 1] } } });
    const { store } = system.deps;
    await call(subject, 'Add', { instanceState: { gone: 1 } });
    expect(await store.states.countDocuments({ instanceId: subject.instanceId })).toBe(3);
  });

  test('of a run that failed, and of a step that failed, is as it was before', async () => {
    const subject = await anInstance();
    expect((await call(subject, 'Fail')).status).toBe(502);
    expect(await shown(subject, 'Ignore')).toEqual(EMPTY);
    const ignored = await system.deps.store.stepResults
      .findOne({ instanceId: subject.instanceId, stepName: 'Throw', 'error.message': /no/ })
      .sort({ endedAt: -1 })
      .lean<StepResult>();
    const { data, ...rest } = decodeOutput(ignored!.output!);
    expect([data, rest]).toEqual([undefined, { failed: true, error: ignored!.error }]);
    expect(await shown(subject, 'Look')).toEqual(EMPTY);
    expect(await system.deps.store.states.countDocuments({ instanceId: subject.instanceId })).toBe(0);
  });

  test('is journaled with the step that changed it, and a run that waited goes on with it', async () => {
    const subject = await anInstance();
    const execution = await run(subject, 'Wait');
    expect(execution).toMatchObject({ status: 'SUCCESS', epoch: 2 });
    const records = await recordsOf(execution._id);
    expect(
      records.map(({ stepName, states, statesBlobId }) => [stepName, !!states || !!statesBlobId]),
    ).toEqual([
      ['Trigger', false],
      ['First', true],
      ['Second', true],
      ['Third', true],
      ['Sleep', false],
      ['Show', false],
    ]);
    expect(await shown(subject, 'Look')).toMatchObject({ crossFlowState: { waited: 'yes' } });
  });

  test('over 64 KB is a blob, of which one is left; over 64 MB together it is the step’s error', async () => {
    const subject = await anInstance();
    const { store } = system.deps;
    expect((await call(subject, 'Big', { mb: 1 })).body).toBe(2 * 1048576);
    expect((await call(subject, 'Big', { mb: 2 })).body).toBe(4 * 1048576);
    expect((await call(subject, 'Read big')).body).toBe(2 * 1048576);
    const stored = await store.states.find({ instanceId: subject.instanceId }).lean();
    expect(stored.map(({ blobId, data }) => [blobId !== null, data])).toEqual([
      [true, null],
      [true, null],
    ]);
    const files = store.connection.db!.collection('blobs.files');
    const owned = { 'metadata.instanceId': subject.instanceId, 'metadata.executionId': { $exists: false } };
    expect(await files.countDocuments(owned)).toBe(2);
    const tooMuch = await call(subject, 'Big', { mb: 33 });
    expect(tooMuch).toMatchObject({
      status: 502,
      body: { detail: expect.stringMatching(/larger than 64 MB/) },
    });
    expect((await call(subject, 'Read big')).body).toBe(2 * 1048576);
    const grown = await run(subject, 'Grow');
    const blobs = await until('old states to go', async () => {
      const count = await files.countDocuments({ 'metadata.executionId': grown._id });
      return count === 1 && [count];
    });
    expect(blobs).toEqual([1]);
  });

  test('gives secrets back as they were, in the run and in later ones, and keeps them where nobody reads them', async () => {
    const secret = `tk${randomUUID()}`;
    const subject = await anInstance(secret);
    expect((await call(subject, 'Keep')).body).toEqual([true, true, true]);
    // What a step gives is masked, wherever it has it from.
    expect((await call(subject, 'Use')).body).toEqual([true, { value: '[redacted]' }]);
    const db = system.deps.store.connection.db!;
    const { instanceId } = subject;
    for (const name of ['states', 'step_results']) {
      const documents = await db.collection(name).find({ instanceId }, { raw: true }).toArray();
      expect([name, documents.length > 1]).toEqual([name, true]);
      expect([name, findSecret(Buffer.concat(documents as unknown as Buffer[]), secret)]).toEqual([name, []]);
    }
  });

  test('of a former release, which lies readable, is read as ever', async () => {
    const subject = await anInstance();
    const { store } = system.deps;
    await call(subject, 'Add', { crossFlowState: { kept: 1 } });
    const data = encodeState({ former: { deep: [1] } });
    await store.states.updateOne(
      { _id: `instance:${subject.instanceId}` },
      { $set: { data, bytes: data.length } },
    );
    expect(await shown(subject, 'Look')).toMatchObject({ crossFlowState: { former: { deep: [1] } } });
    await call(subject, 'Add', { crossFlowState: { kept: 2 } });
    expect(await shown(subject, 'Look')).toMatchObject({
      crossFlowState: { former: { deep: [1] }, kept: 2 },
    });
  });

  test('costs a flow that uses none no record, and is not lost on code that hides what it uses', async () => {
    const subject = await anInstance();
    const { store } = system.deps;
    await call(subject, 'Add', { crossFlowState: { kept: 1 } });
    await call(subject, 'None');
    const [record] = await store.executions.find({ flowName: 'None', instanceId: subject.instanceId }).lean();
    for (const { states, statesBlobId } of await recordsOf(record!._id))
      expect([states, statesBlobId]).toEqual([null, null]);
    await call(subject, 'Hidden', { at: 'crossFlowState' });
    expect(await shown(subject, 'Look')).toMatchObject({ crossFlowState: { kept: 1, extra: 1 } });
  });

  test('is read also by a name that is computed, and among the rest of the context', async () => {
    const subject = await anInstance();
    await call(subject, 'Add', { crossFlowState: { kept: 1 } });
    expect(await shown(subject, 'Computed', { at: 'crossFlowState' })).toEqual({ kept: 1 });
    expect(await shown(subject, 'Rest')).toMatchObject({ crossFlowState: { kept: 1 } });
  });
});
