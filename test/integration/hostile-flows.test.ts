import { code, definition, step, template, value } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const DEFINITION = definition('Hostile flows', [
  {
    name: 'Echo',
    isSynchronous: true,
    steps: [
      code(
        'Echo',
        'module.exports = async (c, { trigger }) => ({ data: typeof trigger.results.body.data });',
      ),
    ],
  },
  {
    name: 'Bad state',
    isSynchronous: true,
    steps: [
      code(
        'Spoil',
        'module.exports = async (context) => { context.executionState.a = { b: 1n }; return { data: 1 }; };',
      ),
    ],
  },
  {
    name: 'Huge list',
    isSynchronous: true,
    steps: [code('List', 'module.exports = async () => { const a = []; a[1e8] = 1; return { data: a }; };')],
  },
  {
    name: 'Huge text',
    isSynchronous: true,
    steps: [code('Text', "module.exports = async () => ({ data: 'x'.repeat(60 * 1024 * 1024) });")],
  },
  {
    name: 'Pollute',
    isSynchronous: true,
    steps: [
      code(
        'Patch',
        "module.exports = async () => { Array.prototype.map = () => ['pwned']; return { data: 1 }; };",
      ),
    ],
  },
  { name: 'Endless sleep', steps: [step('Sleep', 'sleep.sleep', { ms: value('1000000000000000000') })] },
  {
    name: 'Tries',
    steps: [
      {
        ...code(
          'Try',
          `module.exports = async ({ attempt, executionState }) => {
          executionState.attempts = [...(executionState.attempts ?? []), attempt];
          if (attempt < 3) throw new Error('not yet');
          return { data: attempt };
        };`,
        ),
        errorConfig: {
          errorHandlerType: 'retry',
          maxAttempts: 3,
          delaySeconds: 0,
          usesExponentialBackoff: false,
          ignoreFinalError: false,
        },
      },
      step('Note', 'log.writeLog', { level: value('info'), message: template('took {{$try.results}}') }),
    ],
  },
]);

describe('flows that do what they should not', () => {
  let system: System;
  let subject: DeployedInstance;

  beforeAll(async () => {
    system = await startSystem();
    subject = await aDeployedInstance(system.deps, system.ctx, { definition: DEFINITION });
  });
  afterAll(() => system?.stop());

  const call = async (flow: string, body = '{}') => {
    const response = await fetch(subject.webhooks[flow]!, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    return { status: response.status, text: await response.text() };
  };
  const ended = (flowName: string) =>
    until(`the end of ${flowName}`, () =>
      system.deps.store.executions.findOne({ flowName, phase: 'ended' }).lean(),
    );

  test('a body nested 20,000 deep is text to the flow, and the worker goes on', async () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect(await call('Echo', deep)).toEqual({ status: 200, text: '"string"' });
    expect(await call('Echo', '[[["a"]]]')).toEqual({ status: 200, text: '"object"' });
  });

  test.each([
    ['Bad state', 'cannot be stored'],
    ['Huge list', 'too many objects'],
    ['Huge text', 'larger than 50 MB'],
  ])('%s is the step’s own error, once, and not a fault that is tried again', async (flow, message) => {
    const answer = await call(flow);
    expect(answer.status).toBe(502);
    expect(answer.text).toContain(message);
    const execution = await ended(flow);
    expect(execution).toMatchObject({ status: 'ERROR', epoch: 1, error: { code: 'component_error' } });
    expect(await call('Echo')).toMatchObject({ status: 200 });
  });

  test('a step that changes a built-in object spoils its own process only', async () => {
    await call('Pollute');
    for (let again = 0; again < 5; again += 1)
      expect(await call('Echo', '[1]')).toMatchObject({ status: 200, text: '"object"' });
  });

  test('a sleep beyond a year is refused when it is reached', async () => {
    expect((await call('Endless sleep')).status).toBe(200);
    expect(await ended('Endless sleep')).toMatchObject({ status: 'ERROR', error: { stepName: 'Sleep' } });
  });

  test('a step that is tried again is told its attempt', async () => {
    expect((await call('Tries')).status).toBe(200);
    const execution = await ended('Tries');
    expect(execution.status).toBe('SUCCESS');
    const line = await system.deps.store.logs
      .findOne({ executionId: execution._id, message: 'took 3' })
      .lean();
    expect(line).not.toBeNull();
    const record = await system.deps.store.stepResults
      .findOne({ executionId: execution._id, stepKey: 'try' })
      .lean();
    expect(record?.attempt).toBe(3);
  });
});
